"""How types support interfaces."""

from core.workloads.code.frontends.idris import declared
from core.workloads.code.frontends.idris.context import Context
from core.workloads.code.frontends.idris.core import Apply, Bound, Clause, Local, Pi, Term, Top
from core.workloads.code.frontends.idris.core import Variable as ClauseVariable
from core.workloads.code.frontends.idris.globals import Definition, InterfaceInfo
from core.workloads.code.frontends.idris.names import TYPES
from core.workloads.code.frontends.idris.problems import At, wrong
from core.workloads.code.frontends.idris.records import Records
from core.workloads.code.frontends.idris.searching import Goal
from core.workloads.code.frontends.idris.syntax import Mode
from core.workloads.code.frontends.idris.values import Product, Stuck, Value


class Implementations(Records):
    """Elaborates implementations."""

    def _implementation(self, one: declared.Implementation) -> None:
        type_ = self.signature(Context(), one.type)
        self.complete()
        context = Context()
        while isinstance(type_, Pi):
            context = context.bind(type_.name, self.value(context, type_.domain), erased=type_.erased, mode=type_.mode)
            type_ = type_.codomain
        head = self.value(context, type_)
        info = self.known.interfaces.get(str(head.head)) if isinstance(head, Stuck) else None
        if info is None:
            found = self.shown(context, head)
            raise wrong(one.at, f"{found} is no interface", "an implementation is Interface Type where")
        assert isinstance(head, Stuck)
        self._refuse_second(one, info, head, context)
        stem = self.shown(context, head)
        whole = f"{self.module}/{self.known.fresh(stem)}"
        closed: Term = type_
        for level in reversed(range(context.depth)):
            entry = context.entries[level]
            domain = self.evaluator.quote(entry.type, level)
            closed = Pi(entry.name, entry.mode, entry.erased, domain, closed)
        definition = Definition(whole, "function", closed, TYPES, one.at, totality=self.demanded, owner=whole)
        definition.sealed = True
        self.define(definition, named=False)
        self.own.append(definition)
        self.known.implementations.setdefault(info.name, []).append(whole)
        waiting = self._implemented(one, info, head, context, definition)
        definition.arity = context.depth
        for method, clauses in waiting:
            inner = Context(context.entries, context.environment, context.names, method.name)
            self.function(inner, method, clauses, top=True)
            self.settled(method)

    def _refuse_second(self, one: declared.Implementation, info: InterfaceInfo, head: Stuck, context: Context) -> None:
        subject = self.evaluator.force(head.args[0].value) if head.args else TYPES
        if not isinstance(subject, Stuck) or not isinstance(subject.head, str) or len(head.args) > 1:
            return
        for name in self.known.implementations.get(info.name, ()):
            other: Term = self.known.definitions[name].type
            while isinstance(other, Pi):
                other = other.codomain
            assert isinstance(other, Apply)
            if other.argument == self.evaluator.quote(subject, context.depth):
                shown = self.shown(context, head)
                raise wrong(one.at, f"there is an implementation of {shown} already", "leave one of them out")

    def _implemented(
        self, one: declared.Implementation, info: InterfaceInfo, head: Stuck, context: Context, definition: Definition
    ) -> list[tuple[Definition, list[declared.Clause]]]:
        """Say what an implementation consists of; gives the methods whose clauses are still to be looked at."""
        body: Term = Top(info.constructor)
        type_: Value = self.known.definitions[info.constructor].value
        for each in head.args:
            product = self.evaluator.force(type_)
            assert isinstance(product, Product)
            body = Apply(body, self.evaluator.quote(each.value, context.depth), product.mode, product.erased)
            type_ = self.evaluator.enter(product.closure, each.value)
        for _ in info.parents:
            product = self.evaluator.force(type_)
            assert isinstance(product, Product)
            term = self._parent(one, context, product.domain)
            body = Apply(body, term, product.mode, product.erased)
            type_ = self.evaluator.enter(product.closure, self.value(context, term))
        waiting: list[tuple[Definition, list[declared.Clause]]] = []
        _refuse_others(one, info)
        for name in info.methods:
            product = self.evaluator.force(type_)
            assert isinstance(product, Product)
            clauses = [clause for clause in one.clauses if clause.name == name]
            if clauses:
                method = self._method(name, context, product.domain, clauses[0].at)
                waiting.append((method, clauses))
                term = self.call(context, method.name)
            elif name in info.defaults:
                term = self._by_default(info.defaults[name], head, context, definition)
            else:
                shown = self.shown(context, head)
                raise wrong(one.at, f"{shown} lacks the method {name}", f"write {name} and its value beneath")
            body = Apply(body, term, product.mode, product.erased)
            type_ = self.evaluator.enter(product.closure, self.value(context, term))
        definition.clauses = [self._consisting(context, body, one.at)]
        definition.arity = context.depth
        self.complete()
        self.settled(definition)
        return waiting

    def _consisting(self, context: Context, body: Term, at: At) -> Clause:
        """Give the clause of an implementation, which takes what it needs as it is."""
        variables = tuple(
            ClauseVariable(each.name, self.evaluator.quote(each.type, level), each.erased, each.mode)
            for level, each in enumerate(context.entries)
        )
        return Clause(variables, tuple(Bound(level) for level in range(context.depth)), body, at)

    def _method(self, name: str, context: Context, type_: Value, at: At) -> Definition:
        """Make the function that a method is; its clauses are still to be looked at."""
        closed = self.close(context, self.evaluator.quote(type_, context.depth))
        whole = f"{self.module}/{self.known.fresh(name)}"
        method = Definition(whole, "function", closed, TYPES, at, totality=self.demanded, owner=whole)
        self.define(method, named=False)
        self.own.append(method)
        return method

    def _parent(self, one: declared.Implementation, context: Context, type_: Value) -> Term:
        """Find the implementation of an interface that this one needs."""
        place = self.meta(context, type_, one.at, "an implementation")
        meta = self.metas.made.pop()
        goal = Goal(context, type_, meta, place, one.at)
        if not self.search.solve(goal, last=True):
            raise self.search.failure(goal)
        return self.evaluator.settle(place, context.environment)

    def _by_default(self, name: str, head: Stuck, context: Context, definition: Definition) -> Term:
        term: Term = Top(name)
        for each in head.args:
            term = Apply(term, self.evaluator.quote(each.value, context.depth), Mode.IMPLICIT, True)
        own: Term = Top(definition.name)
        for level, entry in enumerate(context.entries):
            own = Apply(own, Local(context.depth - 1 - level), entry.mode, entry.erased)
        return Apply(term, own, Mode.AUTO)


def _refuse_others(one: declared.Implementation, info: InterfaceInfo) -> None:
    """Refuse clauses of what is no method."""
    for clause in one.clauses:
        if clause.name not in info.methods:
            hint = f"its methods are {', '.join(info.methods)}"
            raise wrong(clause.at, f"{clause.name} is no method of {info.name.partition('/')[2]}", hint)
