"""Types, classes and instances: what their names stand for, and the terms that they become."""

from collections.abc import Callable
from functools import partial

from core.workloads.code.frontends.base import Diagnostic, Phase
from core.workloads.code.frontends.functional import terms
from core.workloads.code.frontends.functional.terms import Term
from core.workloads.code.frontends.haskell import converting, syntax
from core.workloads.code.frontends.haskell.bindings import BindingGroups
from core.workloads.code.frontends.haskell.constraints import Given
from core.workloads.code.frontends.haskell.deriving import derive
from core.workloads.code.frontends.haskell.lexer import tokenize
from core.workloads.code.frontends.haskell.parser import parse
from core.workloads.code.frontends.haskell.problems import At, Refusal
from core.workloads.code.frontends.haskell.scope import ClassInfo, ConstructorInfo, InstanceInfo, Scope, Value, meant
from core.workloads.code.frontends.haskell.types import (
    Applied,
    Constructor,
    Generic,
    Predicate,
    Scheme,
    Type,
    arrow,
    instantiated,
    rigid,
    spine,
)

Made = dict[str, Term]


class Declarations:
    """Takes in what a program declares; terms go into `made`."""

    def __init__(self, scope: Scope, groups: BindingGroups, made: Made) -> None:
        self.scope, self.groups, self.made = scope, groups, made
        self.problems: list[Diagnostic] = []
        self.derived: list[syntax.Instance] = []

    def take_in(self, program: syntax.Program) -> None:
        """Take in types and classes, and what instances there are."""
        for data in program.datas:
            self.scope.arities[data.name] = len(data.params)
        for synonym in program.synonyms:
            self.scope.synonyms[synonym.name] = synonym
        for data in program.datas:
            self._guarded(partial(self._data, data))
        for one in program.classes:
            self._guarded(partial(self._class, one))
        for data in program.datas:
            for at, name in data.deriving:
                self._guarded(partial(self._derive, data, name, at))
        for instance in [*program.instances, *self.derived]:
            self._guarded(partial(self._declare, instance))

    def _guarded(self, step: Callable[[], None]) -> None:
        try:
            step()
        except Refusal as refusal:
            self.problems.append(refusal.diagnostic)

    # Data.

    def _data(self, data: syntax.Data) -> None:
        variables: dict[str, Type] = {name: Generic(place) for place, name in enumerate(data.params)}
        result: Type = Constructor(data.name)
        for name in data.params:
            result = Applied(result, variables[name])
        family = tuple(len(one.fields) for one in data.constructors)
        siblings = tuple(one.name for one in data.constructors)
        for tag, one in enumerate(data.constructors):
            if one.name in self.scope.constructors:
                raise Refusal(Phase.SEMANTIC, one.at, f"the constructor {one.name} is there already")
            fields = [converting.convert(self.scope, field, variables) for field in one.fields]
            type_ = result
            for field in reversed(fields):
                type_ = arrow(field, type_)
            info = terms.Constructor(one.name, tag, len(fields), family)
            scheme = Scheme(len(data.params), (), type_)
            self.scope.constructors[one.name] = ConstructorInfo(info, scheme, one.labels, one.strict, siblings)
        self._selectors(data, variables, result)

    def _selectors(self, data: syntax.Data, variables: dict[str, Type], result: Type) -> None:
        labels = dict.fromkeys(label for one in data.constructors for label in one.labels)
        for label in labels:
            ways: list[terms.Alternative] = []
            type_: Type | None = None
            for one in data.constructors:
                if label not in one.labels:
                    continue
                place = one.labels.index(label)
                type_ = converting.convert(self.scope, one.fields[place], variables)
                fields = tuple("found~" if other == place else "" for other in range(len(one.fields)))
                info = self.scope.constructors[one.name].data
                ways.append(terms.Alternative(info, fields, terms.Variable("found~")))
            assert type_ is not None
            failure = terms.Stop(terms.Text(f"No match in record selector {label}"), data.at.line)
            default = failure if len(ways) < len(data.constructors) else None
            core = self.groups.inference.names.fresh(label)
            body = terms.Case(terms.Variable("record~"), "", tuple(ways), default)
            self.made[core] = terms.Lambda(("record~",), body)
            scheme = Scheme(len(data.params), (), arrow(result, type_))
            self.scope.values[label] = Value(scheme, terms.Variable(core))

    def _derive(self, data: syntax.Data, class_name: str, at: At) -> None:
        program, problems = parse(tokenize(derive(data, class_name, at)))
        assert not problems, problems
        self.derived += program.instances

    # Classes.

    def _class(self, one: syntax.Class) -> None:
        for at, name in one.supers:
            if name not in self.scope.classes:
                hint = meant(name, list(self.scope.classes))
                raise Refusal(Phase.SEMANTIC, at, f"no class is called {name}", hint)
        methods: dict[str, Scheme] = {}
        info = ClassInfo(one.name, tuple(name for _, name in one.supers), methods, frozenset(one.body.functions))
        self.scope.classes[one.name] = info
        for name, (_, written) in one.body.types.items():
            found = converting.scheme(self.scope, written, (one.variable,))
            methods[name] = Scheme(found.variables, ((one.name, Generic(0)), *found.predicates), found.type)
        for name, scheme in methods.items():
            self.scope.values[name] = Value(scheme, terms.Variable(f"{one.name}.{name}"), is_method=True)
            fields = tuple("method~" if info.place(name) == place else "" for place in range(info.dictionary.arity))
            way = terms.Alternative(info.dictionary, fields, terms.Variable("method~"))
            self.made[f"{one.name}.{name}"] = terms.Lambda(
                ("class~",), terms.Case(terms.Variable("class~"), "", (way,))
            )

    def write_defaults(self, one: syntax.Class) -> None:
        """Check what methods are where an instance says nothing."""
        info = self.scope.classes.get(one.name)
        if info is None:
            return
        for name, clauses in one.body.functions.items():
            if name not in info.methods:
                message = f"{name} is no method of class {one.name}"
                raise Refusal(Phase.SEMANTIC, clauses[0].at, message, meant(name, list(info.methods)))
            self._guarded(partial(self._default, info, name, clauses))

    def _default(self, info: ClassInfo, name: str, clauses: list[syntax.Clause]) -> None:
        inference = self.groups.inference

        def body(type_: Type) -> Term:
            return inference.function(tuple(clauses), type_, {}, f"of the type of {name}", name)

        self.made[f"default.{info.name}.{name}"] = self.groups.checked(info.methods[name], body)

    # Instances.

    def _declare(self, one: syntax.Instance) -> None:
        if one.class_name not in self.scope.classes:
            hint = meant(one.class_name, list(self.scope.classes))
            raise Refusal(Phase.SEMANTIC, one.at, f"no class is called {one.class_name}", hint)
        variables: dict[str, Type] = {name: Generic(place) for place, name in enumerate(converting.names(one.type))}
        head, args = spine(converting.convert(self.scope, one.type, variables))
        if not isinstance(head, Constructor) or not all(isinstance(arg, Generic) for arg in args):
            message = "an instance is for a type constructor applied to variables"
            raise Refusal(Phase.SEMANTIC, one.at, message, "write a newtype around a type such as [Char]")
        key = one.class_name, head.name
        if key in self.scope.instances:
            raise Refusal(Phase.SEMANTIC, one.at, f"there is an instance {one.class_name} {head.name} already")
        predicates: list[Predicate] = []
        for at, class_name, type_ in one.context:
            if class_name not in self.scope.classes:
                raise Refusal(Phase.SEMANTIC, at, f"no class is called {class_name}")
            predicates.append((class_name, converting.convert(self.scope, type_, variables)))
        name = f"{one.class_name}.{head.name}"
        self.scope.instances[key] = InstanceInfo(name, tuple(predicates))

    def write_instance(self, one: syntax.Instance) -> None:
        """Check the methods of an instance, and make its dictionary."""
        self._guarded(partial(self._instance, one))

    def _instance(self, one: syntax.Instance) -> None:
        variables: dict[str, Type] = {name: Generic(place) for place, name in enumerate(converting.names(one.type))}
        type_ = converting.convert(self.scope, one.type, variables)
        head, _ = spine(type_)
        assert isinstance(head, Constructor)
        info, found = self.scope.classes[one.class_name], self.scope.instances[one.class_name, head.name]
        for name, clauses in one.body.functions.items():
            if name not in info.methods:
                message = f"{name} is no method of class {one.class_name}"
                raise Refusal(Phase.SEMANTIC, clauses[0].at, message, meant(name, list(info.methods)))
        for name, scheme in info.methods.items():
            self.made[f"{found.name}.{name}"] = self._method(one, info, found, name, scheme, type_, len(variables))
        self.made[found.name] = self._dictionary(one, info, found, type_, len(variables))

    def _method(
        self,
        one: syntax.Instance,
        info: ClassInfo,
        found: InstanceInfo,
        name: str,
        scheme: Scheme,
        type_: Type,
        count: int,
    ) -> Term:
        inference = self.groups.inference
        # The instance's variables come first, then those of the method but its class's.
        given = [type_, *(Generic(count + place) for place in range(scheme.variables - 1))]
        predicates = (*found.predicates, *((cls, instantiated(inner, given)) for cls, inner in scheme.predicates[1:]))
        own = Scheme(count + scheme.variables - 1, predicates, instantiated(scheme.type, given))
        clauses = one.body.functions.get(name)
        if clauses is None:
            return self._missing(info, found, name)

        def body(inner: Type) -> Term:
            return inference.function(tuple(clauses), inner, {}, f"of the type of {name} in class {info.name}", name)

        return self.groups.checked(own, body)

    def _missing(self, info: ClassInfo, found: InstanceInfo, name: str) -> Term:
        params = tuple(self.groups.inference.names.fresh("dictionary") for _ in found.predicates)
        given = tuple(terms.Variable(param) for param in params)
        dictionary: Term = terms.Apply(terms.Variable(found.name), given) if given else terms.Variable(found.name)
        if name in info.defaults:
            body: Term = terms.Apply(terms.Variable(f"default.{info.name}.{name}"), (dictionary,))
        else:
            body = terms.Stop(terms.Text(f"No instance nor default method for class operation {name}"))
        return terms.Lambda(params, body) if params else body

    def _dictionary(self, one: syntax.Instance, info: ClassInfo, found: InstanceInfo, type_: Type, count: int) -> Term:
        constraints = self.groups.inference.constraints

        def body(given: tuple[Term, ...], fixed: list[Type]) -> Term:
            inner = instantiated(type_, fixed)
            supers = tuple(constraints.demand(name, inner, one.at, f"class {info.name}") for name in info.supers)
            methods = tuple(
                terms.Apply(terms.Variable(f"{found.name}.{name}"), given)
                if given
                else terms.Variable(f"{found.name}.{name}")
                for name in info.methods
            )
            return terms.Construct(info.dictionary, (*supers, *methods))

        params = tuple(self.groups.inference.names.fresh("dictionary") for _ in found.predicates)
        fixed: list[Type] = [rigid("a") for _ in range(count)]
        constraints.given = [
            Given(cls, instantiated(inner, fixed), terms.Variable(param))
            for (cls, inner), param in zip(found.predicates, params, strict=True)
        ]
        term = body(tuple(terms.Variable(param) for param in params), fixed)
        constraints.solve()
        constraints.given = []
        return terms.Lambda(params, term) if params else term
