"""Linear scan: no two registers share a place while both are wanted, whatever the number of the Engine's registers."""

from itertools import combinations

import pytest

from core.workloads.code.backend.allocation import allocate
from core.workloads.code.backend.liveness import Interval, intervals
from core.workloads.code.ir.builder import FunctionBuilder
from core.workloads.code.ir.module import Function, Module
from core.workloads.code.ir.types import WORD
from core.workloads.code.passes.coalescing import coalesce
from tests.unit.workloads.code.ir.making import random_module

NOTHING: frozenset[int] = frozenset()


def functions() -> list[Function]:
    return [function for seed in range(25) for function in random_module(seed).functions.values()]


def overlap(one: Interval, other: Interval) -> bool:
    return one.start <= other.end and other.start <= one.end


@pytest.mark.parametrize("registers", [4, 3, 2, 1, 0])
def test_no_place_is_given_twice_at_once(registers: int) -> None:
    for function in functions():
        allocation = allocate(function, registers, NOTHING, NOTHING)
        assert set(allocation.registers.values()) <= set(range(registers))
        assert all(0 <= home < allocation.words for home in allocation.homes.values())
        for one, other in combinations(intervals(function), 2):
            if overlap(one, other):
                for places in (allocation.registers, allocation.homes):
                    mine, theirs = places.get(one.register.number), places.get(other.register.number)
                    assert mine is None or mine != theirs


@pytest.mark.parametrize("registers", [4, 2, 0])
def test_everything_has_one_place_and_what_lives_through_calls_has_the_frame(registers: int) -> None:
    for function in functions():
        allocation = allocate(function, registers, NOTHING, NOTHING)
        params = {one.number for one in function.params}
        for interval in intervals(function):
            number = interval.register.number
            places = (number in allocation.registers) + (number in allocation.homes)
            assert places == 1 or (places == 0 and number in params)
            assert not (interval.forced and number in allocation.registers)


def test_more_registers_leave_fewer_in_the_frame() -> None:
    for function in functions():
        held = [len(allocate(function, count, NOTHING, NOTHING).registers) for count in range(5)]
        assert held[0] == 0
        assert held == sorted(held)


def test_what_is_used_in_a_loop_wins_the_only_register() -> None:
    build = FunctionBuilder(Module(), "main", [], WORD)
    seldom, often = build.variable(WORD, "seldom", 1), build.variable(WORD, "often", 9)
    build.block("loop")
    build.assign(often, build.compute("sub", WORD, often, 1))
    build.branch("gt", often, 0, "loop", "end")
    build.block("end")
    build.give_back(seldom)
    coalesce(build.function)
    allocation = allocate(build.function, 1, NOTHING, NOTHING)
    assert often.number in allocation.registers
    assert seldom.number in allocation.homes
