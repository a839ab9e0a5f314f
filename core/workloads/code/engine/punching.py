"""This file is about cards as they are punched: fixed digit columns, one hole in each, so that damage is noticed.

An operation card has 13 columns: operation (3), register r, register s, mode, sign, operand (6). A number card hangs at
an operation card of mode 3 and has 51: sign and 50 digits. A sign is 0 for +, 1 for −. A column is ten places, of which
exactly one is a hole; any other number of holes is a damaged card.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from core.workloads.code.engine.cards import Card, Mode
from core.workloads.code.engine.table import BY_CODE, BY_NAME
from core.workloads.code.engine.validation import BadCard
from core.workloads.code.engine.words import DIGITS

COLUMNS = 13
_OPERATION = 3
NUMBER_COLUMNS = 1 + DIGITS
PLACES = 10


@dataclass(frozen=True, slots=True)
class Punched:
    """One card as digits: 13, or 64 with the number card that hangs at it."""

    digits: str

    @property
    def image(self) -> int:
        """Its holes as bits: column after column from the top, in each column bit d is the hole for the digit d."""
        image = 0
        for digit in self.digits:
            image = image << PLACES | 1 << int(digit)
        return image

    @property
    def hex(self) -> str:
        """Its holes in hexadecimal, a quarter of 10 × columns digits, rounded up."""
        return f"{self.image:0{-(-len(self.digits) * PLACES // 4)}x}"


def punch(card: Card) -> Punched:
    """Write a card as digits."""
    long = card.mode is Mode.NUMBER
    sign, magnitude = int(card.value < 0), abs(card.value)
    operand = "0000000" if long else f"{sign}{magnitude:06d}"
    hanging = f"{sign}{magnitude:0{DIGITS}d}" if long else ""
    return Punched(f"{BY_NAME[card.op].code:03d}{card.r}{card.s}{card.mode:d}{operand}{hanging}")


def read(digits: str, number: int = 0, *, line: int = 0, column: int = 0) -> Card:
    """Read a card's digits back; raises `BadCard` (of that number) where they are none."""
    if len(digits) not in (COLUMNS, COLUMNS + NUMBER_COLUMNS) or not (digits.isascii() and digits.isdecimal()):
        raise BadCard(number, f"a card has {COLUMNS} columns, or {COLUMNS + NUMBER_COLUMNS} with its number card")
    operation = BY_CODE.get(int(digits[:_OPERATION]))
    if operation is None:
        raise BadCard(number, f"there is no operation of the code {digits[:_OPERATION]}")
    r, s, mode = int(digits[3]), int(digits[4]), Mode(int(digits[5]))
    if (mode is Mode.NUMBER) != (len(digits) > COLUMNS):
        raise BadCard(number, "a number card hangs at cards of mode 3, and only there")
    written = digits[COLUMNS:] if mode is Mode.NUMBER else digits[6:COLUMNS]
    if written[0] not in "01" or (written[0] == "1" and int(written[1:]) == 0):
        raise BadCard(number, f"{written[0]} is no sign of {written[1:].lstrip('0') or '0'}")
    value = -int(written[1:]) if written[0] == "1" else int(written[1:])
    card = Card(operation.name, r, s, mode, value, line, column)
    if punch(card).digits != digits:
        raise BadCard(number, "the operand columns of a card with a number card are not empty")
    return card


def read_image(image: int, columns: int, number: int = 0) -> Card:
    """Read holes back; raises `BadCard` naming the first column that has not exactly one."""
    digits = []
    for column in range(columns):
        holes = image >> PLACES * (columns - 1 - column) & (1 << PLACES) - 1
        if holes.bit_count() != 1:
            raise BadCard(number, f"column {column + 1} is damaged: it has {holes.bit_count()} holes, not one")
        digits.append(str(holes.bit_length() - 1))
    if image >> PLACES * columns:
        raise BadCard(number, f"the card has more than {columns} columns")
    return read("".join(digits), number)


def machine_code(cards: Sequence[Card]) -> Iterator[dict[str, object]]:
    """Yield each card as results show it: number, digits, holes in hexadecimal, source line."""
    for number, card in enumerate(cards):
        punched = punch(card)
        yield {"card": number, "digits": punched.digits, "image": punched.hex, "line": card.line}
