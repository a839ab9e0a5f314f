"""What literals stand for: numbers, characters, strings and text blocks."""

import re

_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "s": " ", "0": "\0", '"': '"', "'": "'", "\\": "\\"}
_ESCAPE = re.compile(r"\\(u+[0-9a-fA-F]{4}|[0-7]{1,3}|.)", re.DOTALL)
_INTEGER = re.compile(r"(0[xX][0-9a-fA-F_]+|0[bB][01_]+|[0-9][0-9_]*)([lL]?)")
_DOUBLE = re.compile(r"(?:[0-9][0-9_]*\.?[0-9_]*|\.[0-9][0-9_]*)(?:[eE][+-]?[0-9_]+)?([dDfF]?)")
_LAST_CHARACTER = 0xFFFF
_BITS = {"int": 32, "long": 64}
LONGEST_NUMBER = 400
"""More digits are not read at all."""


class Malformed(Exception):
    """A literal that stands for nothing."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.message, self.hint = message, hint


def number(found: str) -> tuple[str, int | float]:
    """Give the kind, `int`, `long` or `double`, and the value; 2^31 and 2^63 stand for themselves, to be negated."""
    whole = _INTEGER.fullmatch(found)
    if whole is not None and not found.endswith("_"):
        return _integer(whole[1].replace("_", ""), "long" if whole[2] else "int")
    fraction = _DOUBLE.fullmatch(found)
    if fraction is None:
        raise Malformed(f"{found} is no number", "a number has digits; a name begins with a letter")
    if fraction[1] and fraction[1] in "fF":
        raise Malformed("float is not supported here", f"use double: write {found[:-1]}")
    return "double", float(found.rstrip("dD").replace("_", ""))


def _integer(digits: str, kind: str) -> tuple[str, int]:
    bits = _BITS[kind]
    if len(digits) > LONGEST_NUMBER:
        raise Malformed(f"this number has {len(digits)} digits", "no integer type of Java is as large")
    if digits[:2] in ("0x", "0X", "0b", "0B"):
        value = int(digits, 0)
        if value >= 1 << bits:
            raise Malformed(f"{digits} does not fit {bits} bits", "write L behind it to make it a long")
        return kind, value - (1 << bits) if value >> (bits - 1) else value
    if len(digits) > 1 and digits[0] == "0":
        if re.search("[89]", digits):
            raise Malformed(f"{digits} has a digit that octal numbers lack", "a number with 0 in front is octal")
        value = int(digits, 8)
    else:
        value = int(digits)
    if value > 1 << (bits - 1):
        hint = "write L behind it to make it a long" if kind == "int" else "no integer type of Java is as large"
        raise Malformed(f"the number {digits} is too large for {kind}", hint)
    return kind, value


def character(inside: str) -> str:
    """Give the character that a literal holds."""
    return text(inside)


def text(inside: str) -> str:
    """Give the characters that a string literal holds."""
    found = _ESCAPE.sub(_unescaped, inside)
    if any(ord(one) > _LAST_CHARACTER for one in found):
        raise Malformed("characters beyond U+FFFF are not supported here", "use one with a smaller number")
    return found


def _unescaped(match: re.Match[str]) -> str:
    code = match[1]
    if code[0] == "u" and len(code) > 1:
        return chr(int(code.lstrip("u"), 16))
    if code.isdigit() and not re.search("[89]", code):
        return chr(int(code, 8))
    if code == "\n":
        return ""
    if code not in _ESCAPES:
        raise Malformed(f"\\{code} means nothing in a string", "a backslash itself is written \\\\")
    return _ESCAPES[code]


def text_block(found: str) -> str:
    """Give the characters of a text block, without the indentation that all lines share."""
    lines = found[3:-3].split("\n")[1:]
    counted = [one for one in lines[:-1] if one.strip()] + lines[-1:]
    margin = min((len(one) - len(one.lstrip(" \t")) for one in counted), default=0)
    return text("\n".join(one[margin:].rstrip(" \t") for one in lines))
