"""Small modules that several tests of the IR run."""

from core.workloads.code.ir.builder import FunctionBuilder
from core.workloads.code.ir.instructions import Position
from core.workloads.code.ir.module import Module
from core.workloads.code.ir.types import I32, WORD


def triangle(count: int) -> Module:
    """Sum 1 to `count` in a function of its own, print it, and return its lowest digit."""
    module = Module()
    build = FunctionBuilder(module, "triangle", [("n", I32)], I32, Position(1, 1))
    total = build.variable(I32, "total", 0)
    build.jump("test")
    build.block("test")
    build.branch("gt", build.param(0), 0, "body", "end")
    build.block("body")
    build.here = Position(3, 9)
    build.assign(total, build.compute("add", I32, total, build.param(0)))
    build.assign(build.param(0), build.compute("sub", I32, build.param(0), 1))
    build.jump("test")
    build.block("end")
    build.give_back(total)
    main = FunctionBuilder(module, "main", [], I32)
    result = main.call("triangle", [count], I32)
    assert result is not None
    main.service("put_number", [result])
    main.service("put_byte", [10])
    main.give_back(main.compute("rem", WORD, result, 10))
    return module
