"""Leaving functions, and exceptions."""

import ast

from core.workloads.code.frontends.python.classes import BUILT_IN
from core.workloads.code.frontends.python.linking import load
from core.workloads.code.frontends.python.lowering.loops import Guard, Loops
from core.workloads.code.frontends.python.lowering.variables import ROOTS
from core.workloads.code.frontends.words.values import NONE, UNBOUND
from core.workloads.code.ir.instructions import Operand, Register
from core.workloads.code.ir.types import WORD


class Exceptions(Loops):
    """The part of a function's lowering that raises, catches and returns."""

    def _return(self, node: ast.Return) -> None:
        value: Operand = self.value(node.value) if node.value is not None else NONE
        if self.guards:
            slot = self.build.keep(value)
            self._leave_guards(0)
            value = self.build.take(slot)
        self.give_back(value)

    def give_back(self, value: Operand) -> None:
        """Return from the function."""
        self.leave_frame()
        self.build.give_back(value)

    def _raise(self, node: ast.Raise) -> None:
        build = self.build
        if node.exc is None:
            self.routine("throw", build.read(self.handled) if self.handled else self._raised())
        else:
            self.routine("throw", self.value(node.exc))
        build.give_back(0)

    def _raised(self) -> Register:
        build = self.build
        return build.compute(
            "peek", WORD, build.compute("global", WORD, symbol=ROOTS, offset=load().roots.index("RAISED"))
        )

    def _assert(self, node: ast.Assert) -> None:
        build = self.build
        failed, holds = build.label("failed"), build.label("holds")
        self.condition(node.test, holds, failed)
        build.block(failed)
        args = [node.msg] if node.msg is not None else []
        values = [*self.settled(args), 0, 0, 0, 0][:4]
        made = self.routine("tuple_of", len(args), *values)
        self.routine("throw", self.routine("exception", BUILT_IN["AssertionError"][0], made))
        build.give_back(0)
        build.block(holds)

    def _try(self, node: ast.Try) -> None:
        if node.finalbody:
            self._try_finally(node)
        else:
            self._try_except(node)

    def _try_finally(self, node: ast.Try) -> None:
        build = self.build
        inside, caught, end = build.label("try"), build.label("caught"), build.label("finally")
        slot = build.guard(inside, caught)
        self.block(inside)
        self.guards.append(Guard(slot, node.finalbody))
        before = set(self.assured)
        if node.handlers:
            self._try_except(node)
        else:
            self.body(node.body)
        self.guards.pop()
        after = self.assured
        if build.is_open:
            build.unguard(slot)
            self.body(node.finalbody)
            after = self.assured
            if build.is_open:
                build.jump(end)
        self.block(caught)
        self.assured = before
        self._caught(slot)
        raised = build.keep(self._raised())
        self.body(node.finalbody)
        if build.is_open:
            self.routine("throw", build.take(raised))
            build.give_back(0)
        else:
            build.drop(raised)
        self.assured = after
        self._continue_in(end)

    def _caught(self, slot: str) -> None:
        self.build.unguard(slot)
        self.return_to_frame()

    def _try_except(self, node: ast.Try) -> None:
        build = self.build
        inside, caught, end = build.label("try"), build.label("caught"), build.label("end")
        before = set(self.assured)
        slot = build.guard(inside, caught)
        self.block(inside)
        self.guards.append(Guard(slot))
        self.body(node.body)
        self.guards.pop()
        if build.is_open:
            build.unguard(slot)
            self.body(node.orelse)
        outcomes = [self.assured] if build.is_open else []
        if build.is_open:
            build.jump(end)
        self.block(caught)
        self._caught(slot)
        for handler in node.handlers:
            self.assured = set(before)
            self._handle(handler, end, outcomes)
        if build.is_open:
            self.routine("throw", self._raised())
            build.give_back(0)
        self.assured = set.intersection(*outcomes) if outcomes else before
        self._continue_in(end)

    def _handle(self, handler: ast.ExceptHandler, end: str, outcomes: list[set[str]]) -> None:
        build = self.build
        if not build.is_open:
            return
        other = ""
        if handler.type is not None:
            fits, other = build.label("fits"), build.label("other")
            self._fits(handler.type, fits, other)
            self.block(fits)
        # A handler that raises anew with a bare `raise` needs the exception that it was given.
        raised = build.variable_slot("raised")
        build.write(raised, self._raised())
        if handler.name:
            self.store(handler.name, self._raised())
        outer, self.handled = self.handled, raised
        self.body(handler.body)
        self.handled = outer
        if build.is_open:
            if handler.name:
                self.store(handler.name, UNBOUND)
                self.assured.discard(handler.name)
            outcomes.append(self.assured)
            build.jump(end)
        if other:
            self.block(other)

    def _fits(self, node: ast.expr, fits: str, other: str) -> None:
        """Go on as the exception is of a class or not."""
        build = self.build
        classes = node.elts if isinstance(node, ast.Tuple) else [node]
        for number, one in enumerate(classes):
            further = other if number == len(classes) - 1 else build.label("further")
            class_ = self.exception_class(one)
            if class_ is None:
                self.program.report.error(one, "'except' needs the name of an exception class here")
                class_ = 0
            call = self.routine("descends", self.routine("more", self._raised()), class_)
            build.branch("ne", call, 0, fits, further)
            if further != other:
                build.block(further)

    def exception_class(self, node: ast.expr) -> int | None:
        """Give the number of the class that an expression names."""
        if not isinstance(node, ast.Name):
            return None
        own = self.program.classes.get(node.id)
        if own is not None:
            return own.number
        return BUILT_IN[node.id][0] if node.id in BUILT_IN and not self.is_known(node.id) else None
