"""This file is about how long the Engine would have taken: a few rates, each with the words it rests on.

Source of the rates: Charles Babbage, Passages from the Life of a Philosopher (1864), chapter VIII, p. 123, where with
no part moving faster than forty feet a minute he promises the three figures quoted below. What he gave no figure for is
assumed, and said to be.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rate:
    """How long one card takes, s, and why."""

    name: str
    seconds: int
    basis: str


CARD = Rate(
    "any other card",
    1,
    "sixty additions or subtractions completed and printed in one minute; assumed for transfers, jumps, comparisons, "
    "printing and every other card alike, since none moves more wheels than an addition",
)
PRODUCT = Rate("multiplication", 60, "one multiplication of two numbers, each of fifty figures, in one minute")
QUOTIENT = Rate("division", 60, "one division of a number having 100 places of figures by another of 50 in one minute")
FLOATING = Rate("float unit", 60, "assumed: each of its operations takes a long product or quotient at least")
RATES = (CARD, PRODUCT, QUOTIENT, FLOATING)
