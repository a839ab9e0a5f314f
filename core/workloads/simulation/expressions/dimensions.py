"""Whether an equation's units fit: what is added, compared and chosen between must be alike.

A number as it stands fits beside any unit and is a pure number in products; what has no unit given fits everywhere.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from fractions import Fraction

from core.workloads.simulation.expressions.faults import ExpressionFault
from core.workloads.simulation.expressions.functions import FUNCTIONS, Units
from core.workloads.simulation.expressions.parsing import COMPARISONS
from core.workloads.simulation.expressions.tree import Name, Number, Operation, Tree
from core.workloads.simulation.units import Unit

ONE = Unit()


class Open(Enum):
    """Units that nobody stated."""

    ANY = "a number as it stands"
    UNKNOWN = "something without a unit given"


Measure = Unit | Open
_SIGNS = {"+": Units.ALIKE, "-": Units.ALIKE, "negative": Units.KEPT}
_SIGNS |= dict.fromkeys(COMPARISONS, Units.COMPARED)
_SIGNS |= dict.fromkeys(("and", "or", "not"), Units.LOGIC)


@dataclass(frozen=True, slots=True)
class Scope:
    """The units of what equations speak of."""

    names: Mapping[str, Measure]
    tables: Mapping[str, tuple[Measure, Measure]]
    """Of each table: where one looks, and what is found there."""
    time: Measure


def measure(tree: Tree, scope: Scope) -> Measure:
    """Return an equation's unit; raises `ExpressionFault` where units do not fit."""
    if isinstance(tree, Number):
        return Open.ANY
    if isinstance(tree, Name):
        return scope.names[tree.name]
    assert isinstance(tree, Operation), "arrays are written out before"
    operands = [measure(operand, scope) for operand in tree.operands]
    if tree.operator in scope.tables:
        looked, found = scope.tables[tree.operator]
        _agree(tree, [looked, operands[0]])
        return found
    if tree.operator in {"*", "/"}:
        return _product(tree.operator, *operands)
    if tree.operator == "^":
        return _power(tree, *operands)
    units = _SIGNS.get(tree.operator) or FUNCTIONS[tree.operator][2]
    return _of(tree, units, operands, scope)


def fits(one: Measure, other: Measure) -> bool:
    """Tell whether two units may stand beside each other."""
    return isinstance(one, Open) or isinstance(other, Open) or one == other


def _of(tree: Operation, units: Units, operands: list[Measure], scope: Scope) -> Measure:  # noqa: PLR0911 - a table of rules
    match units:
        case Units.ALIKE:
            return _agree(tree, operands)
        case Units.KEPT:
            return operands[0]
        case Units.ROOT:
            return operands[0].power(Fraction(1, 2)) if isinstance(operands[0], Unit) else operands[0]
        case Units.COMPARED:
            _agree(tree, operands)
            return ONE
        case Units.RATIO | Units.LOGIC:
            _agree(tree, [ONE, *operands])
            return ONE
        case Units.CHOSEN:
            _agree(tree, [ONE, operands[0]])
            return _agree(tree, operands[1:])
        case Units.DIVIDED:
            return _agree(tree, [_product("/", *operands[:2]), operands[2]])
        case Units.RATE:
            _agree(tree, [scope.time, *operands[1:]])
            return operands[0]
        case Units.SLOPE:
            _agree(tree, [scope.time, *operands[1:]])
            return _product("*", operands[0], scope.time)


def _agree(tree: Operation, operands: list[Measure]) -> Measure:
    """Return the unit that all operands have; raises `ExpressionFault` for two that differ."""
    known = [one for one in operands if isinstance(one, Unit)]
    for one in known:
        if one != known[0]:
            raise ExpressionFault(f"{known[0]} and {one} do not go together in {tree.operator!r}.", tree.at)
    if known:
        return known[0]
    return Open.UNKNOWN if Open.UNKNOWN in operands else Open.ANY


def _product(operator: str, left: Measure, right: Measure) -> Measure:
    if Open.UNKNOWN in {left, right}:
        return Open.UNKNOWN
    if left is right is Open.ANY:
        return Open.ANY
    one, other = (ONE if isinstance(each, Open) else each for each in (left, right))
    return one * other if operator == "*" else one / other


def _power(tree: Operation, base: Measure, exponent: Measure) -> Measure:
    if not fits(exponent, ONE):
        raise ExpressionFault(f"an exponent is a pure number, not {exponent}.", tree.at)
    if not isinstance(base, Unit) or base == ONE:
        return base
    power = tree.operands[1]
    if isinstance(power, Number) and power.value == int(power.value):
        return base.power(Fraction(int(power.value)))
    raise ExpressionFault(f"{base} can only be raised to a whole number as it stands.", tree.at)
