"""Liveness: an interval covers every place where its register is wanted, by the definition of being wanted."""

from core.workloads.code.backend.liveness import CALLS, intervals
from core.workloads.code.ir.instructions import Instruction
from core.workloads.code.ir.module import Function
from core.workloads.code.passes.pipeline import shorten
from tests.unit.workloads.code.ir.making import random_module


def laid_out(function: Function) -> tuple[list[Instruction], list[list[int]]]:
    """Give all instructions in their order, and for each those that may be executed next."""
    firsts: dict[str, int] = {}
    instructions: list[Instruction] = []
    for block in function.blocks.values():
        firsts[block.label] = len(instructions)
        instructions += block.instructions
    return instructions, [
        [firsts[label] for label in one.targets] if one.operation.ends else [place + 1]
        for place, one in enumerate(instructions)
    ]


def wanted_before(number: int, instructions: list[Instruction], following: list[list[int]]) -> set[int]:
    """List the instructions before which a register is wanted: a way leads from there to a read, and writes nothing."""
    reading = {place for place, one in enumerate(instructions) if any(one.number == number for one in one.reads())}
    writing = {place for place, one in enumerate(instructions) if one.dest is not None and one.dest.number == number}
    found, grown = set(reading), True
    while grown:
        more = {
            place
            for place, after in enumerate(following)
            if place not in found and place not in writing and any(one in found for one in after)
        }
        found |= more
        grown = bool(more)
    return found


def checked(function: Function) -> int:
    instructions, following = laid_out(function)
    calls = [place for place, one in enumerate(instructions) if one.op in CALLS]
    params = {one.number for one in function.params}
    for interval in intervals(function):
        number = interval.register.number
        wanted = {2 * place for place in wanted_before(number, instructions, following)}
        writes = {
            2 * place + 1
            for place, one in enumerate(instructions)
            if one.dest is not None and one.dest.number == number
        }
        places = wanted | writes | ({0} if number in params else set())
        assert interval.start <= min(places)
        assert max(places) <= interval.end
        through = [place for place in calls if 2 * place in wanted and 2 * place + 2 in wanted]
        assert interval.forced or not through, "a register that lives through a call must lie in the frame"
    return len(instructions)


def test_intervals_cover_where_registers_are_wanted() -> None:
    for seed in range(25):
        for function in random_module(seed).functions.values():
            checked(function)
            shorten(function)
            assert checked(function)


def test_every_register_has_one_interval_and_they_come_in_the_order_of_their_starts() -> None:
    for seed in range(25):
        for function in random_module(seed).functions.values():
            found = intervals(function)
            assert [one.start for one in found] == sorted(one.start for one in found)
            numbers = [one.register.number for one in found]
            assert len(numbers) == len(set(numbers))
