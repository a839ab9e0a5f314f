"""A method as a function of the IR."""

from core.workloads.code.frontends.java import acts, types
from core.workloads.code.frontends.java.lowering.program import Program
from core.workloads.code.frontends.java.lowering.statements import Statements
from core.workloads.code.frontends.java.lowering.writer import Writer
from core.workloads.code.frontends.java.representation import machine
from core.workloads.code.frontends.java.types import ClassInfo, Method
from core.workloads.code.ir.instructions import Position
from core.workloads.code.ir.types import WORD
from core.workloads.code.ir.types import Type as Machine


class Lowering(Statements):
    """Writes one method."""

    def __init__(self, program: Program, method: Method | None, build: Writer, body: acts.Statement) -> None:
        super().__init__(program, method, build, body)
        self.around = []


def lower_method(program: Program, method: Method) -> None:
    """Write the code of a method or constructor."""
    program.body(method)
    body = method.body
    assert body is not None, method
    params: list[tuple[str, Machine]] = [] if method.static else [("this", WORD)]
    params += [(one.name, machine(one.type)) for one in method.variables]
    returns = WORD if method.returns == types.VOID else machine(method.returns)
    at = body.at if not method.owner.library else None
    build = Writer(program.module, program.code_name(method), params, returns, at)
    whole = acts.Block(body.at, [*method.owner.starts, body], body.end) if method.is_constructor else body
    lowering = Lowering(program, method, build, whole)
    if not method.static:
        lowering.this = build.variable_slot("this") if lowering.moving else build.param(0)
        if isinstance(lowering.this, str):
            build.write(lowering.this, build.param(0))
    for place, one in enumerate(method.variables):
        lowering.declare(one, build.param(place + (not method.static)))
    if method.is_constructor and method.owner.superclass is None:
        build.give_back(0)
        return
    lowering.statement(body)
    build.give_back(0)


def lower_starts(program: Program, info: ClassInfo, name: str, flag: str) -> None:
    """Write what a class does before it is used."""
    at = info.static_starts[0].at if not info.library else None
    build = Writer(program.module, name, [], WORD, at)
    build.poke(build.compute("global", WORD, symbol=flag), 1)
    whole = acts.Block(at or Position(1, 1), list(info.static_starts), at or Position(1, 1))
    method = Method("<clinit>", info, [], types.VOID, frozenset({"static"}))
    lowering = Lowering(program, method, build, whole)
    if info.superclass is not None:
        lowering.begin(info.superclass.of)
    lowering.statement(whole)
    build.give_back(0)
