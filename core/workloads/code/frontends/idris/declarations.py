"""Declarations: types with constructors, records, interfaces with implementations, and functions."""

from collections.abc import Callable, Sequence
from functools import partial

from core.workloads.code.frontends.idris import primitives, syntax
from core.workloads.code.frontends.idris.clauses import Clauses
from core.workloads.code.frontends.idris.context import Context
from core.workloads.code.frontends.idris.core import (
    Anything,
    Apply,
    Bound,
    Clause,
    Fits,
    Local,
    Pattern,
    Pi,
    Term,
    Top,
    Universe,
)
from core.workloads.code.frontends.idris.core import Variable as ClauseVariable
from core.workloads.code.frontends.idris.evaluation import TYPES, TooLong
from core.workloads.code.frontends.idris.globals import Definition, Globals, InterfaceInfo
from core.workloads.code.frontends.idris.problems import NOWHERE, At, Refusal, wrong
from core.workloads.code.frontends.idris.searching import Goal
from core.workloads.code.frontends.idris.syntax import Expression, Mode, Name, Parameter
from core.workloads.code.frontends.idris.unification import Mismatch
from core.workloads.code.frontends.idris.values import Closure, Product, Stuck, Value


class Declarations(Clauses):
    """Elaborates programs."""

    def __init__(self, known: Globals, module: str) -> None:
        super().__init__(known, module)
        self.lifted = []
        self.broken = set()
        self.own: list[Definition] = []
        """Definitions of the program itself, in their order."""
        self.projections: dict[tuple[str, int], str] = {}
        """The functions that give the parts of records, by type and place."""

    def program(self, declarations: Sequence[syntax.Declaration]) -> None:
        """Elaborate declarations one after another."""
        self._group(declarations)
        for one in self.own:
            wanted = one.kind == "function" and "~" not in one.name and one.name not in self.broken
            if wanted and one.clauses is None:
                hint = f"write {one.short} ... = ... beneath its type"
                self.report(wrong(one.at, f"{one.short} has a type, but is not defined", hint))

    def _group(self, declarations: Sequence[syntax.Declaration]) -> None:
        waiting = list(declarations)
        while waiting:
            one = waiting.pop(0)
            if isinstance(one, syntax.Clause):
                clauses = [one]
                while waiting and isinstance(waiting[0], syntax.Clause) and waiting[0].name == one.name:
                    following = waiting.pop(0)
                    assert isinstance(following, syntax.Clause)
                    clauses.append(following)
                self._guarded(one.at, partial(self._define, clauses))
            else:
                self._guarded(one.at, partial(self._declare, one))

    def _guarded(self, at: At, act: Callable[[], None]) -> None:
        """Tell of what is wrong with a declaration, and go on with the next."""
        try:
            self.evaluator.steps = 0
            act()
        except (Refusal, Mismatch, TooLong) as trouble:
            self.report(self.refusal(at, trouble))
            self.forget()
        for one in self.lifted:
            self.settled(one)
            self.own.append(one)
        self.lifted = []

    def _declare(self, one: syntax.Declaration) -> None:
        match one:
            case syntax.Signature():
                self._signature(one)
            case syntax.Data():
                self._family(one)
                self._data(one)
            case syntax.Record():
                self._record(one)
            case syntax.Interface():
                self._interface(one)
            case syntax.Implementation():
                self._implementation(one)
            case syntax.Mutual(_, declarations):
                self._mutual(declarations)
            case syntax.Default(_, totality):
                self.demanded = totality

    def _mutual(self, declarations: Sequence[syntax.Declaration]) -> None:
        """Take in types before constructors, and signatures before clauses."""
        for one in declarations:
            if isinstance(one, syntax.Data):
                self._family(one)
        for one in declarations:
            if isinstance(one, syntax.Data):
                self._data(one)
            elif isinstance(one, syntax.Signature):
                self._signature(one)
        self._group([one for one in declarations if not isinstance(one, syntax.Data | syntax.Signature)])

    # Functions.

    def _new(self, name: str, kind: str, type_: Term, at: At, **more: object) -> Definition:
        whole = f"{self.module}/{name}"
        if whole in self.known.definitions and kind != "hole":
            raise wrong(at, f"{name} is defined twice", "give one of them another name")
        one = Definition(whole, kind, type_, TYPES, at)
        for attribute, value in more.items():
            setattr(one, attribute, value)
        self.define(one)
        self.own.append(one)
        return one

    def _signature(self, one: syntax.Signature) -> None:
        type_ = self.signature(Context(), one.type)
        self.complete()
        kind = "primitive" if f"{self.module}/{one.name}".startswith("Prelude/prim__") else "function"
        found = self._new(one.name, kind, type_, one.at, totality=one.totality or self.demanded)
        found.owner = found.name
        if kind == "primitive":
            found.arity = _count(type_)

    def _define(self, clauses: list[syntax.Clause]) -> None:
        first = clauses[0]
        one = self.known.definitions.get(f"{self.module}/{first.name}")
        if one is None or one.kind != "function":
            if first.name in self.known.names and one is None:
                message = f"{first.name} has no type here"
                raise wrong(first.at, message, f"write {first.name} : and its type in the line before")
            what = "has no type" if one is None else "is no function, and has no clauses"
            raise wrong(first.at, f"{first.name} {what}", f"write {first.name} : and its type in the line before")
        if one.clauses is not None or one.name in self.broken:
            self.broken.add(one.name)
            raise wrong(first.at, f"clauses of {first.name} stand apart", "put all clauses of a function together")
        self.function(Context(owner=one.name), one, clauses, top=True)
        self.settled(one)

    # Types.

    def _family(self, one: syntax.Data) -> None:
        type_ = self.signature(Context(), one.type)
        self.complete()
        result = type_
        while isinstance(result, Pi):
            result = result.codomain
        if not isinstance(result, Universe):
            raise wrong(one.at, f"{one.name} must be a type: Type at the end", f"write data {one.name} : Type where")
        self._new(one.name, "type", type_, one.at, arity=_count(type_))

    def _data(self, one: syntax.Data) -> None:
        family = self.known.definitions[f"{self.module}/{one.name}"]
        for constructor in one.constructors:
            type_ = self.signature(Context(), constructor.type)
            self.complete()
            self._constructor(family, constructor, type_)

    def _constructor(
        self, family: Definition, written: syntax.Signature, type_: Term, fields: tuple[str, ...] = ()
    ) -> Definition:
        result, positive = type_, True
        while isinstance(result, Pi):
            positive = positive and _is_positive(result.domain, family.name)
            result = result.codomain
        while isinstance(result, Apply):
            result = result.function
        if not isinstance(result, Top) or result.name != family.name:
            message = f"the constructor {written.name} must make values of {family.short}"
            raise wrong(written.at, message, f"its type ends with {family.short}")
        family.positive = family.positive and positive
        if not positive and self.demanded == "total":
            message = f"{family.short} is not total: it stands to the left of an arrow in {written.name}"
            raise wrong(written.at, message, "such a type lets functions call themselves for ever without recursion")
        tag = len(family.constructors)
        found = self._new(
            written.name, "constructor", type_, written.at, family=family.name, tag=tag, arity=_count(type_)
        )
        found.fields = fields
        family.constructors.append(found.name)
        return found

    # Records and interfaces, which are records that are passed by themselves.

    def _record(self, one: syntax.Record) -> None:
        type_: Expression = Name(one.at, "Type")
        for each in reversed(one.parameters):
            type_ = syntax.Arrow(each.at, each.name, each.mode, False, each.type, type_)
        self._family(syntax.Data(one.at, one.name, type_, ()))
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
        written = syntax.Signature(at, constructor, Name(at, family.short))
        return self._constructor(family, written, type_, tuple(each.name for each in fields))

    def _projection(
        self, family: Definition, made: Definition, parameters: int, place: int, name: str, at: At, mode: Mode
    ) -> Definition:
        """Make the function that gives a part of a record: `place` counts behind the parameters."""
        type_: Value = made.value
        context = Context()
        binders: list[tuple[str, Term]] = []
        variables: list[ClauseVariable] = []
        telescope = made.type
        for _ in range(parameters):
            product = self.evaluator.force(type_)
            assert isinstance(product, Product)
            binders.append((product.name, self.evaluator.quote(product.domain, context.depth)))
            context = context.bind(product.name, product.domain, erased=True)
            type_ = self.evaluator.enter(product.closure, Stuck(context.depth - 1))
        while isinstance(telescope, Pi):
            variables.append(ClauseVariable(telescope.name, telescope.domain, telescope.erased, telescope.mode))
            telescope = telescope.codomain
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
        inner: list[Pattern] = [Anything() for _ in range(parameters)]
        inner += [Bound(level) for level in range(parameters, made.arity)]
        patterns: tuple[Pattern, ...] = (*(Bound(level) for level in range(parameters)), Fits(made.name, tuple(inner)))
        body = Local(made.arity - 1 - parameters - place)
        one.clauses = [Clause(tuple(variables), patterns, body, NOWHERE)]
        self.projections[family.name, place] = one.name
        return one

    def _interface(self, one: syntax.Interface) -> None:
        type_: Expression = Name(one.at, "Type")
        for each in reversed(one.parameters):
            type_ = syntax.Arrow(each.at, each.name, Mode.EXPLICIT, False, each.type, type_)
        self._family(syntax.Data(one.at, one.name, type_, ()))
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

    def _usual(self, name: str, count: int, clauses: list[syntax.Clause]) -> Definition:
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

    # Implementations.

    def _implementation(self, one: syntax.Implementation) -> None:
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

    def _refuse_second(self, one: syntax.Implementation, info: InterfaceInfo, head: Stuck, context: Context) -> None:
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
        self, one: syntax.Implementation, info: InterfaceInfo, head: Stuck, context: Context, definition: Definition
    ) -> list[tuple[Definition, list[syntax.Clause]]]:
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
        waiting: list[tuple[Definition, list[syntax.Clause]]] = []
        for clause in one.clauses:
            if clause.name not in info.methods:
                hint = f"its methods are {', '.join(info.methods)}"
                raise wrong(clause.at, f"{clause.name} is no method of {info.name.rpartition('/')[2]}", hint)
        for name in info.methods:
            product = self.evaluator.force(type_)
            assert isinstance(product, Product)
            clauses = [clause for clause in one.clauses if clause.name == name]
            if clauses:
                closed = self.close(context, self.evaluator.quote(product.domain, context.depth))
                whole = f"{self.module}/{self.known.fresh(name)}"
                method = Definition(whole, "function", closed, TYPES, clauses[0].at, totality=self.demanded)
                method.owner = whole
                self.define(method, named=False)
                self.own.append(method)
                waiting.append((method, clauses))
                term = self.call(context, whole)
            elif name in info.defaults:
                term = self._by_default(info.defaults[name], head, context, definition)
            else:
                shown = self.shown(context, head)
                raise wrong(one.at, f"{shown} lacks the method {name}", f"write {name} and its value beneath")
            body = Apply(body, term, product.mode, product.erased)
            type_ = self.evaluator.enter(product.closure, self.value(context, term))
        variables = tuple(
            ClauseVariable(each.name, self.evaluator.quote(each.type, level), each.erased, each.mode)
            for level, each in enumerate(context.entries)
        )
        patterns = tuple(Bound(level) for level in range(context.depth))
        definition.clauses = [Clause(variables, patterns, body, one.at)]
        definition.arity = context.depth
        self.complete()
        self.settled(definition)
        return waiting

    def _parent(self, one: syntax.Implementation, context: Context, type_: Value) -> Term:
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


def add_primitives(known: Globals) -> None:
    """Take in the types that are not declared."""
    for name in primitives.TYPES:
        takes = name in ("IO", "Lazy", "Inf")
        type_: Term = Pi("", Mode.EXPLICIT, False, Universe(), Universe()) if takes else Universe()
        value: Value = Product("", Mode.EXPLICIT, False, TYPES, Closure((), Universe())) if takes else TYPES
        known.add(Definition(f"Prelude/{name}", "type", type_, value, arity=int(takes)))


def _count(type_: Term) -> int:
    count = 0
    while isinstance(type_, Pi):
        count += 1
        type_ = type_.codomain
    return count


def _occurs(term: Term, name: str) -> bool:
    match term:
        case Top(found):
            return found == name
        case Pi(domain=domain, codomain=codomain):
            return _occurs(domain, name) or _occurs(codomain, name)
        case Apply(function, argument):
            return _occurs(function, name) or _occurs(argument, name)
        case _:
            return False


def _is_positive(domain: Term, name: str) -> bool:
    """Whether a type stands in an argument of its constructor only as a result."""
    while isinstance(domain, Pi):
        if _occurs(domain.domain, name):
            return False
        domain = domain.codomain
    return True
