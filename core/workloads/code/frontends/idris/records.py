"""Records, and interfaces, which are records that are passed by themselves."""

from collections.abc import Sequence

from core.workloads.code.frontends.idris import declared, syntax
from core.workloads.code.frontends.idris.context import Context
from core.workloads.code.frontends.idris.core import Anything, Apply, Bound, Clause, Fits, Local, Pattern, Pi, Term, Top
from core.workloads.code.frontends.idris.core import Variable as ClauseVariable
from core.workloads.code.frontends.idris.data_declarations import DataDeclarations
from core.workloads.code.frontends.idris.declared import Parameter
from core.workloads.code.frontends.idris.globals import Definition, InterfaceInfo
from core.workloads.code.frontends.idris.names import TYPES
from core.workloads.code.frontends.idris.problems import NOWHERE, At, wrong
from core.workloads.code.frontends.idris.syntax import Expression, Mode, Name
from core.workloads.code.frontends.idris.values import Product, Stuck, Value


class Records(DataDeclarations):
    """Elaborates records and interfaces."""

    def _record(self, one: declared.Record) -> None:
        type_: Expression = Name(one.at, "Type")
        for each in reversed(one.parameters):
            type_ = syntax.Arrow(each.at, each.name, each.mode, False, each.type, type_)
        self._family(declared.Data(one.at, one.name, type_, ()))
        family = self.known.definitions[f"{self.module}/{one.name}"]
        made = self._structure(family, one.at, one.parameters, one.constructor, [], one.fields)
        for place, each in enumerate(one.fields):
            self._projection(family, made, len(one.parameters), place, each.name, each.at, Mode.EXPLICIT)

    def _structure(
        self,
        family: Definition,
        at: At,
        parameters: Sequence[Parameter],
        constructor: str,
        parents: Sequence[Expression],
        fields: Sequence[Parameter],
    ) -> Definition:
        """Make the constructor of a record: its type takes parameters, parents and fields."""
        context = Context()
        binders: list[tuple[str, Mode, bool, Term]] = []

        def bind(name: str, mode: Mode, erased: bool, type_: Term) -> None:  # noqa: FBT001 - how an argument is passed
            nonlocal context
            binders.append((name, mode, erased, type_))
            context = context.bind(name, self.value(context, type_), erased=erased, mode=mode)

        own = self.known.definitions[family.name].type
        for each in parameters:
            assert isinstance(own, Pi)
            bind(each.name, Mode.IMPLICIT, True, own.domain)
            own = own.codomain
        result: Term = Top(family.name)
        for place in range(len(parameters)):
            result = Apply(result, Local(len(parameters) + len(parents) + len(fields) - 1 - place))
        for parent in parents:
            bind("", Mode.AUTO, False, self.check_type(context, parent))
        for each in fields:
            bind(each.name, Mode.EXPLICIT, False, self.signature(context, each.type))
        self.complete()
        type_ = result
        for name, mode, erased, domain in reversed(binders):
            type_ = Pi(name, mode, erased, domain, type_)
        type_ = self.evaluator.settle(type_, ())
        written = declared.Signature(at, constructor, Name(at, family.short))
        return self._constructor(family, written, type_, tuple(each.name for each in fields))

    def _projection(
        self, family: Definition, made: Definition, parameters: int, place: int, name: str, at: At, mode: Mode
    ) -> Definition:
        """Make the function that gives a part of a record: `place` counts behind the parameters."""
        type_: Value = made.value
        context = Context()
        binders: list[tuple[str, Term]] = []
        for _ in range(parameters):
            product = self.evaluator.force(type_)
            assert isinstance(product, Product)
            binders.append((product.name, self.evaluator.quote(product.domain, context.depth)))
            context = context.bind(product.name, product.domain, erased=True)
            type_ = self.evaluator.enter(product.closure, Stuck(context.depth - 1))
        record: Term = Top(family.name)
        for each in range(parameters):
            record = Apply(record, Local(parameters - 1 - each))
        context = context.bind("", self.value(context, record), mode=mode)
        for earlier in range(place):
            product = self.evaluator.force(type_)
            assert isinstance(product, Product)
            value: Value = self.evaluator.top(self.projections[family.name, earlier])
            for level in range(parameters):
                value = self.evaluator.apply(value, Stuck(level), Mode.IMPLICIT, True)
            value = self.evaluator.apply(value, Stuck(parameters), mode)
            type_ = self.evaluator.enter(product.closure, value)
        product = self.evaluator.force(type_)
        assert isinstance(product, Product)
        found = Pi("", mode, False, record, self.evaluator.quote(product.domain, context.depth))
        for label, domain in reversed(binders):
            found = Pi(label, Mode.IMPLICIT, True, domain, found)
        one = self._new(name, "function", found, at, arity=parameters + 1, method=place, totality="total")
        one.owner = one.name
        one.clauses = [_looking_up(made, parameters, place)]
        self.projections[family.name, place] = one.name
        return one

    def _interface(self, one: declared.Interface) -> None:
        type_: Expression = Name(one.at, "Type")
        for each in reversed(one.parameters):
            type_ = syntax.Arrow(each.at, each.name, Mode.EXPLICIT, False, each.type, type_)
        self._family(declared.Data(one.at, one.name, type_, ()))
        family = self.known.definitions[f"{self.module}/{one.name}"]
        fields = [Parameter(each.at, each.name, each.type) for each in one.methods]
        made = self._structure(family, one.at, one.parameters, f"Mk{one.name}", one.constraints, fields)
        count = len(one.parameters)
        info = InterfaceInfo(family.name, made.name, count, [], [each.name for each in one.methods])
        self.known.interfaces[family.name] = info
        for place in range(len(one.constraints)):
            name = self.known.fresh(f"{one.name}.parent")
            info.parents.append(self._projection(family, made, count, place, name, one.at, Mode.AUTO).name)
        for place, method in enumerate(one.methods, len(one.constraints)):
            self._projection(family, made, count, place, method.name, method.at, Mode.AUTO)
        for name in info.methods:
            clauses = [clause for clause in one.defaults if clause.name == name]
            if clauses:
                info.defaults[name] = self._usual(name, count, clauses).name
        for clause in one.defaults:
            if clause.name not in info.methods:
                raise wrong(
                    clause.at, f"{clause.name} is no method of {one.name}", f"write {clause.name} : and its type"
                )

    def _usual(self, name: str, count: int, clauses: list[declared.Clause]) -> Definition:
        method = self.known.definitions[f"{self.module}/{name}"]
        whole = f"{self.module}/{self.known.fresh(name)}"
        found = Definition(whole, "function", method.type, TYPES, clauses[0].at, totality=self.demanded, owner=whole)
        self.define(found, named=False)
        self.own.append(found)
        context = Context(owner=whole)
        type_: Value = found.value
        for _ in range(count + 1):
            product = self.evaluator.force(type_)
            assert isinstance(product, Product)
            context = context.bind(product.name, product.domain, erased=product.erased, mode=product.mode)
            type_ = self.evaluator.enter(product.closure, Stuck(context.depth - 1))
        self.function(context, found, clauses, top=True)
        self.settled(found)
        return found


def _looking_up(made: Definition, parameters: int, place: int) -> Clause:
    """Give the clause that takes a part out of a record."""
    variables: list[ClauseVariable] = []
    telescope = made.type
    while isinstance(telescope, Pi):
        variables.append(ClauseVariable(telescope.name, telescope.domain, telescope.erased, telescope.mode))
        telescope = telescope.codomain
    inner: list[Pattern] = [Anything() for _ in range(parameters)]
    inner += [Bound(level) for level in range(parameters, made.arity)]
    patterns: tuple[Pattern, ...] = (*(Bound(level) for level in range(parameters)), Fits(made.name, tuple(inner)))
    return Clause(tuple(variables), patterns, Local(made.arity - 1 - parameters - place), NOWHERE)
