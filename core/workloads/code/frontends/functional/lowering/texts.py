"""Texts of the source: as lists of characters they are made from words that hold many at once."""

from core.workloads.code.frontends.functional.lowering.frames import Frame
from core.workloads.code.ir.instructions import Operand

_NARROW, _WIDE = 8, 21
_LAST_NARROW = 255
_MOST_BITS = 160


def text_value(build: Frame, text: str) -> Operand:
    """Give the list of the text's characters."""
    bits, words = packed(text, backwards=True)
    result: Operand = 0
    for word in reversed(words):
        result = build.routine("characters", word, bits, result)
    return result


def packed(text: str, *, backwards: bool = False) -> tuple[int, list[int]]:
    """Give the bits that a character takes, and words with many each, the first (or, backwards, the last) one lowest.

    Where a character takes 21 bits it is one more than it is, so that none is 0.
    """
    wide = any(ord(one) > _LAST_NARROW or one == "\0" for one in text)
    bits = _WIDE if wide else _NARROW
    size = _MOST_BITS // bits
    chunks = [text[start : start + size] for start in range(0, len(text), size)]
    if backwards:
        chunks = [one[::-1] for one in chunks]
    return bits, [sum((ord(one) + wide) << bits * place for place, one in enumerate(chunk)) for chunk in chunks]
