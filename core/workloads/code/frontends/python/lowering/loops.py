"""Loops."""

import ast
from collections.abc import Callable
from dataclasses import dataclass, field

from core.workloads.code.frontends.python.lowering.assignments import Assignments
from core.workloads.code.frontends.python.lowering.program import Function, Program
from core.workloads.code.frontends.words.values import END, LIMIT
from core.workloads.code.frontends.words.writing import ValueBuilder
from core.workloads.code.ir.instructions import Operand
from core.workloads.code.ir.types import WORD


@dataclass(slots=True, eq=False)
class Guard:
    """A `try` that the lowering is within: what leaving it early takes."""

    slot: str
    finally_: list[ast.stmt] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class _Loop:
    """Where `continue` and `break` lead, and how many guards were there when the loop began."""

    again: str
    out: str
    guards: int


class Loops(Assignments):
    """The part of a function's lowering that repeats."""

    def __init__(self, program: Program, function: Function, build: ValueBuilder) -> None:
        super().__init__(program, function, build)
        self.loops: list[_Loop] = []
        self.guards: list[Guard] = []
        self.handled = ""
        """Slot of the exception that the present handler was given."""

    def body(self, statements: list[ast.stmt]) -> None:
        """Do one statement after another; `Statements` has it."""
        raise NotImplementedError

    def _while(self, node: ast.While) -> None:
        build = self.build
        head, inside, out = build.label("while"), build.label("body"), build.label("end")
        otherwise = build.label("else") if node.orelse else out
        self.block(head)
        self.note_line(node)
        self.condition(node.test, inside, otherwise)
        self._run_loop(inside, head, out, lambda: self.body(node.body))
        self._else(node.orelse, otherwise, out)

    def _run_loop(self, inside: str, again: str, out: str, body: Callable[[], None]) -> None:
        self.block(inside)
        self.loops.append(_Loop(again, out, len(self.guards)))
        with self.branch():
            body()
        self.loops.pop()
        if self.build.is_open:
            self.build.jump(again)

    def _else(self, orelse: list[ast.stmt], otherwise: str, out: str) -> None:
        if orelse:
            self._continue_in(otherwise)
            with self.branch():
                self.body(orelse)
        self._continue_in(out)

    def _for(self, node: ast.For) -> None:
        self.loop(node.target, node.iter, lambda: self.body(node.body), node.orelse, node)

    def loop(
        self,
        target: ast.expr,
        over: ast.expr,
        body: Callable[[], None],
        orelse: list[ast.stmt] | None = None,
        node: ast.stmt | None = None,
    ) -> None:
        """Run a body for each item of what is gone through."""
        match over:
            case ast.Call(func=ast.Name(id="range"), args=args, keywords=[]) if (
                not self.is_known("range") and 1 <= len(args) <= _RANGE_ARGUMENTS and _step(args)
            ):
                self._count(target, args, body, orelse or [])
            case ast.Call(func=ast.Name(id="enumerate"), args=[inner], keywords=[]) if (
                not self.is_known("enumerate")
                and isinstance(target, ast.Tuple)
                and len(target.elts) == 2  # noqa: PLR2004 - number and item
                and not any(isinstance(one, ast.Starred) for one in [inner, *target.elts])
            ):
                self._iterate(target.elts[1], inner, body, orelse or [], node, target.elts[0])
            case _:
                self._iterate(target, over, body, orelse or [], node)

    def _counter(self, value: Operand) -> tuple[Callable[[], Operand], Callable[[Operand], None]]:
        """Keep a number through a loop, in a register where one lasts."""
        build = self.build
        if build.counts_in_registers and not self.guards_in_function():
            register = build.variable(WORD, "count", value)
            return (lambda: register), (lambda new: build.assign(register, new))
        slot = build.variable_slot("count")
        build.write(slot, value)
        return (lambda: build.read(slot)), (lambda new: build.write(slot, new))

    def guards_in_function(self) -> bool:
        """Whether an exception may lead back into the function, where registers are not what they were."""
        return any(isinstance(one, ast.Try) for one in ast.walk(self.function.node))

    def _count(
        self,
        target: ast.expr,
        args: list[ast.expr],
        body: Callable[[], None],
        orelse: list[ast.stmt],
    ) -> None:
        build = self.build
        nodes = [ast.Constant(0), args[0]] if len(args) == 1 else args[:2]
        step = _step(args)
        kept = [build.keep(self._whole(one)) for one in nodes]
        start, stop = (build.take(one) for one in kept)
        read_stop, _ = self._counter(stop)
        read, write = self._counter(start)
        head, inside = build.label("for"), build.label("body")
        again, out = build.label("next"), build.label("end")
        otherwise = build.label("else") if orelse else out
        self.block(head)
        at = self._register(read())
        build.branch("lt" if step > 0 else "gt", at, read_stop(), inside, otherwise)

        def run() -> None:
            self.assign(target, read())
            body()

        self._run_loop(inside, again, out, run)
        self._continue_in(again)
        if build.is_open:
            write(build.compute("add", WORD, read(), step))
            build.jump(head)
        self._else(orelse, otherwise, out)

    def _whole(self, node: ast.expr) -> Operand:
        value = self.value(node)
        if isinstance(value, int) and value < LIMIT:
            return value
        return self.routine("as_count", value)

    def _iterate(
        self,
        target: ast.expr,
        over: ast.expr,
        body: Callable[[], None],
        orelse: list[ast.stmt],
        node: ast.stmt | None,
        number: ast.expr | None = None,
    ) -> None:
        build = self.build
        slot = build.variable_slot("iterator")
        build.write(slot, self.routine("iterator", self.value(over)))
        read, write = self._counter(0) if number is not None else ((lambda: 0), (lambda _: None))
        head, inside, out = build.label("for"), build.label("body"), build.label("end")
        otherwise = build.label("else") if orelse else out
        self.block(head)
        if node is not None:
            self.note_line(node)
        item = self.routine("next_of", build.read(slot))
        build.branch("eq", item, END, otherwise, inside)

        def run() -> None:
            if number is None:
                self.assign(target, item)
            else:
                kept = build.keep(item)
                self.assign(number, read())
                write(build.compute("add", WORD, read(), 1))
                self.assign(target, build.take(kept))
            body()

        self._run_loop(inside, head, out, run)
        self._else(orelse, otherwise, out)

    def _break(self, _: ast.Break) -> None:
        self._leave_loop(self.loops[-1].out)

    def _continue(self, _: ast.Continue) -> None:
        self._leave_loop(self.loops[-1].again)

    def _leave_loop(self, label: str) -> None:
        loop = self.loops[-1]
        self._leave_guards(loop.guards)
        if self.build.is_open:
            self.build.jump(label)

    def _leave_guards(self, keep: int) -> None:
        """Take guards away from the innermost on, and do what is to be done finally."""
        guards, self.guards = self.guards, list(self.guards)
        loops, self.loops = self.loops, list(self.loops)
        while len(self.guards) > keep and self.build.is_open:
            guard = self.guards.pop()
            if guard.slot:
                self.build.unguard(guard.slot)
            if guard.finally_:
                self.body(guard.finally_)
        self.guards, self.loops = guards, loops

    def _continue_in(self, label: str) -> None:
        """Begin a block if anything leads there."""
        if label in self.build.targeted or self.build.is_open:
            self.block(label)


_RANGE_ARGUMENTS = 3


def _step(args: list[ast.expr]) -> int:
    """Give the step of a range where it is known beforehand, else 0."""
    if len(args) < _RANGE_ARGUMENTS:
        return 0 if any(isinstance(one, ast.Starred) for one in args) else 1
    match args[2]:
        case ast.Constant(value=int(step)):
            return step
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int(step))):
            return -step
    return 0
