"""Statements as instructions."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

from core.workloads.code.frontends.java import acts, core
from core.workloads.code.frontends.java.attribution.constants import is_string
from core.workloads.code.frontends.java.lowering.values import Values
from core.workloads.code.ir.instructions import Operand
from core.workloads.code.ir.types import WORD


@dataclass(slots=True)
class Around:
    """Something that a jump may leave: a guard with what is done at last, or a statement with its ends."""

    guard: str = ""
    last: acts.Block | None = None
    statement: acts.Statement | None = None
    leaves: str = ""
    goes_on: str = ""


class Statements(Values):
    """The part of a method's lowering that does things one after another."""

    around: list[Around]

    def statement(self, node: acts.Statement) -> None:
        """Lower a statement."""
        if not self.build.is_open:
            return
        self.build.here = node.at if self.method is None or not self.method.owner.library else None
        self._KINDS[type(node)](self, node)

    def _block(self, node: acts.Block) -> None:
        for one in node.body:
            self.statement(one)

    def _declare(self, node: acts.Declare) -> None:
        if node.value is not None:
            self.declare(node.variable, self.value(node.value))
        elif node.variable not in self.where:
            self.declare(node.variable, 0)

    def _effect(self, node: acts.Effect) -> None:
        self.value(node.value)

    def _if(self, node: acts.If) -> None:
        build = self.build
        then, otherwise, end = build.label("then"), build.label("else"), build.label("end")
        self.condition(node.test, then, otherwise if node.otherwise is not None else end)
        build.block(then)
        self.statement(node.then)
        if node.otherwise is not None:
            build.jump(end)
            build.block(otherwise)
            self.statement(node.otherwise)
        build.block(end)

    def _loop(self, node: acts.Loop) -> None:
        build = self.build
        head, inside = build.label("loop"), build.label("inside")
        further, end = build.label("next"), build.label("done")
        self.around.append(Around(statement=node, leaves=end, goes_on=further))
        if node.body_first:
            build.block(inside)
        else:
            build.block(head)
            self._test(node.test, inside, end)
            build.block(inside)
        self.statement(node.body)
        build.block(further)
        for one in node.update:
            self.statement(one)
        if node.body_first:
            self._test(node.test, inside, end)
        else:
            build.jump(head)
        build.block(end)
        self.around.pop()

    def _test(self, test: core.Expr | None, inside: str, end: str) -> None:
        if test is None:
            self.build.jump(inside)
        else:
            self.condition(test, inside, end)

    def _labeled(self, node: acts.Labeled) -> None:
        end = self.build.label("left")
        self.around.append(Around(statement=node, leaves=end))
        self.statement(node.body)
        self.around.pop()
        self.build.block(end)

    def _leave(self, depth: int) -> None:
        """Take away the guards that a jump leaves, and do what is to be done at last."""
        for place in range(len(self.around) - 1, depth - 1, -1):
            one = self.around[place]
            if one.guard:
                self.build.unguard(one.guard)
            if one.last is not None:
                outer, self.around = self.around, self.around[:place]
                self.statement(one.last)
                self.around = outer

    def _depth(self, target: acts.Statement) -> int:
        return next(place for place, one in enumerate(self.around) if one.statement is target)

    def _jump(self, node: acts.Jump) -> None:
        depth = self._depth(node.target)
        self._leave(depth + 1)
        target = self.around[depth]
        self.build.jump(target.goes_on if node.goes_on else target.leaves)

    def _give(self, node: acts.Give) -> None:
        assert node.target.given is not None
        self.put(self.where[node.target.given], self.value(node.value))
        depth = self._depth(node.target)
        self._leave(depth + 1)
        self.build.jump(self.around[depth].leaves)

    def _return(self, node: acts.Return) -> None:
        build = self.build
        value: Operand = self.value(node.value) if node.value is not None else 0
        if any(one.guard or one.last is not None for one in self.around):
            slot = build.variable_slot("result")
            build.write(slot, value)
            self._leave(0)
            if not build.is_open:
                return
            returns = build.function.returns or WORD
            value = build.compute("peek", returns, build.compute("slot", WORD, symbol=slot))
        build.give_back(value)

    def _throw(self, node: acts.Throw) -> None:
        value = self.value(node.value)
        self.present(value, node.at)
        self.build.routine("throw", value)
        self.build.trap("raised")

    # `switch`.

    def switch(self, node: acts.Switch) -> None:
        """Lower a `switch`."""
        build = self.build
        end = build.label("chosen")
        labels = [build.label("case") for _ in node.cases]
        otherwise = end
        for label, case in zip(labels, node.cases, strict=True):
            if None in case.labels:
                otherwise = label
        self._choose(node, labels, otherwise)
        self.around.append(Around(statement=node, leaves=end))
        for label, case in zip(labels, node.cases, strict=True):
            build.block(label)
            for one in case.body:
                self.statement(one)
            if node.arrow:
                build.jump(end)
        self.around.pop()
        build.block(end)

    def _choose(self, node: acts.Switch, labels: list[str], otherwise: str) -> None:
        build = self.build
        value = self.value(node.selector)
        pairs = [
            (one, label)
            for case, label in zip(node.cases, labels, strict=True)
            for one in case.labels
            if one is not None
        ]
        if not is_string(node.selector.type):
            cases = {one: label for one, label in pairs if isinstance(one, int)}
            if cases:
                build.switch(value, cases, otherwise)
            else:
                build.jump(otherwise)
            return
        self.present(value, node.at)
        slot = build.keep(value)
        for text, label in pairs:
            further = build.label("other")
            same = build.routine("String_same", build.read(slot), build.text(self.program.text(str(text))))
            build.branch("ne", same, 0, label, further)
            build.block(further)
        build.drop(slot)
        build.jump(otherwise)

    # Exceptions.

    def _try(self, node: acts.Try) -> None:
        if node.last is not None:
            self._finally(node, node.last)
        else:
            self._catching(node)

    def _finally(self, node: acts.Try, last: acts.Block) -> None:
        build = self.build
        inside, caught, end = build.label("try"), build.label("caught"), build.label("finally")
        slot = build.guard(inside, caught)
        build.block(inside)
        self.around.append(Around(guard=slot, last=last))
        if node.catches:
            self._catching(node)
        else:
            self.statement(node.body)
        self.around.pop()
        if build.is_open:
            build.unguard(slot)
            self.statement(last)
            build.jump(end)
        build.block(caught)
        build.unguard(slot)
        raised = build.variable_slot("raised")
        build.write(raised, build.raised())
        self.statement(last)
        if build.is_open:
            build.routine("throw", build.read(raised))
            build.trap("raised")
        build.block(end)

    def _catching(self, node: acts.Try) -> None:
        build = self.build
        inside, caught, end = build.label("try"), build.label("caught"), build.label("tried")
        slot = build.guard(inside, caught)
        build.block(inside)
        self.around.append(Around(guard=slot))
        self.statement(node.body)
        self.around.pop()
        if build.is_open:
            build.unguard(slot)
            build.jump(end)
        build.block(caught)
        build.unguard(slot)
        for one in node.catches:
            self._catch(one, end)
        build.routine("throw", build.raised())
        build.trap("raised")
        build.block(end)

    def _catch(self, node: acts.Catch, end: str) -> None:
        build = self.build
        fits, other = build.label("fits"), build.label("other")
        for class_ in node.classes:
            further = build.label("further")
            self.of_type(build.raised(), class_, fits, further)
            build.block(further)
        build.jump(other)
        build.block(fits)
        self.declare(node.variable, build.raised())
        self.statement(node.body)
        if build.is_open:
            build.jump(end)
        build.block(other)

    _KINDS: ClassVar[dict[type, Callable[["Statements", Any], None]]] = {
        acts.Block: _block,
        acts.Declare: _declare,
        acts.Effect: _effect,
        acts.If: _if,
        acts.Loop: _loop,
        acts.Labeled: _labeled,
        acts.Jump: _jump,
        acts.Give: _give,
        acts.Return: _return,
        acts.Throw: _throw,
        acts.Switch: switch,
        acts.Try: _try,
        acts.ConstructorCall: Values.constructor_call,
    }
