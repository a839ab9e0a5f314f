"""Dead code: results that nothing reads go, unless getting them may trap; so do functions nobody can reach."""

import pytest

from core.workloads.code.ir.builder import FunctionBuilder
from core.workloads.code.ir.module import Module, Reference
from core.workloads.code.ir.types import I32, U32, WORD, Type
from core.workloads.code.passes.dead import drop_functions, drop_results
from tests.unit.workloads.code.ir.making import outcome


@pytest.mark.parametrize(
    ("op", "type_", "args", "left"),
    [
        ("add", U32, (1, 2), 1),
        ("add", I32, (1, 2), 2),
        ("eq", I32, (1, 2), 1),
        ("div", U32, (1, 0), 2),
        ("cast", I32, (5,), 1),
        ("check", I32, (5,), 2),
        ("fdiv", I32, (5, 0), 1),
        ("peek", WORD, (16,), 1),
        ("peek", WORD, (2000,), 2),
    ],
)
def test_a_result_nobody_reads(op: str, type_: Type, args: tuple[int, ...], left: int) -> None:
    module = Module()
    build = FunctionBuilder(module, "main", [], I32)
    build.compute(op, type_, *args)
    build.give_back(0)
    expected = outcome(module)
    drop_results(build.function)
    assert outcome(module) == expected
    assert len(build.function.entry.instructions) == left


def test_results_that_only_dead_ones_read_go_too() -> None:
    module = Module()
    build = FunctionBuilder(module, "main", [], I32)
    first = build.compute("copy", WORD, 5)
    build.compute("eq", I32, build.compute("copy", WORD, first), 5)
    build.service("put_number", [7])
    build.give_back(0)
    drop_results(build.function)
    assert [one.op for one in build.function.entry.instructions] == ["service", "return"]


def test_a_loop_that_feeds_itself_is_kept() -> None:
    module = Module()
    build = FunctionBuilder(module, "main", [], I32)
    count = build.variable(I32, "count", 3)
    build.block("again")
    build.assign(count, build.compute("sub", I32, count, 1))
    build.branch("gt", count, 0, "again", "end")
    build.block("end")
    build.give_back(0)
    expected = outcome(module)
    drop_results(build.function)
    assert outcome(module) == expected


def test_functions_and_globals_that_nothing_mentions_go() -> None:
    module = Module()
    for name in ("called", "pointed", "deep", "lonely"):
        function = FunctionBuilder(module, name, [], I32)
        if name == "called":
            function.call("deep", [], I32)
        function.give_back(0)
    module.place("table", 1, {0: Reference("pointed")})
    module.place("unused", 1, {0: Reference("lonely")})
    build = FunctionBuilder(module, "main", [], I32)
    build.call("called", [], I32)
    build.compute("global", WORD, symbol="table")
    build.give_back(0)
    drop_functions(module, ("main",))
    assert set(module.functions) == {"called", "pointed", "deep", "main"}
    assert set(module.globals) == {"table"}
