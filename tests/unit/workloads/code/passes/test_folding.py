"""Folding: constants and copies are carried forward, constant operations are done, traps stay where they are."""

import pytest

from core.workloads.code.ir.builder import FunctionBuilder
from core.workloads.code.ir.instructions import Instruction
from core.workloads.code.ir.module import Module
from core.workloads.code.ir.types import I32, S32, U8, U32, WORD, Type
from core.workloads.code.passes.folding import fold
from tests.unit.workloads.code.ir.making import outcome


def folded(build: FunctionBuilder, module: Module) -> list[Instruction]:
    expected = outcome(module)
    fold(build.function)
    assert outcome(module) == expected
    return [one for block in build.function.blocks.values() for one in block.instructions]


def test_sums_of_constants_are_constants() -> None:
    module = Module()
    build = FunctionBuilder(module, "main", [], I32)
    six = build.compute("mul", I32, build.compute("add", I32, 1, 2), 2)
    build.give_back(six)
    *made, end = folded(build, module)
    assert [one.op for one in made] == ["copy", "copy"]
    assert end.args == (6,)


@pytest.mark.parametrize(
    ("op", "type_", "args"), [("add", I32, (2**31 - 1, 1)), ("div", U32, (1, 0)), ("shl", S32, (1, 32))]
)
def test_what_would_trap_is_left_to_trap(op: str, type_: Type, args: tuple[int, int]) -> None:
    module = Module()
    build = FunctionBuilder(module, "main", [], I32)
    build.compute(op, type_, *args)
    build.give_back(0)
    assert folded(build, module)[0].op == op


def test_wrapping_types_wrap_as_they_are_folded() -> None:
    module = Module()
    build = FunctionBuilder(module, "main", [], I32)
    build.give_back(build.compute("add", U8, 250, 10))
    assert folded(build, module)[-1].args == (4,)


def test_a_copy_is_read_instead_until_its_source_changes() -> None:
    module = Module()
    build = FunctionBuilder(module, "main", [], I32)
    source = build.service("get_byte", [], I32)
    assert source is not None
    copy = build.compute("copy", I32, source)
    early = build.compute("add", I32, copy, 1)
    build.assign(source, 5)
    late = build.compute("add", I32, copy, early)
    build.give_back(late)
    instructions = folded(build, module)
    assert instructions[2].args == (source, 1)
    assert instructions[4].args == (copy, early)


def test_a_decided_branch_is_a_jump() -> None:
    module = Module()
    build = FunctionBuilder(module, "main", [], I32)
    build.branch("lt", 3, 2, "then", "else")
    build.block("then")
    build.give_back(1)
    build.block("else")
    build.switch(7, {6: "then", 7: "seven"}, "then")
    build.block("seven")
    build.give_back(7)
    jumps = [one for one in folded(build, module) if one.op == "jump"]
    assert [one.targets for one in jumps] == [("else",), ("seven",)]


def test_an_address_and_a_constant_become_an_offset() -> None:
    module = Module()
    module.place("table", 3, {2: 42})
    build = FunctionBuilder(module, "main", [], I32)
    base = build.compute("global", WORD, symbol="table")
    build.give_back(build.compute("peek", WORD, build.compute("add", WORD, base, 2)))
    peek = folded(build, module)[-2]
    assert (peek.args, peek.offset) == ((base,), 2)


def test_a_power_of_two_is_a_shift_and_a_neutral_operand_a_copy() -> None:
    module = Module()
    build = FunctionBuilder(module, "main", [], I32)
    byte = build.service("get_byte", [], I32)
    assert byte is not None
    product = build.compute("mul", I32, byte, 8)
    build.give_back(build.compute("add", I32, 0, product))
    _, shift, copy, _ = folded(build, module)
    assert (shift.op, shift.args) == ("shl", (byte, 3))
    assert (copy.op, copy.args) == ("copy", (product,))
