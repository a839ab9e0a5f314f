"""The language of equations: what it means, and what is told of what it cannot mean."""

import math
import sys
from typing import Any

import numpy as np
import pytest

from core.workloads.simulation.expressions.compiling import Program, Register
from core.workloads.simulation.expressions.dimensions import Open, Scope, measure
from core.workloads.simulation.expressions.faults import ExpressionFault
from core.workloads.simulation.expressions.functions import FUNCTIONS
from core.workloads.simulation.expressions.parsing import DEEPEST, LONGEST, MOST_WORDS, parse
from core.workloads.simulation.units import UnitUnreadable, read_unit

A, B = 3.0, -0.5
TIME = 2.0


def value(text: str, members: int = 3) -> Any:
    names = {name: Register(np.full(members, number), changes=True) for name, number in (("a", A), ("b", B))}
    names["time"] = Register(np.array([TIME]), changes=True)
    program = Program(members, names, {"curve": (np.array([0.0, 1.0, 3.0]), np.array([1.0, 5.0, 9.0]))})
    with np.errstate(all="ignore"):
        register = program.compile(parse(text))
        for step in (*program.once, *program.each):
            step()
    return register.array[0]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("1 + 2 * 3", 7.0),
        ("(1 + 2) * 3", 9.0),
        ("2 ^ 3 ^ 2", 512.0),
        ("-2 ^ 2", -4.0),
        ("2 ^ -1", 0.5),
        ("8 - 2 - 1", 5.0),
        ("8 / 2 / 2", 2.0),
        ("-a * -b", -1.5),
        ("1.5e1 + .5", 15.5),
        ("a > 2 and b < 0", 1.0),
        ("a > 2 and not b < 0", 0.0),
        ("a < 2 or b < 0 and a == 3", 1.0),
        ("a != 3 or a >= 3", 1.0),
        ("if(a > 2, 10, 20)", 10.0),
        ("if(a > 3, 10, 20 + b)", 19.5),
        ("min(a, b, 7)", -0.5),
        ("max(a, b, 1)", 3.0),
        ("clip(a, 0, 2)", 2.0),
        ("abs(b) + floor(2.9)", 2.5),
        ("sqrt(a + 1) + exp(0) + log(1)", 3.0),
        ("sin(0) + cos(0) + tanh(0)", 1.0),
        ("ratio(a, 2, 9)", 1.5),
        ("ratio(a, 0, 9)", 9.0),
        ("step(4, 2) + step(4, 2.1)", 4.0),
        ("pulse(4, 1, 1) + pulse(4, 1.5, 1)", 4.0),
        ("ramp(3, 1, 9) + ramp(3, 0, 1)", 6.0),
        ("curve(2)", 7.0),
        ("curve(-5) + curve(99)", 10.0),
        ("time", 2.0),
    ],
)
def test_an_equation_means_what_it_says(text: str, wanted: float) -> None:
    assert value(text) == wanted


@pytest.mark.parametrize("text", ["1 / 0", "0 / 0", "log(0)", "sqrt(b)", "b ^ 0.5"])
def test_what_is_not_defined_is_no_finite_number(text: str) -> None:
    assert not math.isfinite(value(text))


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("", 1),
        ("1 +", 4),
        ("1 + * 2", 5),
        ("(1 + 2", 7),
        ("1 2", 3),
        ("a $ b", 3),
        ("a < b < 1", 7),
        ("min(a)", 1),
        ("exp(1, 2)", 1),
        ("if(a, b)", 1),
        ("1e999", 1),
        ("__import__('os')", 12),
        ("a.b", 2),
        ("a[0]", 3),
        ("and", 1),
    ],
)
def test_what_cannot_be_read_is_told_with_its_place(text: str, at: int) -> None:
    with pytest.raises(ExpressionFault, match=f"^At character {at}: "):
        parse(text)


@pytest.mark.parametrize(("opened", "closed"), [("(", ")"), ("-", ""), ("not ", ""), ("abs(", ")"), ("2 ^ ", "")])
def test_nesting_has_a_limit(opened: str, closed: str) -> None:
    parse(opened * DEEPEST + "1" + closed * DEEPEST)
    with pytest.raises(ExpressionFault, match="levels"):
        parse(opened * (DEEPEST + 1) + "1" + closed * (DEEPEST + 1))


