"""Loops."""

from core.workloads.code.frontends.java import acts, core, phrases, types
from core.workloads.code.frontends.java.attribution.expressions import Expressions
from core.workloads.code.frontends.java.attribution.operators import bindings
from core.workloads.code.frontends.java.types import ArrayType, Type
from core.workloads.code.ir.instructions import Position


class Looping(Expressions):
    """The part of the attribution that looks at loops."""

    def declare(self, name: str, type_: Type, at: Position, *, final: bool = False) -> core.Variable:
        """Make a variable known from here on."""
        self.refuse_twice(name, at)
        variable = core.Variable(name, type_, at, final)
        self.frame.scopes[-1][name] = variable
        return variable

    def _looped(self, loop: acts.Loop, body: phrases.Statement, found: list[core.Variable]) -> acts.Loop:
        self.frame.targets.append(("", loop))
        loop.body = self.under(found, body)
        self.frame.targets.pop()
        return loop

    def while_loop(self, node: phrases.While) -> acts.Statement:
        """Attribute `while`."""
        test = self.test(node.test, "the condition of while")
        loop = acts.Loop(node.at, test, acts.Block(node.at, [], node.at))
        return self._looped(loop, node.body, bindings(test, outcome=True))

    def do_loop(self, node: phrases.DoWhile) -> acts.Statement:
        """Attribute `do`."""
        loop = acts.Loop(node.at, None, acts.Block(node.at, [], node.at), body_first=True)
        self._looped(loop, node.body, [])
        loop.test = self.test(node.test, "the condition of while")
        return loop

    def for_loop(self, node: phrases.For) -> acts.Statement:
        """Attribute `for` with its three parts."""
        self.frame.scopes.append({})
        start = [self.statement(one) for one in node.start]
        test = self.test(node.test, "the condition of for") if node.test is not None else None
        loop = acts.Loop(node.at, test, acts.Block(node.at, [], node.at))
        loop.update = [acts.Effect(one.at, self.value(one)) for one in node.update]
        self._looped(loop, node.body, bindings(test, outcome=True) if test is not None else [])
        self.frame.scopes.pop()
        return acts.Block(node.at, [*start, loop], node.at)

    def for_each(self, node: phrases.ForEach) -> acts.Statement:
        """Attribute `for` through values."""
        at = node.values.at
        values = self.value(node.values)
        element = self.element_type(values, at) or types.WRONG
        self.frame.scopes.append({})
        assert node.variable.type is not None
        is_var = node.variable.type.name == "var"
        type_ = element if is_var else self.resolved(node.variable.type)
        variable = self.declare(node.variable.name, type_, node.variable.at, final=node.variable.final)
        variable.initialized = True
        if isinstance(values.type, ArrayType):
            made = self._through_array(node, values, variable)
        else:
            made = self._through_iterator(node, values, element, variable)
        self.frame.scopes.pop()
        return made

    def _through_array(self, node: phrases.ForEach, values: core.Expr, variable: core.Variable) -> acts.Statement:
        at = node.values.at
        assert isinstance(values.type, ArrayType)
        array = core.Variable("array", values.type, at, initialized=True)
        index = core.Variable("index", types.INT, at, initialized=True)
        read, place = core.Local(at, values.type, array), core.Local(at, types.INT, index)
        test = core.Binary(at, types.BOOLEAN, "<", place, core.ArrayLength(at, types.INT, read), types.INT)
        old = core.Variable("old", types.INT, at, initialized=True)
        one = core.Const(at, types.INT, 1)
        more = core.Binary(at, types.INT, "+", core.Local(at, types.INT, old), one, types.INT)
        element = self.coerce(core.ArrayGet(at, values.type.element, read, place), variable.type, variable.name, at)
        update = acts.Effect(at, core.Update(at, types.INT, place, old, more, behind=False))
        loop = acts.Loop(node.at, test, acts.Block(node.at, [], node.at), [update])
        self._looped(loop, node.body, [])
        loop.body = acts.Block(node.at, [acts.Declare(node.variable.at, variable, element), loop.body], node.at)
        start = [acts.Declare(at, array, values), acts.Declare(at, index, core.Const(at, types.INT, 0))]
        return acts.Block(node.at, [*start, loop], node.at)

    def _through_iterator(
        self, node: phrases.ForEach, values: core.Expr, element: Type, variable: core.Variable
    ) -> acts.Statement:
        at = node.values.at
        methods = {
            name: self.world.named(of).of.methods[name][0]
            for of, name in (("Iterable", "iterator"), ("Iterator", "hasNext"), ("Iterator", "next"))
        }
        type_ = self.world.named("Iterator", element)
        iterator = core.Variable("iterator", type_, at, initialized=True)
        read = core.Local(at, type_, iterator)
        test = core.Invoke(at, types.BOOLEAN, methods["hasNext"], read, [], virtual=True)
        taken = core.Invoke(at, element, methods["next"], read, [], virtual=True)
        value = self.coerce(taken, variable.type, variable.name, at)
        loop = acts.Loop(node.at, test, acts.Block(node.at, [], node.at))
        self._looped(loop, node.body, [])
        loop.body = acts.Block(node.at, [acts.Declare(node.variable.at, variable, value), loop.body], node.at)
        started = core.Invoke(at, type_, methods["iterator"], values, [], virtual=True)
        return acts.Block(node.at, [acts.Declare(at, iterator, started), loop], node.at)

    def under(self, found: list[core.Variable], node: phrases.Statement) -> acts.Statement:
        """Attribute a statement in which some variables are bound."""
        self.frame.scopes.append({one.name: one for one in found})
        made = self.statement(node)
        self.frame.scopes.pop()
        return made
