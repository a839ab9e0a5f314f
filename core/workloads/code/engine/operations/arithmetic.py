"""This file is about the Mill's arithmetic: whole numbers, decimal steps, and keeping a result to so many bits."""

from collections.abc import Callable

from core.workloads.code.engine.cards import Card
from core.workloads.code.engine.machine import Machine
from core.workloads.code.engine.operations.base import MINUTE, Action, Form, Operation
from core.workloads.code.engine.timing import QUOTIENT
from core.workloads.code.engine.traps import Trap, Trapped
from core.workloads.code.engine.words import DIGITS, RUN_UP, fits, truncated, wrap_signed

MOST_BITS = 166
"""Two's complement of so many bits always fits the word."""


def _divisor(value: int) -> int:
    if value == 0:
        raise Trapped(Trap.DIV_ZERO, "division by zero")
    return value


def _leverable(meaning: str, compute: Callable[[int, int], int]) -> Action:
    """Make an action that minds the lever mode."""

    def act(machine: Machine, card: Card) -> None:
        first, second = machine.registers[card.s], machine.operand(card)
        if machine.lever_mode:
            machine.registers[card.r], machine.run_up = _by_lever(compute, first, second)
        else:
            machine.settle(card.r, compute(first, second))

    act.__doc__ = meaning
    return act


def _by_lever(compute: Callable[[int, int], int], first: int, second: int) -> tuple[int, bool]:
    try:
        value = compute(first, second)
    except Trapped:
        return 0, True
    kept = abs(value) % RUN_UP
    return (-kept if value < 0 else kept), not fits(value) or (first >= 0 > value)


_add = _leverable("r ← s + x.", lambda s, x: s + x)
_subtract = _leverable("r ← s − x.", lambda s, x: s - x)
_multiply = _leverable("r ← s × x.", lambda s, x: s * x)
_divide = _leverable("r ← s ÷ x, towards zero.", lambda s, x: truncated(s, _divisor(x))[0])
_remainder = _leverable(
    "r ← what s ÷ x, towards zero, leaves; it has the sign of s.", lambda s, x: truncated(s, _divisor(x))[1]
)


def _negate(machine: Machine, card: Card) -> None:
    """r ← −x."""
    value = -machine.operand(card)
    machine.registers[card.r] = value
    if machine.lever_mode:
        machine.run_up = value < 0


def _absolute(machine: Machine, card: Card) -> None:
    """r ← |x|."""
    machine.registers[card.r] = abs(machine.operand(card))


def _multiply_long(machine: Machine, card: Card) -> None:
    """A′ and r ← the upper and lower 50 digits of s × x, each with the product's sign."""
    product = machine.registers[card.s] * machine.operand(card)
    machine.upper, machine.registers[card.r] = truncated(product, RUN_UP)


def _divide_long(machine: Machine, card: Card) -> None:
    """r ← (A′ × 10^50 + s) ÷ x towards zero, A′ ← what that leaves."""
    dividend = machine.upper * RUN_UP + machine.registers[card.s]
    quotient, remainder = truncated(dividend, _divisor(machine.operand(card)))
    machine.settle(card.r, quotient)
    machine.upper = remainder


def _divide_floor(machine: Machine, card: Card) -> None:
    """r ← s ÷ x, downwards."""
    machine.registers[card.r] = machine.registers[card.s] // _divisor(machine.operand(card))


def _remainder_floor(machine: Machine, card: Card) -> None:
    """r ← what s ÷ x, downwards, leaves; it has the sign of x."""
    machine.registers[card.r] = machine.registers[card.s] % _divisor(machine.operand(card))


def _step_up(machine: Machine, card: Card) -> None:
    """r ← s × 10^x, for x from 0 to 50."""
    machine.settle(card.r, machine.registers[card.s] * 10 ** _steps(machine.operand(card)))


