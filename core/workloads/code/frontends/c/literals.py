"""What numbers, characters and strings stand for as they are written in C."""

import re

_INTEGER = re.compile(
    r"(?:0[xX](?P<hex>[0-9a-fA-F]+)|0[bB](?P<bin>[01]+)|(?P<oct>0[0-7]*)|(?P<dec>[1-9][0-9]*))(?P<suffix>[uUlL]*)"
)
_FLOAT = re.compile(r"(?:[0-9]+\.[0-9]*|\.[0-9]+|[0-9]+(?=[eE]))(?:[eE][+-]?[0-9]+)?(?P<suffix>[fFlL]?)")
_HEX_FLOAT = re.compile(r"0[xX](?:[0-9a-fA-F]+\.?[0-9a-fA-F]*|\.[0-9a-fA-F]+)[pP][+-]?[0-9]+")
_BASES = {"hex": 16, "bin": 2, "oct": 8, "dec": 10}
_SUFFIXES = frozenset({"", "u", "l", "ul", "lu", "ll", "ull", "llu"})
_ESCAPE = re.compile(r"\\(?:x([0-9a-fA-F]+)|([0-7]{1,3})|(\r?\n)|(.))", re.DOTALL)
_SIMPLE = {
    "n": 10,
    "t": 9,
    "r": 13,
    "0": 0,
    "a": 7,
    "b": 8,
    "f": 12,
    "v": 11,
    "\\": 92,
    "'": 39,
    '"': 34,
    "?": 63,
    "e": 27,
}
_INT_BITS, _LONG_BITS = 31, 63


class BadLiteral(Exception):
    """A literal that stands for nothing: the message, and how it may be written."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


def parse_number(text: str) -> tuple[int, str] | tuple[float, str]:
    """Give the value and the name of its type: int, unsigned int, long, unsigned long or double; raises BadLiteral."""
    match = _INTEGER.fullmatch(text)
    if match is not None:
        return _integer(match)
    match = _FLOAT.fullmatch(text)
    if match is not None:
        suffix = match["suffix"]
        if suffix:
            raise BadLiteral(f"'{text}' is of a type that is not supported", f"leave out the {suffix} for a double")
        return float(text), "double"
    if _HEX_FLOAT.fullmatch(text):
        return float.fromhex(text), "double"
    if re.fullmatch(r"0[0-9]+[uUlL]*", text):
        raise BadLiteral(f"'{text}' begins with 0 and so is octal, where only 0 to 7 are digits", "leave out the 0")
    raise BadLiteral(f"'{text}' is no number", "a name must not begin with a digit" if text[0].isdigit() else "")


def _integer(match: re.Match[str]) -> tuple[int, str]:
    base = match.lastgroup if match.lastgroup in _BASES else next(one for one in _BASES if match[one])
    value, suffix = int(match[base], _BASES[base]), match["suffix"].lower()
    if suffix not in _SUFFIXES:
        raise BadLiteral(f"'{match['suffix']}' cannot follow a number", "u, l, ul, ll and ull can")
    bits = value.bit_length()
    unsigned_allowed = "u" in suffix or base != "dec"
    if "l" not in suffix:
        if bits <= _INT_BITS and "u" not in suffix:
            return value, "int"
        if bits <= _INT_BITS + 1 and unsigned_allowed:
            return value, "unsigned int"
    if bits <= _LONG_BITS and "u" not in suffix:
        return value, "long"
    if bits <= _LONG_BITS + 1 and unsigned_allowed:
        return value, "unsigned long"
    raise BadLiteral(f"{match.group()} does not fit in 64 bits", "the largest is 18446744073709551615u")


def decode(text: str) -> bytes:
    """Give the bytes between the quotes, escapes resolved; raises BadLiteral."""
    body = text[1:-1]
    if "\\" not in body:
        return body.encode()
    out, at = bytearray(), 0
    for match in _ESCAPE.finditer(body):
        out += body[at : match.start()].encode()
        out += _escape(match)
        at = match.end()
    return bytes(out + body[at:].encode())


def _escape(match: re.Match[str]) -> bytes:
    hexadecimal, octal, newline, simple = match.groups()
    if newline:
        return b""
    if simple is not None:
        if simple not in _SIMPLE:
            raise BadLiteral(f"there is no escape sequence \\{simple}", "a backslash itself is written \\\\")
        return bytes((_SIMPLE[simple],))
    value = int(hexadecimal, 16) if hexadecimal else int(octal, 8)
    if value > 0xFF:  # noqa: PLR2004 - what a byte holds
        raise BadLiteral(f"{match.group()} is more than a byte holds", "the largest are \\xff and \\377")
    return bytes((value,))


def character_value(text: str) -> int:
    """Give what a character constant is worth: of several characters, as gcc has it, the last four count."""
    data = decode(text)
    if len(data) == 1:
        return data[0] if data[0] < 0x80 else data[0] - 0x100  # noqa: PLR2004 - char is signed
    value = int.from_bytes(data[-4:], "big")
    return value if value < 1 << _INT_BITS else value - (1 << _INT_BITS + 1)
