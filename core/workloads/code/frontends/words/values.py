"""How values of a program are words: what the words of constants are.

A word below 10^49 is an integer, itself. From there on the first digit says what it is: 1 a reference to an object in
the store, 2 a float, 3 one of a few constants, 4 a function, 5 a string of at most 19 characters, 6 a class.
"""

from core.workloads.code.ir.types import float_image

LIMIT = 10**49
"""Integers are below; larger ones are objects."""
FLOAT = 2 * LIMIT
SPECIAL = 3 * LIMIT
FALSE, TRUE, NONE, UNBOUND, END, NOT_IMPLEMENTED = (SPECIAL + number for number in range(6))
FUNCTION = 4 * LIMIT
STRING = 5 * LIMIT
CLASS = 6 * LIMIT
MOST_INLINE = 19
"""Characters of a string that is a word by itself."""
_LAST_NARROW = 255
REFERENCE = LIMIT + 4142135623730950488016887242096980785696718753769
"""The reference to word 0. No integer that a program computes is likely to look like one."""


def fits_inline(text: str) -> bool:
    """Whether a string is a word by itself."""
    return len(text) <= MOST_INLINE and all(ord(one) <= _LAST_NARROW for one in text)


def inline_string(text: str) -> int:
    """Give the word of a short string: its length, and eight bits a character, the first one lowest."""
    assert fits_inline(text), text
    bits = sum(ord(one) << 8 * place for place, one in enumerate(text))
    return STRING + len(text) + (bits << 5)


def float_word(value: float) -> int:
    """Give the word of a float."""
    return FLOAT + float_image(value)


def packed_string(text: str) -> list[int]:
    """Give the words of a string object: header, then eight or twenty-one bits a character."""
    wide = any(ord(one) > _LAST_NARROW for one in text)
    bits, per_word = (21, 7) if wide else (8, 20)
    chunks = [
        sum(ord(one) << bits * place for place, one in enumerate(text[start : start + per_word]))
        for start in range(0, len(text), per_word)
    ]
    return [2 | len(chunks) + 1 << 5 | len(text) * 2 + wide << 38, *chunks]
