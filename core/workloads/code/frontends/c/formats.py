"""Format strings of printf and scanf, taken apart."""

import re
from dataclasses import dataclass

_DIRECTIVE = re.compile(rb"%([-+ #0]*)(\*|[0-9]+)?(?:\.(\*|[0-9]*))?(hh|h|ll|l|z|j|t|L)?(.?)", re.DOTALL)
PRINTED = frozenset("diouxXcsfFeEgGp%")
SCANNED = frozenset("diouxXcsfFeEgGn%[")
STAR = -2
"""The width or precision is an argument."""


@dataclass(frozen=True, slots=True)
class Directive:
    """One `%…`: `width` and `precision` are -1 where there is none; `at` counts bytes of the format."""

    flags: str
    width: int
    precision: int
    length: str
    conversion: str
    at: int
    written: str

    @property
    def is_plain(self) -> bool:
        """Whether it is without flags, width and precision."""
        return not self.flags and self.width == -1 and self.precision == -1


def parse_print(data: bytes) -> list[bytes | Directive]:
    """Split a format of printf into text and directives, in order; `%%` is text."""
    parts: list[bytes | Directive] = []
    at = 0
    while at < len(data):
        place = data.find(b"%", at)
        if place < 0:
            place = len(data)
        if place > at:
            _append(parts, data[at:place])
        if place == len(data):
            break
        match = _DIRECTIVE.match(data, place)
        assert match is not None
        if match[5] == b"%":
            _append(parts, b"%")
        else:
            parts.append(_directive(match))
        at = match.end()
    return parts


def _append(parts: list[bytes | Directive], text: bytes) -> None:
    if parts and isinstance(parts[-1], bytes):
        parts[-1] += text
    else:
        parts.append(text)


def _directive(match: re.Match[bytes]) -> Directive:
    flags, width, precision, length, conversion = match.groups()
    return Directive(
        flags.decode(),
        -1 if width is None else STAR if width == b"*" else int(width),
        -1 if precision is None else STAR if precision == b"*" else int(precision or 0),
        (length or b"").decode(),
        conversion.decode("latin-1"),
        match.start(),
        match[0].decode("latin-1"),
    )


_SCAN = re.compile(rb"%(\*)?([0-9]+)?(hh|h|ll|l|z|j|t|L)?(\[\^?\]?[^\]]*\]|.?)", re.DOTALL)


def parse_scan(data: bytes) -> list[Directive]:
    """List the directives of a format of scanf that take an argument."""
    found = []
    for match in _SCAN.finditer(data):
        ignored, width, length, conversion = match.groups()
        if ignored or conversion == b"%":
            continue
        letter = conversion[:1].decode("latin-1")
        written = match[0].decode("latin-1")
        found.append(Directive("", int(width or -1), -1, (length or b"").decode(), letter, match.start(), written))
    return found