def test_length_and_words_have_a_limit() -> None:
    parse("1" + " " * (LONGEST - 1))
    with pytest.raises(ExpressionFault, match="characters"):
        parse("1" + " " * LONGEST)
    longest = "+".join("1" * (MOST_WORDS // 2))
    assert value(longest) == MOST_WORDS // 2
    with pytest.raises(ExpressionFault, match="words"):
        parse(longest + "+1")


def test_the_largest_equation_takes_little_stack() -> None:
    """Whoever reads, measures and compiles it does so deep within a web request."""
    before = sys.getrecursionlimit()
    here = len(__import__("inspect").stack(0))
    sys.setrecursionlimit(here + 500)
    try:
        tree = parse("(" * DEEPEST + "1" + ")" * DEEPEST)
        assert measure(parse("+".join("1" * (MOST_WORDS // 2))), Scope({}, {}, Open.UNKNOWN)) is Open.ANY
    finally:
        sys.setrecursionlimit(before)
    assert tree == parse("1")


def test_equal_parts_are_computed_once() -> None:
    names = {"a": Register(np.ones(2), changes=True), "k": Register(np.ones(1), changes=False)}
    program = Program(2, names, {})
    program.compile(parse("(a * k + k * 2) / (a * k) + k * 2"))
    assert (len(program.once), len(program.each)) == (1, 4)


SCOPE = Scope(
    {
        "people": read_unit("person"),
        "rate": read_unit("1/day"),
        "area": read_unit("m^2"),
        "share": read_unit("1"),
        "bare": Open.UNKNOWN,
        "time": read_unit("day"),
    },
    {"curve": (read_unit("person"), read_unit("1/day"))},
    read_unit("day"),
)


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("people * rate", "person/day"),
        ("people / time - people * rate", "person/day"),
        ("2 * people + 3", "person"),
        ("sqrt(area)", "m"),
        ("area ^ 2 / area", "m^2"),
        ("share ^ 2.5", "1"),
        ("people > 10 and rate < 1", "1"),
        ("if(people > 1, rate, 0)", "1/day"),
        ("ratio(people, time, 0)", "person/day"),
        ("step(people, 3)", "person"),
        ("ramp(rate * people, 1, 2)", "person"),
        ("pulse(rate, time, 2)", "1/day"),
        ("curve(people)", "1/day"),
        ("max(people, 0)", "person"),
    ],
)
def test_units_follow_from_units(text: str, unit: str) -> None:
    assert str(measure(parse(text), SCOPE)) == unit


@pytest.mark.parametrize("text", ["people + bare * rate", "bare ^ 0.5", "bare + 1"])
def test_what_has_no_unit_fits_everywhere(text: str) -> None:
    measure(parse(text), SCOPE)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("people + rate", "person and 1/day do not go together in '+'"),
        ("people > time", "person and day"),
        ("exp(people)", "1 and person"),
        ("if(people, 1, 2)", "1 and person"),
        ("if(share > 0, people, rate)", "person and 1/day"),
        ("min(people, rate)", "person and 1/day"),
        ("people ^ share", "person can only be raised to a whole number"),
        ("2 ^ people", "an exponent is a pure number"),
        ("step(people, people)", "day and person"),
        ("ratio(people, time, people)", "person/day and person"),
        ("curve(rate)", "person and 1/day"),
        ("people and 1", "1 and person"),
    ],
)
def test_units_that_do_not_fit_are_told(text: str, told: str) -> None:
    with pytest.raises(ExpressionFault) as caught:
        measure(parse(text), SCOPE)
    assert told in str(caught.value)


@pytest.mark.parametrize(
    ("text", "written"),
    [("kg*m/s^2", "kg*m/s^2"), ("1", "1"), ("1/day", "1/day"), ("m/m", "1"), ("a / b * c", "a*c/b"), ("s^-1", "1/s")],
)
def test_units_are_read_and_written(text: str, written: str) -> None:
    assert str(read_unit(text)) == written


@pytest.mark.parametrize("text", ["", "person per day", "2", "m^", "/", "m^13", "m//s", "*m*", "m^1.5"])
def test_what_is_no_unit_is_refused(text: str) -> None:
    with pytest.raises(UnitUnreadable):
        read_unit(text)


def test_every_function_is_computed_and_measured() -> None:
    for name, (least, most, _) in FUNCTIONS.items():
        for count in {least, most}:
            text = f"{name}({', '.join('1' * count)})"
            assert math.isfinite(value(text)), text
            measure(parse(text), SCOPE)
