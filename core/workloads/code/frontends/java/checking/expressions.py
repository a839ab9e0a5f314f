"""Going through expressions in the order in which they are computed: which variables have values then."""

from collections.abc import Callable

from core.workloads.code.frontends.java import acts, core
from core.workloads.code.frontends.java.checking.exceptions import Exceptions
from core.workloads.code.frontends.java.diagnosing import Report
from core.workloads.code.frontends.java.inheritance import abstract_methods
from core.workloads.code.frontends.java.types import Field, Method

Assigned = set[core.Variable | Field]


class ExpressionFlow:
    """The part of the flow that goes through expressions. `assigned` is what surely has a value."""

    def __init__(self, report: Report) -> None:
        self.report = report
        self.exceptions = Exceptions(report)
        self.assigned: Assigned = set()
        self.alive = True

    def method(self, method: Method) -> None:
        """Go through a method."""
        raise NotImplementedError

    def switch(self, node: acts.Switch) -> None:
        """Go through a `switch`."""
        raise NotImplementedError

    def values(self, *nodes: core.Expr | None) -> None:
        """Go through expressions one after another."""
        for one in nodes:
            if one is not None:
                self.value(one)

    def value(self, node: core.Expr) -> None:  # noqa: C901, PLR0912 - a case for each expression
        """Go through an expression."""
        match node:
            case core.Local():
                self._read(node)
            case core.FieldGet(object=inner) | core.ArrayLength(array=inner) | core.Unary(operand=inner):
                self.value(inner)
            case core.Convert(value=inner) | core.InstanceOf(value=inner):
                self.value(inner)
            case core.ArrayGet(array=array, index=index):
                self.values(array, index)
            case core.Binary(left=left, right=right):
                self.values(left, right)
            case core.Logic() | core.Conditional():
                self._branching(node)
            case core.Concat(parts=parts) | core.CreateArray(sizes=parts) | core.ArrayOf(items=parts):
                self.values(*parts)
            case core.Invoke(method=method, object=object_, args=args):
                self.values(object_, *args)
                for one in method.throws:
                    self.exceptions.throw(one, node.at)
            case core.Create():
                self._create(node)
            case core.Assign(target=target, value=value):
                self._assign(target, value)
            case core.Update(target=target, old=old, value=value):
                self.value(target)
                self.assigned.add(old)
                self.value(value)
            case core.SwitchValue(switch=switch):
                self.switch(switch)

    def _read(self, node: core.Local) -> None:
        variable = node.variable
        if variable in self.assigned or variable.parameter or not self.alive:
            return
        if variable.name in ("old", "$bound") and variable.initialized:
            return
        self.report.error(node.at, f"{variable.name} may have no value yet", "give it one where it is declared")
        self.assigned.add(variable)

    def _create(self, node: core.Create) -> None:
        self.values(node.outer, *(node.captured or ()), *node.args)
        if node.constructor is not None:
            for one in node.constructor.throws:
                self.exceptions.throw(one, node.at)
        if node.made.name == "lambda":
            (method,) = (one for named in node.made.methods.values() for one in named)
            abstract = abstract_methods(node.made.interfaces[0].of)
            method.throws = list(abstract[0].throws) if abstract else []
            before, alive = set(self.assigned), self.alive
            self.method(method)
            self.assigned, self.alive = before, alive

    def _assign(self, target: core.Expr, value: core.Expr) -> None:
        match target:
            case core.FieldGet(object=core.This(), field=field) | core.StaticGet(field=field):
                self.value(value)
                self.assigned.add(field)
            case core.Local(variable=variable):
                self.value(value)
                if variable.final and variable in self.assigned and self.alive:
                    hint = "leave final away, or use another variable"
                    self.report.error(target.at, f"{variable.name} is final, and may have its value already", hint)
                self.assigned.add(variable)
            case _:
                self.values(target, value)

    def _branching(self, node: core.Logic | core.Conditional) -> None:
        if isinstance(node, core.Logic):
            when_true, when_false = self.test(node)
            self.assigned = when_true & when_false
            return
        self._either(node.test, lambda: self.value(node.then), lambda: self.value(node.otherwise))

    def _either(self, test: core.Expr, then: Callable[[], None], otherwise: Callable[[], None]) -> None:
        when_true, when_false = self.test(test)
        self.assigned = when_true
        then()
        first, self.assigned = self.assigned, when_false
        otherwise()
        self.assigned &= first

    def test(self, node: core.Expr) -> tuple[Assigned, Assigned]:
        """Go through a condition; gives what has values where it holds, and where it does not."""
        match node:
            case core.Const(value=bool(value)):
                # What cannot come to pass is said to assign everything.
                everything = self._everything()
                return (set(self.assigned), everything) if value else (everything, set(self.assigned))
            case core.Unary(op="!", operand=operand):
                when_true, when_false = self.test(operand)
                return when_false, when_true
            case core.Logic(op=op, left=left, right=right):
                return self._logic(op, left, right)
            case core.InstanceOf(value=value, binding=binding):
                self.value(value)
                bound: Assigned = {binding} if binding is not None else set()
                return self.assigned | bound, set(self.assigned)
        self.value(node)
        return set(self.assigned), set(self.assigned)

    def _logic(self, op: str, left: core.Expr, right: core.Expr) -> tuple[Assigned, Assigned]:
        first_true, first_false = self.test(left)
        self.assigned = set(first_true if op == "&&" else first_false)
        second_true, second_false = self.test(right)
        if op == "&&":
            return second_true, first_false & second_false
        return first_true & second_true, second_false

    def _everything(self) -> Assigned:
        return set(self.assigned) | self.known

    @property
    def known(self) -> Assigned:
        """All variables met so far."""
        raise NotImplementedError
