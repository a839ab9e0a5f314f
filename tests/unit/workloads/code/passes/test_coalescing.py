"""Copy propagation backwards: a result that is only copied on is made where the copy would have taken it."""

from core.workloads.code.ir.builder import FunctionBuilder
from core.workloads.code.ir.instructions import Register
from core.workloads.code.ir.module import Module
from core.workloads.code.ir.types import I32
from core.workloads.code.passes.coalescing import coalesce
from tests.unit.workloads.code.ir.making import outcome


def begun() -> tuple[Module, FunctionBuilder, Register]:
    module = Module()
    build = FunctionBuilder(module, "main", [], I32)
    return module, build, build.variable(I32, "total", 40)


def ops(module: Module, build: FunctionBuilder) -> list[str]:
    expected = outcome(module)
    coalesce(build.function)
    assert outcome(module) == expected
    return [one.op for one in build.function.entry.instructions]


def test_a_sum_goes_to_its_variable_at_once() -> None:
    module, build, total = begun()
    build.assign(total, build.compute("add", I32, total, 2))
    build.give_back(total)
    assert ops(module, build) == ["copy", "add", "return"]


def test_a_variable_read_in_between_keeps_its_value() -> None:
    module, build, total = begun()
    more = build.compute("add", I32, total, 2)
    build.service("put_number", [total])
    build.assign(total, more)
    build.give_back(total)
    assert ops(module, build) == ["copy", "add", "service", "copy", "return"]


def test_a_result_that_is_read_twice_stays() -> None:
    module, build, total = begun()
    more = build.compute("add", I32, total, 2)
    build.assign(total, more)
    build.give_back(more)
    assert ops(module, build) == ["copy", "add", "copy", "return"]
