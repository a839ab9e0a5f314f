"""The types of values in the IR, and how a number is made to fit one.

Every value is one word of the store: a sign and 50 decimal digits. An integer type narrows what a word may hold, and
says what happens to a result outside: a trap (C's signed types, and `word` itself), or wrapping (C's unsigned types,
Java's signed ones). A `f64` is the image of a binary64, an integer from 0 to 2^64 - 1.
"""

import math
import struct
from dataclasses import dataclass

LARGEST_WORD = 10**50 - 1


@dataclass(frozen=True, slots=True)
class Type:
    """What a register may hold: `low <= value <= high`; a result outside traps, unless the type wraps."""

    name: str
    bits: int
    low: int
    high: int
    wraps: bool = False
    is_float: bool = False

    def holds(self, value: int) -> bool:
        """Whether the value is of this type as it stands."""
        return self.low <= value <= self.high

    def wrap(self, value: int) -> int:
        """Take the value modulo 2^bits into the range; a word stays what it is."""
        if self.low <= value <= self.high or not self.bits:
            return value
        value &= (1 << self.bits) - 1
        return value if value <= self.high else value - (1 << self.bits)

    @property
    def size_bytes(self) -> int:
        """Bytes taken in byte-addressed memory; a word, which lies in no byte, counts as the eight of its place."""
        return self.bits // 8 or 8


def _integer(name: str, bits: int, *, signed: bool, wraps: bool) -> Type:
    if signed:
        return Type(name, bits, -(1 << (bits - 1)), (1 << (bits - 1)) - 1, wraps)
    return Type(name, bits, 0, (1 << bits) - 1, wraps)


I8, I16, I32, I64 = (_integer(f"i{bits}", bits, signed=True, wraps=False) for bits in (8, 16, 32, 64))
"""Signed; a result outside traps, as C's undefined behaviour is best shown."""
U8, U16, U32, U64 = (_integer(f"u{bits}", bits, signed=False, wraps=True) for bits in (8, 16, 32, 64))
"""Unsigned; a result outside wraps, as in C."""
S8, S16, S32, S64 = (_integer(f"s{bits}", bits, signed=True, wraps=True) for bits in (8, 16, 32, 64))
"""Signed; a result outside wraps, as in Java."""
WORD = Type("word", 0, -LARGEST_WORD, LARGEST_WORD)
"""All 50 digits: pointers, tagged values, Python's and Lisp's integers."""
F64 = Type("f64", 64, 0, (1 << 64) - 1, is_float=True)

TYPES = {one.name: one for one in (I8, I16, I32, I64, U8, U16, U32, U64, S8, S16, S32, S64, WORD, F64)}


NOT_A_NUMBER = 0x7FF8_0000_0000_0000
"""The one image that computations give for what is no number."""


def float_image(number: float) -> int:
    """Give the word that holds this binary64."""
    if math.isnan(number):
        return NOT_A_NUMBER
    image: int = struct.unpack("<Q", struct.pack("<d", number))[0]
    return image


def image_float(image: int) -> float:
    """Give the binary64 that this word holds."""
    number: float = struct.unpack("<d", struct.pack("<Q", image))[0]
    return number
