"""This file is about which cards can be read: their fields fit the operation's form, their numbers the columns."""

from collections.abc import Iterator

from core.workloads.code.engine.cards import MEMORY, REGISTERS, SMALL, Card, Mode, Program
from core.workloads.code.engine.operations.arithmetic import MOST_BITS
from core.workloads.code.engine.operations.base import Form, Operation
from core.workloads.code.engine.table import BY_NAME
from core.workloads.code.engine.words import DIGITS, MAX_CARDS, STORE_WORDS, fits

RANGES: dict[str, tuple[int, int]] = {
    "LEV": (0, 1),
    "SEL": (0, 1),
    "MRW": (0, 1),
    "MOP": (1, 4),
    "MSU": (0, 2 * DIGITS),
    "MSD": (0, 2 * DIGITS),
    "MAN": (0, SMALL - 1),
    "MPI": (0, SMALL - 1),
    "TRP": (0, SMALL - 1),
    "ENT": (0, STORE_WORDS - 1),
    "LVE": (0, STORE_WORDS - 1),
    "ADS": (-STORE_WORDS, STORE_WORDS),
    **dict.fromkeys(("WRS", "WRU", "CKS", "CKU"), (1, MOST_BITS)),
}
"""What n may be, of operations that are no jumps."""
_VALUES = {Mode.NONE: (0, 0), Mode.REGISTER: (0, len(REGISTERS) - 1), Mode.STORE: (0, STORE_WORDS - 1)}


class BadCard(Exception):
    """A card that the Engine cannot read."""

    def __init__(self, number: int, fault: str) -> None:
        super().__init__(f"card {number}: {fault}")
        self.number = number
        self.fault = fault


def verify(program: Program) -> None:
    """Raise `BadCard` at the first card that cannot be read, or where the chain or the data are too long."""
    for number, fault in faults(program):
        raise BadCard(number, fault)


def faults(program: Program) -> Iterator[tuple[int, str]]:
    """Yield each card's number with what is wrong with it."""
    count = len(program.cards)
    if count > MAX_CARDS:
        yield MAX_CARDS, f"the chain has {count} cards; {MAX_CARDS} can be hung"
    for number, card in enumerate(program.cards):
        fault = card_fault(card, count)
        if fault is not None:
            yield number, fault
    for address, word in program.words.items():
        if not 0 <= address < STORE_WORDS or not fits(word):
            yield count, f"the word {word} cannot be laid into V{address}"
    if not 0 <= program.floor <= STORE_WORDS:
        yield count, f"the stack's floor cannot be V{program.floor}"


def card_fault(card: Card, cards: int) -> str | None:
    """Return what is wrong with one card of a chain of so many, None when nothing is."""
    operation = BY_NAME.get(card.op)
    if operation is None:
        return f"there is no operation {card.op}"
    return _registers_fault(card, operation) or _operand_fault(card, operation) or _range_fault(card, operation, cards)


def allowed_modes(form: Form) -> frozenset[Mode]:
    """Return the modes that a form's operand may have."""
    fields = form.split()
    if "x" in fields:
        return MEMORY | {Mode.REGISTER, Mode.SMALL, Mode.NUMBER}
    if "m" in fields:
        return MEMORY
    return frozenset({Mode.SMALL}) if "n" in fields else frozenset({Mode.NONE})


def _registers_fault(card: Card, operation: Operation) -> str | None:
    fields = operation.form.split()
    for name, number in (("r", card.r), ("s", card.s)):
        if not 0 <= number < (len(REGISTERS) if name in fields else 1):
            return f"{operation.name} has no register of the number {number} as {name}"
    return None


def _operand_fault(card: Card, operation: Operation) -> str | None:
    if card.mode not in allowed_modes(operation.form):
        return f"{operation.name} cannot take an operand of mode {card.mode.name}"
    if card.mode is Mode.NUMBER:
        return None if fits(card.value) and abs(card.value) >= SMALL else f"{card.value} belongs on no number card"
    lowest, highest = _VALUES.get(card.mode, (1 - SMALL, SMALL - 1))
    if card.mode is Mode.FRAME:
        lowest = 0
    return (
        None if lowest <= card.value <= highest else f"the operand {card.value} is not between {lowest} and {highest}"
    )


def _range_fault(card: Card, operation: Operation, cards: int) -> str | None:
    lowest, highest = RANGES.get(operation.name, (None, None))
    if operation.jumps and card.mode is Mode.SMALL:
        lowest, highest = 0, cards - 1
    if lowest is None or highest is None or lowest <= card.value <= highest:
        return None
    return f"{operation.name} takes a number from {lowest} to {highest}, not {card.value}"
