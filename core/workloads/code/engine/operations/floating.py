"""This file is about the float unit, an anachronism: words that hold binary64 images, every result bit-exact."""

import math
from collections.abc import Callable

from core.workloads.code.engine import floats
from core.workloads.code.engine.cards import Card
from core.workloads.code.engine.floats import from_image, to_image
from core.workloads.code.engine.machine import Machine
from core.workloads.code.engine.operations.base import Action, Form, Operation
from core.workloads.code.engine.operations.jumps import UNORDERED
from core.workloads.code.engine.timing import FLOATING
from core.workloads.code.engine.traps import Trap


def _of_two(meaning: str, compute: Callable[[float, float], float]) -> Action:
    def act(machine: Machine, card: Card) -> None:
        first, second = from_image(machine.registers[card.s]), from_image(machine.operand(card))
        machine.registers[card.r] = to_image(compute(first, second))

    act.__doc__ = meaning
    return act


def _compare(machine: Machine, card: Card) -> None:
    """Compare r with x as floats; where one is no number, of all conditions only NE holds."""
    first, second = from_image(machine.registers[card.r]), from_image(machine.operand(card))
    if math.isnan(first) or math.isnan(second):
        machine.compare = UNORDERED
    else:
        machine.compare = (first > second) - (first < second)


def _from_whole(machine: Machine, card: Card) -> None:
    """r ← the float nearest to the whole number x."""
    machine.registers[card.r] = to_image(float(machine.operand(card)))


def _to_whole(machine: Machine, card: Card) -> None:
    """r ← the whole part of the float x, towards zero."""
    machine.registers[card.r] = floats.whole(from_image(machine.operand(card)))


def _root(machine: Machine, card: Card) -> None:
    """r ← the square root of the float x."""
    machine.registers[card.r] = to_image(floats.root(from_image(machine.operand(card))))


def _digits(machine: Machine, card: Card) -> None:
    """r ← the float s × 10^x as a whole number, rounded exactly, half to even."""
    machine.registers[card.r] = floats.scaled_digits(from_image(machine.registers[card.s]), machine.operand(card))


def _exponent(machine: Machine, card: Card) -> None:
    """r ← the decimal exponent e of the float x: 10^e ≤ |x| < 10^(e+1); 0 for zero."""
    machine.registers[card.r] = floats.decimal_exponent(from_image(machine.operand(card)))


def _shortest(machine: Machine, card: Card) -> None:
    """r and A′ ← the fewest digits, and the e, for which r × 10^e reads back as the float x; the sign of −0 is lost."""
    machine.registers[card.r], machine.upper = floats.shortest(from_image(machine.operand(card)))


def _from_decimal(machine: Machine, card: Card) -> None:
    """r ← the float nearest to s × 10^x."""
    machine.registers[card.r] = to_image(floats.from_decimal(machine.registers[card.s], machine.operand(card)))


_BAD = (Trap.BAD_FLOAT,)
_BOTH = (Trap.BAD_FLOAT, Trap.OVERFLOW)


def _unit(code: int, name: str, form: Form, act: Action, traps: tuple[Trap, ...] = _BAD) -> Operation:
    return Operation(code, name, form, act, traps, FLOATING.seconds, anachronism=True)


OPERATIONS = (
    _unit(71, "FAD", Form.R_S_X, _of_two("r ← s + x, of floats.", lambda s, x: s + x)),
    _unit(72, "FSU", Form.R_S_X, _of_two("r ← s − x, of floats.", lambda s, x: s - x)),
    _unit(73, "FMU", Form.R_S_X, _of_two("r ← s × x, of floats.", lambda s, x: s * x)),
    _unit(74, "FDI", Form.R_S_X, _of_two("r ← s ÷ x, of floats, as IEEE 754 has it: no trap.", floats.divide)),
    _unit(
        75, "FMO", Form.R_S_X, _of_two("r ← what the floats s ÷ x, towards zero, leave: C's fmod.", floats.remainder)
    ),
    _unit(76, "FPW", Form.R_S_X, _of_two("r ← s to the power of x, of floats: C's pow.", floats.power)),
    _unit(77, "FCM", Form.R_X, _compare),
    _unit(78, "ITF", Form.R_X, _from_whole, ()),
    _unit(79, "FTI", Form.R_X, _to_whole, _BOTH),
    _unit(80, "FSQ", Form.R_X, _root),
    _unit(81, "FDX", Form.R_S_X, _digits, _BOTH),
    _unit(82, "FEX", Form.R_X, _exponent),
    _unit(83, "FSH", Form.R_X, _shortest),
    _unit(84, "FMK", Form.R_S_X, _from_decimal, ()),
)
