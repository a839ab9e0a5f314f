"""This file is about what passes in and out: printers, reader, card punch, bell."""

from core.workloads.code.engine.cards import Card
from core.workloads.code.engine.machine import Machine
from core.workloads.code.engine.operations.base import Form, Operation
from core.workloads.code.engine.traps import Trap, Trapped

_LAST_CHARACTER = 0x10FFFF
_SURROGATES = range(0xD800, 0xE000)
_BYTES = range(256)


def _print_number(machine: Machine, card: Card) -> None:
    """Print x as a decimal number, with a minus sign if it is negative, and nothing around it."""
    machine.printer.put(str(machine.operand(card)).encode())


def _print_character(machine: Machine, card: Card) -> None:
    """Print the character whose Unicode number is x, as UTF-8."""
    machine.printer.put(encoded(machine.operand(card)))


def _print_byte(machine: Machine, card: Card) -> None:
    """Print the byte x."""
    value = machine.operand(card)
    if value not in _BYTES:
        raise Trapped(Trap.BAD_CHARACTER, f"{value} is no byte")
    machine.printer.put(bytes((value,)))


def _read_number(machine: Machine, card: Card) -> None:
    """r ← the next number of the input, which white space ends."""
    machine.registers[card.r] = machine.reader.number()


def _read_character(machine: Machine, card: Card) -> None:
    """r ← the Unicode number of the next character of the input, −1 at its end."""
    machine.registers[card.r] = machine.reader.character()


def _read_byte(machine: Machine, card: Card) -> None:
    """r ← the next byte of the input, −1 at its end."""
    machine.registers[card.r] = machine.reader.byte()


def _punch(machine: Machine, card: Card) -> None:
    """Punch x on a number card."""
    machine.printer.punch(machine.operand(card))


def _ring(machine: Machine, card: Card) -> None:
    """Ring the bell."""
    machine.printer.rung += 1


def _select(machine: Machine, card: Card) -> None:
    """Print on roll n from now on: 0 is the reader's (stdout), 1 the attendant's (stderr)."""
    machine.printer.selected = 1 if card.value else 0


def encoded(character: int) -> bytes:
    """Write one character as UTF-8; raises `Trapped` where there is none of that number."""
    if not 0 <= character <= _LAST_CHARACTER or character in _SURROGATES:
        raise Trapped(Trap.BAD_CHARACTER, f"there is no character of the number {character}")
    return chr(character).encode()


_OUTPUT = (Trap.OUTPUT_LIMIT,)

OPERATIONS = (
    Operation(62, "PRN", Form.X, _print_number, _OUTPUT),
    Operation(63, "PRC", Form.X, _print_character, (Trap.BAD_CHARACTER, Trap.OUTPUT_LIMIT), anachronism=True),
    Operation(64, "PRB", Form.X, _print_byte, (Trap.BAD_CHARACTER, Trap.OUTPUT_LIMIT), anachronism=True),
    Operation(65, "RDN", Form.R, _read_number, (Trap.INPUT_EXHAUSTED, Trap.BAD_INPUT, Trap.OVERFLOW)),
    Operation(66, "RDC", Form.R, _read_character, anachronism=True),
    Operation(67, "RDB", Form.R, _read_byte, anachronism=True),
    Operation(68, "PUN", Form.X, _punch, _OUTPUT),
    Operation(69, "BEL", Form.NOTHING, _ring),
    Operation(70, "SEL", Form.N, _select, anachronism=True),
)
