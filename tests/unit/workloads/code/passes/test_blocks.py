"""Tidying: jumps to jumps are threaded, blocks nothing reaches go, blocks with one way in are joined."""

from core.workloads.code.ir.builder import FunctionBuilder
from core.workloads.code.ir.module import Module
from core.workloads.code.ir.types import I32
from core.workloads.code.passes.blocks import tidy
from tests.unit.workloads.code.ir.making import outcome


def labels(module: Module, build: FunctionBuilder) -> list[str]:
    expected = outcome(module)
    tidy(build.function)
    assert outcome(module) == expected
    return list(build.function.blocks)


def test_a_chain_of_jumps_is_one_block() -> None:
    module = Module()
    build = FunctionBuilder(module, "main", [], I32)
    for label in ("a", "b", "c"):
        build.jump(label)
        build.block(label)
    build.service("put_number", [1])
    build.give_back(0)
    assert labels(module, build) == ["entry"]


def test_what_nothing_reaches_goes() -> None:
    module = Module()
    build = FunctionBuilder(module, "main", [], I32)
    build.give_back(0)
    build.block("island")
    build.jump("island")
    assert labels(module, build) == ["entry"]


def test_a_branch_whose_ways_meet_is_a_jump() -> None:
    module = Module()
    build = FunctionBuilder(module, "main", [], I32)
    build.branch("eq", 1, 1, "left", "right")
    for label in ("left", "right"):
        build.block(label)
        build.jump("end")
    build.block("end")
    build.give_back(3)
    assert labels(module, build) == ["entry"]


def test_a_loop_of_nothing_stays_a_loop() -> None:
    module = Module()
    build = FunctionBuilder(module, "main", [], I32)
    build.branch("eq", 1, 2, "around", "end")
    build.block("around")
    build.jump("and")
    build.block("and")
    build.jump("around")
    build.block("end")
    build.give_back(0)
    found = labels(module, build)
    assert found[0] == "entry"
    assert len(found) == 3
