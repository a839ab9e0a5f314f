"""This file is about the Engine's measures and its words: a sign and 50 decimal digits, no negative zero."""

DIGITS = 50
RUN_UP: int = 10**DIGITS
"""The first magnitude that no longer fits a column."""
LARGEST = RUN_UP - 1
STORE_WORDS = 2_000
MAX_CARDS = 20_000
FIRST_FREE = 16
"""Where the assembler lays its first data; V0 to V15 are the run-time library's."""
STACK_GUARD = 16
"""Words that stay free between the heap's end and the stack when the floor is moved."""


def fits(value: int) -> bool:
    """Tell whether a number is a word."""
    return -LARGEST <= value <= LARGEST


def wrap_signed(value: int, bits: int) -> int:
    """Keep the lowest bits, the highest of them being the sign: two's complement."""
    half = 1 << (bits - 1)
    return ((value + half) & ((1 << bits) - 1)) - half


def truncated(dividend: int, divisor: int) -> tuple[int, int]:
    """Divide towards zero; the remainder has the dividend's sign."""
    quotient = abs(dividend) // abs(divisor)
    if (dividend < 0) != (divisor < 0):
        quotient = -quotient
    return quotient, dividend - quotient * divisor
