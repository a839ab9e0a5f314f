"""Tokens of a Scheme source: parentheses, quotes, names, numbers, strings and characters, each with its place."""

import re
from collections.abc import Iterator

from core.workloads.code.frontends.base import Phase
from core.workloads.code.frontends.lisp.data import Token
from core.workloads.code.frontends.lisp.diagnosing import Report
from core.workloads.code.ir.instructions import Position

_TOKEN = re.compile(
    r"""(?P<space>[ \t\n\f\r]+|;[^\n]*)
    |(?P<comment>\#\|)
    |(?P<datum_comment>\#;)
    |(?P<open>\#\(|[(\[])
    |(?P<close>[)\]])
    |(?P<quote>'|`|,@|,)
    |(?P<string>"(?:[^"\\]|\\.)*")
    |(?P<unended>")
    |(?P<char>\#\\(?:x[0-9A-Fa-f]+(?![A-Za-z])|[A-Za-z]+|.))
    |(?P<barred>\|[^|\n]*\|)
    |(?P<word>[^\s()\[\]"';`,|]+)
    |(?P<strange>.)""",
    re.VERBOSE | re.DOTALL,
)
_NESTED = re.compile(r"#\||\|#")


class Places:
    """Finds lines and columns; asked in the order of the source."""

    def __init__(self, source: str) -> None:
        self._source, self._at, self._line, self._start = source, 0, 1, 0

    def of(self, offset: int) -> Position:
        """Give the place of an offset that is not before the last one."""
        count = self._source.count("\n", self._at, offset)
        if count:
            self._line += count
            self._start = self._source.rfind("\n", 0, offset) + 1
        self._at = offset
        return Position(self._line, offset - self._start + 1)


def tokens(source: str, report: Report) -> Iterator[Token]:
    """Yield the tokens; what is none is reported and left out."""
    places, offset = Places(source), 0
    while offset < len(source):
        match = _TOKEN.match(source, offset)
        assert match is not None
        at, kind, end = places.of(offset), str(match.lastgroup), match.end()
        if kind == "comment":
            end = _comment_end(source, offset)
            if end < 0:
                report.error(
                    at, "this comment has no end", "close it with |#, once for each #| within", phase=Phase.LEX
                )
                return
        elif kind == "unended":
            report.error(
                at,
                "this string has no closing quotation mark",
                'end it with ", and write \\" for a quotation mark within',
                phase=Phase.LEX,
            )
            return
        elif kind == "strange":
            report.error(at, f"{match[0]!r} begins nothing here", "take it out", phase=Phase.LEX)
        elif kind != "space":
            yield Token(kind, match[0], at, places.of(end))
        offset = end


def _comment_end(source: str, offset: int) -> int:
    depth, at = 0, offset
    while match := _NESTED.search(source, at):
        depth += 1 if match[0] == "#|" else -1
        at = match.end()
        if depth == 0:
            return at
    return -1
