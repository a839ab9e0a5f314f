"""Inlining: small leaves take the place of their calls, what is large, calls others or has a frame does not."""

import pytest

from core.workloads.code.ir.builder import FunctionBuilder
from core.workloads.code.ir.module import Module
from core.workloads.code.ir.types import I32, WORD
from core.workloads.code.passes.inlining import LARGEST, inline
from tests.unit.workloads.code.ir.making import outcome


def calling_twice(module: Module) -> FunctionBuilder:
    build = FunctionBuilder(module, "main", [], I32)
    first = build.call("callee", [3], I32)
    assert first is not None
    second = build.call("callee", [first], I32)
    assert second is not None
    build.service("put_number", [second])
    build.give_back(first)
    return build


def has_calls(module: Module, build: FunctionBuilder) -> bool:
    expected = outcome(module)
    inline(module, frozenset())
    assert outcome(module) == expected
    return any(one.op == "call" for block in build.function.blocks.values() for one in block.instructions)


@pytest.mark.parametrize("more", [0, 1])
def test_a_leaf_of_just_so_many_instructions(more: int) -> None:
    module = Module()
    callee = FunctionBuilder(module, "callee", [("n", I32)], I32)
    for _ in range(LARGEST - 1 + more):
        callee.assign(callee.param(0), callee.param(0))
    callee.give_back(callee.param(0))
    assert has_calls(module, calling_twice(module)) == bool(more)


def test_a_leaf_with_branches_that_changes_its_parameter() -> None:
    module = Module()
    callee = FunctionBuilder(module, "callee", [("n", I32)], I32)
    callee.branch("gt", callee.param(0), 5, "large", "small")
    callee.block("large")
    callee.give_back(-1)
    callee.block("small")
    callee.assign(callee.param(0), callee.compute("mul", I32, callee.param(0), 2))
    callee.give_back(callee.param(0))
    assert not has_calls(module, calling_twice(module))


@pytest.mark.parametrize("reason", ["calls", "has a slot", "reads the stack"])
def test_what_is_no_leaf_stays(reason: str) -> None:
    module = Module()
    callee = FunctionBuilder(module, "callee", [("n", I32)], I32)
    if reason == "calls":
        callee.branch("gt", callee.param(0), 0, "down", "end")
        callee.block("down")
        callee.call("callee", [callee.compute("sub", I32, callee.param(0), 1)], I32)
        callee.block("end")
    elif reason == "has a slot":
        callee.compute("slot", WORD, symbol=callee.slot("room", 2))
    else:
        callee.compute("stack_top", WORD)
    callee.give_back(callee.param(0))
    assert has_calls(module, calling_twice(module))


def test_a_trap_in_a_leaf_keeps_its_place() -> None:
    module = Module()
    callee = FunctionBuilder(module, "callee", [("n", I32)], I32)
    callee.give_back(callee.compute("div", I32, 12, callee.compute("sub", I32, callee.param(0), 4)))
    assert not has_calls(module, calling_twice(module))


def test_functions_that_are_to_be_kept_are_left_alone() -> None:
    module = Module()
    callee = FunctionBuilder(module, "callee", [("n", I32)], I32)
    callee.give_back(callee.param(0))
    calling_twice(module)
    assert inline(module, frozenset({"main"})) == []
