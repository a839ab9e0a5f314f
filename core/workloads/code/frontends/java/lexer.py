"""Characters to tokens."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from core.workloads.code.frontends.base import Phase
from core.workloads.code.frontends.java.diagnosing import Report
from core.workloads.code.frontends.java.literals import Malformed, character, number, text, text_block
from core.workloads.code.ir.instructions import Position

KEYWORDS = frozenset(
    [
        "abstract",
        "assert",
        "boolean",
        "break",
        "byte",
        "case",
        "catch",
        "char",
        "class",
        "const",
        "continue",
        "default",
        "do",
        "double",
        "else",
        "enum",
        "extends",
        "final",
        "finally",
        "float",
        "for",
        "goto",
        "if",
        "implements",
        "import",
        "instanceof",
        "int",
        "interface",
        "long",
        "native",
        "new",
        "package",
        "private",
        "protected",
        "public",
        "return",
        "short",
        "static",
        "strictfp",
        "super",
        "switch",
        "synchronized",
        "this",
        "throw",
        "throws",
        "transient",
        "try",
        "void",
        "volatile",
        "while",
        "true",
        "false",
        "null",
    ]
)
_PATTERN = re.compile(
    r"""(?P<space>[ \t\f\n]+|//[^\n]*|/\*.*?\*/)
      | (?P<open>/\*)
      | (?P<name>[^\W\d]\w*|\$\w*)
      | (?P<number>(?:0[xX][\w.]*|(?:\d|\.\d)(?:[eE][+-]\d|[\w.])*))
      | (?P<block>\"\"\"[ \t\f]*\n(?:\\.|(?!\"\"\").)*\"\"\")
      | (?P<string>"(?:\\.|[^"\\\n])*")
      | (?P<char>'(?:\\u+[0-9a-fA-F]{4}|\\[0-7]{1,3}|\\.|[^'\\\n])')
      | (?P<op>->|::|\.\.\.|\+\+|--|&&|\|\||==|!=|<=|>=|<<=|<<|[-+*/%&|^]=|[-+*/%&|^~!<>=?:;,.(){}\[\]@])""",
    re.VERBOSE | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Token:
    """A word of the source. `kind` is name, keyword, int, long, double, char, string, op or end."""

    kind: str
    text: str
    line: int
    column: int
    end_line: int
    end_column: int
    value: object = None

    @property
    def at(self) -> Position:
        """Where it begins."""
        return Position(self.line, self.column)

    @property
    def end(self) -> Position:
        """Where it has ended."""
        return Position(self.end_line, self.end_column)


def tokens(source: str, report: Report) -> Iterator[Token]:
    """Give the tokens, the last one being of the kind `end`."""
    place, line, start = 0, 1, 0
    while place < len(source):
        at = Position(line, place - start + 1)
        match = _PATTERN.match(source, place)
        if match is None or match.lastgroup == "open":
            place = _stray(source, place, at, report)
            continue
        found, kind = match[0], str(match.lastgroup)
        place = match.end()
        if "\n" in found:
            line += found.count("\n")
            start = match.start() + found.rindex("\n") + 1
        if kind != "space":
            yield _token(kind, found, at, Position(line, place - start + 1), report)
    column = len(source) - start + 1
    yield Token("end", "", line, column, line, column)


def _token(kind: str, found: str, at: Position, end: Position, report: Report) -> Token:
    value: object = None
    try:
        if kind == "name" and found in KEYWORDS:
            kind = "keyword"
        elif kind == "number":
            kind, value = number(found)
        elif kind == "string":
            value = text(found[1:-1])
        elif kind == "block":
            kind, value = "string", text_block(found)
        elif kind == "char":
            value = character(found[1:-1])
    except Malformed as wrong:
        report.error(at, wrong.message, wrong.hint, Phase.LEX, end)
        kind, value = ("int", 0) if kind == "number" else (kind if kind == "char" else "string", "")
    return Token(kind, found, at.line, at.column, end.line, end.column, value)


def _stray(source: str, place: int, at: Position, report: Report) -> int:  # noqa: PLR0911 - a case for each
    """Tell of characters that begin no token; gives the place where reading goes on."""
    rest = source[place:]
    line_end = place + len(rest.partition("\n")[0])
    if rest.startswith("/*"):
        report.error(at, "this comment has no end", "close it with */", Phase.LEX)
        return len(source)
    if rest.startswith('"""'):
        report.error(at, 'this text block has no closing """', 'write """ behind its last line', Phase.LEX)
        return len(source)
    if rest[0] == '"':
        report.error(at, "this string has no closing quotation mark", 'write " before the line ends', Phase.LEX)
        return line_end
    if rest[0] == "'":
        found = re.match(r"'(?:\\.|[^'\n])*'", rest)
        if rest.startswith("''"):
            report.error(at, "a character literal holds no character", "write one between the ' marks", Phase.LEX)
            return place + 2
        if found is None:
            report.error(at, "this character literal has no closing '", "write ' behind the character", Phase.LEX)
            return line_end
        hint = f'for a string write "{found[0][1:-1]}"'
        report.error(at, "a character literal holds one character, this one more", hint, Phase.LEX)
        return place + found.end()
    report.error(at, f"the character {rest[0]!r} means nothing in Java", "remove it", Phase.LEX)
    return place + 1
