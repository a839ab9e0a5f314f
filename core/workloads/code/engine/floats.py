"""This file is about binary64 floats in the Store: a word holds the image, 0 to 2^64 − 1, and is bit-exact."""

import math
import struct
from collections.abc import Callable
from fractions import Fraction

from core.workloads.code.engine.traps import Trap, Trapped
from core.workloads.code.engine.words import LARGEST

_FLOAT = struct.Struct("<d")
_IMAGE = struct.Struct("<Q")
_NAN = 0x7FF8000000000000


def from_image(image: int) -> float:
    """Return the float whose image a word holds; raises `Trapped`."""
    try:
        return float(_FLOAT.unpack(_IMAGE.pack(image))[0])
    except struct.error:
        raise Trapped(Trap.BAD_FLOAT, f"{image} is no image of a float") from None


def to_image(value: float) -> int:
    """Return the image of a float; every NaN has the same."""
    return int(_IMAGE.unpack(_FLOAT.pack(value))[0]) if value == value else _NAN  # noqa: PLR0124 - NaN differs from itself


def divide(first: float, second: float) -> float:
    """Divide as IEEE 754 has it: by zero gives an infinity, 0 ÷ 0 no number."""
    if second:
        return first / second
    if first == 0 or math.isnan(first) or math.isnan(second):
        return math.nan
    return math.copysign(math.inf, first) * math.copysign(1.0, second)


def remainder(first: float, second: float) -> float:
    """Return C's fmod: exact, with the sign of the first."""
    if math.isinf(first) or second == 0 or math.isnan(first) or math.isnan(second):
        return math.nan
    return math.fmod(first, second)


def root(value: float) -> float:
    """Return the square root, no number where there is none."""
    return math.sqrt(value) if value >= 0 else math.nan


def power(base: float, exponent: float) -> float:
    """Return C's pow."""
    try:
        return math.pow(base, exponent)
    except OverflowError:
        odd = exponent == int(exponent) and int(exponent) % 2 == 1
        return -math.inf if base < 0 and odd else math.inf
    except ValueError:
        if base == 0:
            odd = exponent == int(exponent) and int(exponent) % 2 == 1
            return math.copysign(math.inf, base) if odd else math.inf
        return math.nan


def whole(value: float) -> int:
    """Return the whole part, towards zero; raises `Trapped` where it is no word."""
    return _word(value, lambda: int(value))


def _word(value: float, compute: Callable[[], int]) -> int:
    if math.isnan(value) or math.isinf(value):
        raise Trapped(Trap.BAD_FLOAT, f"{value} has no whole part")
    result = compute()
    if abs(result) > LARGEST:
        raise Trapped(Trap.OVERFLOW, f"{value} has more than 50 digits before the point")
    return result


def scaled_digits(value: float, places: int) -> int:
    """Return value × 10^places rounded exactly to the nearest whole number, the even one of two."""
    if abs(places) > 400:  # noqa: PLR2004 - beyond any float's digits, so that the power stays small
        raise Trapped(Trap.OVERFLOW, f"{places} decimal places are too many")
    return _word(value, lambda: round(Fraction(value) * Fraction(10) ** places))


def decimal_exponent(value: float) -> int:
    """Return e with 10^e ≤ |value| < 10^(e+1), 0 for zero."""
    if math.isnan(value) or math.isinf(value):
        raise Trapped(Trap.BAD_FLOAT, f"{value} has no decimal exponent")
    if value == 0:
        return 0
    exact = abs(Fraction(value))
    guess = math.floor(math.log10(abs(value)))
    return next(e for e in (guess - 1, guess, guess + 1) if Fraction(10) ** e <= exact < Fraction(10) ** (e + 1))


def shortest(value: float) -> tuple[int, int]:
    """Return (digits, e) with the fewest digits for which digits × 10^e reads back as value; digits has its sign."""
    if math.isnan(value) or math.isinf(value):
        raise Trapped(Trap.BAD_FLOAT, f"{value} has no digits")
    mantissa, _, exponent = repr(value).partition("e")
    before, _, after = mantissa.partition(".")
    after = "" if after == "0" else after
    digits, power_of_ten = int(before + after), int(exponent or 0) - len(after)
    while digits and digits % 10 == 0:
        digits, power_of_ten = digits // 10, power_of_ten + 1
    return digits, power_of_ten


def from_decimal(digits: int, exponent: int) -> float:
    """Return the float nearest to digits × 10^exponent."""
    if abs(exponent) > 1000:  # noqa: PLR2004 - 50 digits and this are beyond any float
        exponent = 1000 if exponent > 0 else -1000
    return float(f"{digits}e{exponent}")
