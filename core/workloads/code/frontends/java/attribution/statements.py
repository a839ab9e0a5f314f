"""Statements."""

from collections.abc import Callable
from typing import Any, ClassVar

from core.workloads.code.frontends.java import acts, core, phrases, syntax, types
from core.workloads.code.frontends.java.attribution.looping import Looping
from core.workloads.code.frontends.java.attribution.operators import bindings
from core.workloads.code.frontends.java.completing import completes
from core.workloads.code.frontends.java.declaring import with_dims
from core.workloads.code.frontends.java.relations import erased, is_subtype
from core.workloads.code.frontends.java.types import ClassType, Type
from core.workloads.code.ir.instructions import Position


class Statements(Looping):
    """The part of the attribution that looks at statements."""

    def statement(self, node: phrases.Statement) -> acts.Statement:
        """Attribute a statement."""
        return self._KINDS[type(node)](self, node)

    def block(self, node: phrases.Block) -> acts.Block:
        """Attribute statements in braces."""
        self.frame.scopes.append({})
        classes = dict(self.frame.context.classes)
        body = [self.statement(one) for one in node.body]
        self.frame.context.classes.clear()
        self.frame.context.classes.update(classes)
        self.frame.scopes.pop()
        return acts.Block(node.at, body, node.end)

    def _variables(self, node: phrases.LocalVars) -> acts.Statement:
        made: list[acts.Statement] = []
        for one in node.variables:
            if node.type.name == "var" and node.type.args is None:
                made.append(self._inferred(node, one))
                continue
            type_ = with_dims(self.resolved(node.type), one)
            if type_ == types.VOID:
                self.report.error(node.type.at, "a variable cannot be void", "write the type of its values")
                type_ = types.WRONG
            variable = self.declare(one.name, type_, one.at, final=node.final)
            value = None
            if one.value is not None:
                variable.initialized = True
                value = self.coerce(self.value(one.value, type_), type_, one.name)
                if node.final and isinstance(value, core.Const):
                    variable.constant = value.value
            made.append(acts.Declare(one.at, variable, value))
        return made[0] if len(made) == 1 else acts.Block(node.at, made, node.at)

    def _inferred(self, node: phrases.LocalVars, one: phrases.Declarator) -> acts.Statement:
        if one.value is None or isinstance(one.value, syntax.ArrayItems | syntax.Lambda | syntax.MethodRef):
            self.report.error(one.at, f"var cannot tell the type of {one.name}", "write the type in place of var")
            value: core.Expr = self.wrong(one.at)
        else:
            value = self.value(one.value)
            if value.type in (types.NULL, types.VOID):
                self.report.error(one.at, f"var cannot tell the type of {one.name}", "write the type in place of var")
                value = self.wrong(one.at)
        variable = self.declare(one.name, value.type, one.at, final=node.final)
        variable.initialized = True
        return acts.Declare(one.at, variable, value)

    def _local_class(self, node: phrases.LocalClass) -> acts.Statement:
        self.local_class(node.declaration)
        return acts.Block(node.at, [], node.at)

    def _effect(self, node: phrases.ExprStatement) -> acts.Statement:
        return acts.Effect(node.at, self.value(node.value))

    def _if(self, node: phrases.If) -> acts.Statement:
        test = self.test(node.test, "the condition of if")
        then = self.under(bindings(test, outcome=True), node.then)
        otherwise = None
        if node.otherwise is not None:
            otherwise = self.under(bindings(test, outcome=False), node.otherwise)
        if not completes(then):
            self.frame.scopes[-1].update({one.name: one for one in bindings(test, outcome=False)})
        elif otherwise is not None and not completes(otherwise):
            self.frame.scopes[-1].update({one.name: one for one in bindings(test, outcome=True)})
        return acts.If(node.at, test, then, otherwise)

    def _labeled(self, node: phrases.Labeled) -> acts.Statement:
        labeled = acts.Labeled(node.at, acts.Block(node.at, [], node.at))
        self.frame.targets.append((node.label, labeled))
        labeled.body = self.statement(node.body)
        self.frame.targets.pop()
        return labeled

    def _jump(self, node: phrases.Jump) -> acts.Statement:
        goes_on = node.word == "continue"
        place = next(
            (place for place, (label, _) in enumerate(self.frame.targets) if label and label == node.label), None
        )
        if node.label and place is None:
            self.report.error(
                node.at, f"no statement around is labeled {node.label}", f"write {node.label}: in front of it"
            )
            return acts.Block(node.at, [], node.at)
        if node.label and not goes_on:
            assert place is not None
            return acts.Jump(node.at, self.frame.targets[place][1], goes_on=False)
        # A loop lies right behind its label.
        around = self.frame.targets[place + 1 :] if place is not None else self.frame.targets[::-1]
        wanted = acts.Loop if goes_on else (acts.Loop, acts.Switch)
        target = next((one for _, one in around if isinstance(one, wanted)), None)
        if target is None:
            what = "loop" if goes_on else "loop or switch"
            self.report.error(node.at, f"{node.word} stands in no {what}", "return leaves a method")
            return acts.Block(node.at, [], node.at)
        return acts.Jump(node.at, target, goes_on)

    def _return(self, node: phrases.Return) -> acts.Statement:
        frame = self.frame
        if frame.switches:
            self.report.error(node.at, "return cannot leave a switch that has a value", "use yield")
        if frame.is_lambda and frame.returns is None:
            value = self.value(node.value) if node.value is not None else None
            if value is not None:
                frame.given.append(value)
            return acts.Return(node.at, value)
        returns = frame.returns or types.VOID
        if node.value is None:
            if returns not in (types.VOID, types.WRONG):
                self.report.error(node.at, f"return must give a {returns}", "write the value behind return")
            return acts.Return(node.at, None)
        if returns == types.VOID:
            self.value(node.value)
            hint = "write the type of the value in place of void" if not frame.is_lambda else "leave the value away"
            self.report.error(node.value.at, "this method returns void, and here is a value", hint)
            return acts.Return(node.at, None)
        return acts.Return(node.at, self.coerce(self.value(node.value, returns), returns, "return"))

    def _throw(self, node: phrases.Throw) -> acts.Statement:
        value = self.value(node.value)
        if value.type != types.WRONG and not is_subtype(value.type, self.world.named("Throwable")):
            hint = "write throw new RuntimeException(...), or extend Exception"
            self.report.error(node.value.at, f"{value.type} is no exception, and cannot be thrown", hint)
        return acts.Throw(node.at, value)

    def _assert(self, node: phrases.Assert) -> acts.Statement:
        self.test(node.test, "assert")
        if node.message is not None:
            self.value(node.message)
        return acts.Block(node.at, [], node.at)

    def _switch(self, node: phrases.Switch) -> acts.Statement:
        return self.switch(node)

    def _yield(self, node: phrases.Yield) -> acts.Statement:
        return self.give(node)

    # Exceptions.

    def _try(self, node: phrases.Try) -> acts.Statement:
        if node.resources:
            inner = phrases.Try(node.at, [], node.body, [], None)
            body: acts.Statement = self._with_resources(inner, node.resources)
            if not node.catches and node.last is None:
                return body
        else:
            body = self.block(node.body)
        catches = [self._catch(one) for one in node.catches]
        last = self.block(node.last) if node.last is not None else None
        return acts.Try(node.at, body, catches, last)

    def _with_resources(self, node: phrases.Try, resources: list[phrases.LocalVars]) -> acts.Statement:
        self.frame.scopes.append({})
        first, *others = resources
        opened = self._variables(first)
        assert isinstance(opened, acts.Declare)
        body: acts.Statement = self._with_resources(node, others) if others else self.block(node.body)
        read = core.Local(first.at, opened.variable.type, opened.variable)
        candidates = self.candidates(opened.variable.type, "close") if opened.variable.type != types.WRONG else []
        closing: list[acts.Statement] = []
        if candidates:
            close = candidates[0].method
            closing = [acts.Effect(first.at, core.Invoke(first.at, types.VOID, close, read, [], virtual=True))]
        elif opened.variable.type != types.WRONG:
            self.report.error(first.at, f"{opened.variable.type} cannot be closed", "it must implement AutoCloseable")
        self.frame.scopes.pop()
        tried = acts.Try(node.at, body, [], acts.Block(node.at, closing, node.at))
        return acts.Block(node.at, [opened, tried], node.at)

    def _catch(self, node: phrases.Catch) -> acts.Catch:
        found = [self.resolved(one) for one in node.types]
        throwable = self.world.named("Throwable")
        for one, written in zip(found, node.types, strict=True):
            if one != types.WRONG and not is_subtype(one, throwable):
                self.report.error(
                    written.at, f"{one} is no exception, and cannot be caught", "name a class below Exception"
                )
        type_ = found[0] if len(found) == 1 else self._common(found)
        self.frame.scopes.append({})
        variable = self.declare(node.name, type_, node.at)
        variable.initialized = variable.parameter = True
        body = self.block(node.body)
        self.frame.scopes.pop()
        return acts.Catch(node.at, [erased(one) for one in found], [one.at for one in node.types], variable, body)

    def _common(self, found: list[Type]) -> Type:
        result = found[0]
        for one in found[1:]:
            result = self.joined(core.Const(Position(0, 0), result, None), core.Const(Position(0, 0), one, None))
        return result if isinstance(result, ClassType) else self.world.named("Throwable")

    _KINDS: ClassVar[dict[type, Callable[["Statements", Any], acts.Statement]]] = {
        phrases.Block: block,
        phrases.LocalVars: _variables,
        phrases.LocalClass: _local_class,
        phrases.ExprStatement: _effect,
        phrases.If: _if,
        phrases.While: Looping.while_loop,
        phrases.DoWhile: Looping.do_loop,
        phrases.For: Looping.for_loop,
        phrases.ForEach: Looping.for_each,
        phrases.Labeled: _labeled,
        phrases.Jump: _jump,
        phrases.Return: _return,
        phrases.Throw: _throw,
        phrases.Assert: _assert,
        phrases.Switch: _switch,
        phrases.Yield: _yield,
        phrases.Try: _try,
    }
