"""Selection: every operation, in every type and with operands of every sort, becomes cards that do what the IR says."""

import pytest

from core.workloads.code.backend.generation import generate
from core.workloads.code.engine import machine
from core.workloads.code.engine.interpretation import Interpreter as Engine
from core.workloads.code.ir.arithmetic import Trapped, evaluate
from core.workloads.code.ir.builder import FunctionBuilder
from core.workloads.code.ir.instructions import Operand
from core.workloads.code.ir.module import Module
from core.workloads.code.ir.operations import (
    ARITHMETIC,
    BITWISE,
    COMPARISONS,
    FLOAT_ARITHMETIC,
    FLOAT_COMPARISONS,
)
from core.workloads.code.ir.types import F64, I32, TYPES, WORD, Type, float_image
from tests.unit.workloads.code.ir.making import outcome, random_module

INTEGERS = [one for one in TYPES.values() if not one.is_float]
FLOATS = [float_image(one) for one in (0.0, -0.0, 1.5, -7.25, 1e300, float("inf"), float("nan"))]
Case = tuple[str, Type, tuple[int, ...]]


def numbers(type_: Type) -> list[int]:
    ends = [type_.low, type_.low + 1, -7, -1, 0, 1, 2, 31, type_.high - 1, type_.high]
    return list(dict.fromkeys(one for one in ends if type_.holds(one)))


def cases() -> list[Case]:
    found: list[Case] = []
    for type_ in INTEGERS:
        values = numbers(type_)
        found += [(op, type_, (a, b)) for op in (*ARITHMETIC, *BITWISE) for a in values for b in values[::2]]
        found += [(op, type_, (a,)) for op in ("neg", "not", "copy") for a in values]
        found += [(op, type_, (a,)) for op in ("cast", "check") for a in (*values, type_.high + 1, -(2**40))]
    found += [(op, I32, (a, b)) for op in COMPARISONS for a in numbers(I32) for b in numbers(I32)[::2]]
    found += [(op, F64, (a, b)) for op in FLOAT_ARITHMETIC for a in FLOATS for b in FLOATS]
    found += [(op, I32, (a, b)) for op in FLOAT_COMPARISONS for a in FLOATS for b in FLOATS]
    found += [(op, F64, (a,)) for op in ("fneg", "fsqrt") for a in FLOATS]
    found += [("itf", F64, (a,)) for a in numbers(WORD)[1:-1]] + [("fti", WORD, (a,)) for a in FLOATS]
    return [one for one in found if all(abs(arg) < 10**50 for arg in one[2])]


def said_by_the_ir(case: Case) -> int | str:
    try:
        return evaluate(*case)
    except Trapped as trap:
        return trap.code


def said_by_cards(case: Case, constants: int, registers: int) -> int | str:
    """Run one operation; the bits of `constants` say which operands are constants, and not read from the store."""
    op, type_, args = case
    module = Module()
    module.place("given", len(args), dict(enumerate(args)))
    build = FunctionBuilder(module, "main", [], I32)
    base = build.compute("global", WORD, symbol="given")
    operands: list[Operand] = []
    for place, arg in enumerate(args):
        if constants >> place & 1:
            operands.append(arg)
            continue
        register = build.variable(type_ if type_.holds(arg) else WORD, "")
        build.assign(register, build.compute("peek", WORD, base, offset=place))
        operands.append(register)
    build.service("put_number", [build.compute(op, type_, *operands)])
    build.give_back(0)
    engine = machine.start(generate(module, registers))
    trap = Engine(engine).run(1000)
    return trap.trap.value if trap else int(engine.printer.rolls[0])


@pytest.mark.parametrize("constants", [0, 1, 2])
def test_cards_give_what_the_ir_says(constants: int) -> None:
    # A slice of all cases each time, so that each of the three sees others.
    for place, case in enumerate(cases()[constants::7]):
        assert said_by_cards(case, constants, (4, 2, 0)[place % 3]) == said_by_the_ir(case), case


@pytest.mark.deep
@pytest.mark.parametrize("registers", [4, 3, 2, 1, 0])
@pytest.mark.parametrize("constants", [0, 1, 2, 3])
def test_cards_give_what_the_ir_says_in_all_cases(constants: int, registers: int) -> None:
    for case in cases():
        assert said_by_cards(case, constants, registers) == said_by_the_ir(case), case


@pytest.mark.parametrize("registers", [4, 3, 2, 1, 0])
def test_random_modules_do_on_the_engine_what_the_interpreter_does(registers: int) -> None:
    for seed in range(registers, 100, 5):
        module = random_module(seed)
        printed, code, trapped, at = outcome(module)
        engine = machine.start(generate(module, registers))
        trap = Engine(engine).run(1_000_000)
        assert bytes(engine.printer.rolls[0]) == printed
        assert (None if trap else engine.exit_value) == code
        assert (trap.trap.value if trap else "") == trapped
        assert trap is None or at is None or (trap.line, trap.column) == (at.line, at.column)
