"""This file is about the Mill's arithmetic in Python's words: whatever is no word, or divides by zero, leaves."""

from collections.abc import Iterator

from core.workloads.code.engine.accelerated.terms import Known, Phrase, operand, within
from core.workloads.code.engine.cards import REGISTERS, Card, Mode
from core.workloads.code.engine.words import LARGEST

MOST_BITS = 160
"""Numbers of so many bits stay words under the bit unit's operations."""


def _sum(sign: str) -> Phrase:
    def phrase(card: Card, known: Known) -> Iterator[str]:
        term, first = operand(card, known), REGISTERS[card.s]
        yield from term.before
        bound = known.bound(first) + term.bound
        name = REGISTERS[card.r]
        if bound <= LARGEST:
            yield f"{name} = {first} {sign} {term.text}"
        else:
            yield f"x = {first} {sign} {term.text}"
            yield _sum_check(card, sign)
            yield f"{name} = x"
        known.learn(name, bound, natural=sign == "+" and first in known.natural and term.natural)

    return phrase


def _sum_check(card: Card, sign: str) -> str:
    """Write the cheapest check of a sum: only one end can be passed by a number of known sign."""
    if card.mode in (Mode.SMALL, Mode.NUMBER):
        grows = (card.value >= 0) == (sign == "+")
        return f"if x > {LARGEST}: raise leave" if grows else f"if x < {-LARGEST}: raise leave"
    return f"if not {-LARGEST} <= x <= {LARGEST}: raise leave"


def _multiply(card: Card, known: Known) -> Iterator[str]:
    term, first, name = operand(card, known), REGISTERS[card.s], REGISTERS[card.r]
    yield from term.before
    bound = known.bound(first) * term.bound
    yield f"x = {first} * {term.text}"
    check = within(bound)
    if check:
        yield check
    yield f"{name} = x"
    known.learn(name, bound, natural=first in known.natural and term.natural)


def _quotient(card: Card, known: Known) -> Iterator[str]:
    term, first, name = operand(card, known), REGISTERS[card.s], REGISTERS[card.r]
    yield from term.before
    yield f"x = {term.text}"
    yield f"{name} = {first} // x if ({first} >= 0) == (x > 0) else -(-{first} // x)"
    known.learn(name, known.bound(first))


def _remainder(card: Card, known: Known) -> Iterator[str]:
    term, first, name = operand(card, known), REGISTERS[card.s], REGISTERS[card.r]
    yield from term.before
    yield f"x = {term.text}"
    quotient = f"{first} // x if ({first} >= 0) == (x > 0) else -(-{first} // x)"
    yield f"{name} = {first} % x if {first} >= 0 < x else {first} - x * ({quotient})"
    known.learn(name, known.bound(first))


def _downwards(sign: str) -> Phrase:
    def phrase(card: Card, known: Known) -> Iterator[str]:
        term, name = operand(card, known), REGISTERS[card.r]
        yield from term.before
        yield f"{name} = {REGISTERS[card.s]} {sign} {term.text}"
        known.learn(name, natural=sign == "%" and term.natural)

    return phrase


def _of_bits(sign: str) -> Phrase:
    def phrase(card: Card, known: Known) -> Iterator[str]:
        term, first, name = operand(card, known), REGISTERS[card.s], REGISTERS[card.r]
        yield from term.before
        bound = 2 * max(known.bound(first), term.bound)
        yield f"x = {first} {sign} {term.text}"
        if bound >> MOST_BITS:
            yield f"if not {-LARGEST} <= x <= {LARGEST}: raise leave"
        yield f"{name} = x"
        known.learn(name, bound, natural=first in known.natural and term.natural)

    return phrase


def _negate(card: Card, known: Known) -> Iterator[str]:
    term, name = operand(card, known), REGISTERS[card.r]
    yield from term.before
    yield f"{name} = -{term.text}"
    known.learn(name, term.bound)


def _absolute(card: Card, known: Known) -> Iterator[str]:
    term, name = operand(card, known), REGISTERS[card.r]
    yield from term.before
    yield f"{name} = abs({term.text})"
    known.learn(name, term.bound, natural=True)


def _wrap(card: Card, known: Known) -> Iterator[str]:
    yield from wrapped(card, known, REGISTERS[card.s], checked=True)


def wrapped(card: Card, known: Known, value: str, *, checked: bool) -> Iterator[str]:
    """Write WRS or WRU of a value that is a word if it is checked, else a sum or product."""
    name, bits = REGISTERS[card.r], card.value
    outside = "" if checked else f"if not {-LARGEST} <= {value} <= {LARGEST}: raise leave"
    if card.op == "WRS":
        half = 1 << (bits - 1)
        yield f"if {-half} <= {value} <= {half - 1}: {name} = {value}"
        yield "else:"
        if outside:
            yield f"    {outside}"
        yield f"    {name} = ({value} + {half} & {(1 << bits) - 1}) - {half}"
        known.learn(name, half)
    else:
        yield f"if 0 <= {value} <= {(1 << bits) - 1}: {name} = {value}"
        yield "else:"
        if outside:
            yield f"    {outside}"
        yield f"    {name} = {value} & {(1 << bits) - 1}"
        known.learn(name, 1 << bits, natural=True)


def _check(card: Card, known: Known) -> Iterator[str]:
    yield from checked(card, known, REGISTERS[card.s])


def checked(card: Card, known: Known, value: str) -> Iterator[str]:
    """Write CKS or CKU of a value."""
    name, bits = REGISTERS[card.r], card.value
    lowest, highest = (-(1 << (bits - 1)), (1 << (bits - 1)) - 1) if card.op == "CKS" else (0, (1 << bits) - 1)
    yield f"if not {lowest} <= {value} <= {highest}: raise leave"
    if name != value:
        yield f"{name} = {value}"
    known.learn(name, max(-lowest, highest), natural=card.op == "CKU")


def _shift(sign: str) -> Phrase:
    def phrase(card: Card, known: Known) -> Iterator[str]:
        first, name = REGISTERS[card.s], REGISTERS[card.r]
        yield f"x = {first} {sign} {card.value}"
        bound = known.bound(first) << card.value if sign == "<<" else known.bound(first)
        check = within(bound)
        if check:
            yield check
        yield f"{name} = x"
        known.learn(name, bound, natural=first in known.natural)

    return phrase


SHIFTS: dict[str, Phrase] = {"SHL": _shift("<<"), "SHR": _shift(">>")}
"""Of shifts by a number on the card that is not negative; others are left to the table's action."""

ARITHMETIC: dict[str, Phrase] = {
    "ADD": _sum("+"),
    "SUB": _sum("-"),
    "MUL": _multiply,
    "DIV": _quotient,
    "REM": _remainder,
    "DVF": _downwards("//"),
    "RMF": _downwards("%"),
    "NEG": _negate,
    "ABS": _absolute,
    "WRS": _wrap,
    "WRU": _wrap,
    "CKS": _check,
    "CKU": _check,
    "AND": _of_bits("&"),
    "OR": _of_bits("|"),
    "XOR": _of_bits("^"),
}