def _step_down(machine: Machine, card: Card) -> None:
    """r ← s ÷ 10^x towards zero, for x from 0 to 50."""
    machine.registers[card.r] = truncated(machine.registers[card.s], 10 ** _steps(machine.operand(card)))[0]


def _steps(count: int) -> int:
    if not 0 <= count <= DIGITS:
        raise Trapped(Trap.OVERFLOW, f"a number cannot be stepped by {count} places; 0 to {DIGITS} can be")
    return count


def _bits(count: int) -> int:
    if not 1 <= count <= MOST_BITS:
        raise Trapped(Trap.BAD_CARD, f"{count} bits are asked for; 1 to {MOST_BITS} can be")
    return count


def _wrap_signed(machine: Machine, card: Card) -> None:
    """r ← s wrapped to n bits of two's complement: −2^(n−1) to 2^(n−1) − 1."""
    machine.registers[card.r] = wrap_signed(machine.registers[card.s], _bits(card.value))


def _wrap_unsigned(machine: Machine, card: Card) -> None:
    """r ← s wrapped to n bits: 0 to 2^n − 1."""
    machine.registers[card.r] = machine.registers[card.s] & ((1 << _bits(card.value)) - 1)


def _check_signed(machine: Machine, card: Card) -> None:
    """r ← s, which must fit n bits of two's complement."""
    value, half = machine.registers[card.s], 1 << (_bits(card.value) - 1)
    if not -half <= value < half:
        raise Trapped(Trap.OVERFLOW, f"signed overflow: {value} does not fit {card.value} bits")
    machine.registers[card.r] = value


def _check_unsigned(machine: Machine, card: Card) -> None:
    """r ← s, which must fit n bits without a sign."""
    value = machine.registers[card.s]
    if not 0 <= value < 1 << _bits(card.value):
        raise Trapped(Trap.OVERFLOW, f"unsigned overflow: {value} does not fit {card.value} bits")
    machine.registers[card.r] = value


_OVERFLOW = (Trap.OVERFLOW,)
_DIVISION = (Trap.DIV_ZERO,)

OPERATIONS = (
    Operation(12, "ADD", Form.R_S_X, _add, _OVERFLOW),
    Operation(13, "SUB", Form.R_S_X, _subtract, _OVERFLOW),
    Operation(14, "MUL", Form.R_S_X, _multiply, _OVERFLOW, MINUTE),
    Operation(15, "DIV", Form.R_S_X, _divide, _DIVISION, QUOTIENT.seconds),
    Operation(16, "REM", Form.R_S_X, _remainder, _DIVISION, QUOTIENT.seconds),
    Operation(17, "NEG", Form.R_X, _negate),
    Operation(18, "ABS", Form.R_X, _absolute),
    Operation(19, "MUW", Form.R_S_X, _multiply_long, (), MINUTE),
    Operation(20, "DVW", Form.R_S_X, _divide_long, (Trap.DIV_ZERO, Trap.OVERFLOW), QUOTIENT.seconds),
    Operation(21, "DVF", Form.R_S_X, _divide_floor, _DIVISION, QUOTIENT.seconds),
    Operation(22, "RMF", Form.R_S_X, _remainder_floor, _DIVISION, QUOTIENT.seconds),
    Operation(23, "SUP", Form.R_S_X, _step_up, _OVERFLOW),
    Operation(24, "SDN", Form.R_S_X, _step_down, _OVERFLOW),
    Operation(25, "WRS", Form.R_S_N, _wrap_signed, (Trap.BAD_CARD,), anachronism=True),
    Operation(26, "WRU", Form.R_S_N, _wrap_unsigned, (Trap.BAD_CARD,), anachronism=True),
    Operation(27, "CKS", Form.R_S_N, _check_signed, (Trap.OVERFLOW, Trap.BAD_CARD), anachronism=True),
    Operation(28, "CKU", Form.R_S_N, _check_unsigned, (Trap.OVERFLOW, Trap.BAD_CARD), anachronism=True),
)
