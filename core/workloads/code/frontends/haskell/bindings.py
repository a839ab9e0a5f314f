"""Groups of bindings: those that need each other are looked through together, then made as general as they can be."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from core.workloads.code.frontends.base import Diagnostic, Phase
from core.workloads.code.frontends.functional import terms
from core.workloads.code.frontends.functional.dependencies import components
from core.workloads.code.frontends.functional.terms import Term
from core.workloads.code.frontends.haskell import converting, matching, syntax
from core.workloads.code.frontends.haskell.constraints import Demand, Given
from core.workloads.code.frontends.haskell.inference import Inference
from core.workloads.code.frontends.haskell.mentions import mentions
from core.workloads.code.frontends.haskell.problems import At, Refusal
from core.workloads.code.frontends.haskell.scope import Locals, Value
from core.workloads.code.frontends.haskell.types import (
    IO,
    Applied,
    Generic,
    Meta,
    Predicate,
    Scheme,
    Type,
    generalized,
    instantiated,
    metas,
    pruned,
    rigid,
    show,
    spine,
)

Groups = list[list[tuple[str, Term]]]


@dataclass(slots=True)
class Item:
    """A function by its clauses, or a pattern with what it is bound to."""

    names: tuple[str, ...]
    at: At
    clauses: tuple[syntax.Clause, ...]

    name: str = ""


class BindingGroups:
    """Looks through bindings; at the top of a program what is wrong is gathered, and what depends on it left out."""

    def __init__(self, inference: Inference) -> None:
        self.inference = inference
        self.problems: list[Diagnostic] = []
        self.spoiled: set[str] = set()

    def infer(self, bindings: syntax.Bindings, local: Locals) -> tuple[Groups, Locals]:
        """Give the terms of local bindings, and what their names stand for."""
        inner = dict(local)
        return self._groups(bindings, inner, gathering=False), inner

    def infer_top(self, bindings: syntax.Bindings) -> Groups:
        """Give the terms of all bindings at the top; problems are gathered."""
        return self._groups(bindings, {}, gathering=True)

    def _gathered(self, make: Callable[[], Groups], names: set[str]) -> Groups:
        try:
            return make()
        except Refusal as refusal:
            self.problems.append(refusal.diagnostic)
            self.spoiled |= names
            self.inference.constraints.waiting.clear()
            self.inference.constraints.given.clear()
            self.inference.level = 0
            return []

    def _scheme(self, written: syntax.Scheme, *, gathering: bool) -> Scheme | None:
        """Convert a type that the program gives; at the top, what is wrong with it is gathered."""
        try:
            return converting.scheme(self.inference.scope, written)
        except Refusal as refusal:
            if not gathering:
                raise
            self.problems.append(refusal.diagnostic)
            return None

    def _groups(self, bindings: syntax.Bindings, local: Locals, *, gathering: bool) -> Groups:
        items = self._items(bindings)
        # At the top, names go where the whole program finds them.
        known: Locals = self.inference.scope.values if gathering else local  # type: ignore[assignment]
        owner = {name: str(place) for place, one in enumerate(items) for name in one.names}
        for name, (at, written) in bindings.types.items():
            if name not in owner:
                message = f"{name} has a type, but is not defined"
                refusal = Refusal(Phase.SEMANTIC, at, message, "define it, or drop its type")
                if not gathering:
                    raise refusal
                self.problems.append(refusal.diagnostic)
                continue
            scheme = self._scheme(written, gathering=gathering)
            if scheme is None:
                self.spoiled.add(name)
            else:
                core = "main" if name == "main" and gathering else self.inference.names.fresh(name)
                known[name] = Value(scheme, terms.Variable(core))
        needs = {
            str(place): [
                owner[name]
                for clause in one.clauses
                for name in mentions(clause)
                if name in owner and name not in bindings.types
            ]
            for place, one in enumerate(items)
        }
        found: Groups = []
        for group in components(needs):
            members = [items[int(place)] for place in group]
            names = tuple(name for one in members for name in one.names)
            used = {name for one in members for clause in one.clauses for name in mentions(clause)}
            if self.spoiled & (used | set(names)):
                self.spoiled |= set(names)
                continue
            make = partial(self._group, members, bindings, local, known)
            found += self._gathered(make, set(names) - set(bindings.types)) if gathering else make()
        return found

    def _items(self, bindings: syntax.Bindings) -> list[Item]:
        found = [Item((name,), clauses[0].at, tuple(clauses), name) for name, clauses in bindings.functions.items()]
        return found + [Item(tuple(pattern_names(one.patterns[0])), one.at, (one,)) for one in bindings.patterns]

    def _group(self, members: list[Item], bindings: syntax.Bindings, local: Locals, known: Locals) -> Groups:
        if len(members) == 1 and members[0].name in bindings.types:
            return [[self._explicit(members[0], local, known)]]
        return self._implicit(members, local, known)

    # With a type.

    def _explicit(self, one: Item, local: Locals, known: Locals) -> tuple[str, Term]:
        value = known[one.name]
        assert isinstance(value, Value)
        assert isinstance(value.term, terms.Variable)
        inference = self.inference

        def body(type_: Type) -> Term:
            return inference.function(one.clauses, type_, local, f"of the type of {one.name}", one.name)

        return value.term.name, self.checked(value.scheme, body)

    def checked(self, scheme: Scheme, body: Callable[[Type], Term]) -> Term:
        """Check a term against a type that the program gives, for all types of its variables."""
        inference, constraints = self.inference, self.inference.constraints
        fixed: list[Type] = [rigid("abcdefghijklmnopqrstuvwxyz"[number % 26]) for number in range(scheme.variables)]
        params = tuple(inference.names.fresh("dictionary") for _ in scheme.predicates)
        outer_given, outer_waiting = constraints.given, constraints.waiting
        constraints.given = [*outer_given] + [
            Given(class_name, instantiated(type_, fixed), terms.Variable(param))
            for (class_name, type_), param in zip(scheme.predicates, params, strict=True)
        ]
        constraints.waiting = []
        inference.level += 1
        term = body(instantiated(scheme.type, fixed))
        constraints.solve()
        inference.level -= 1
        self._settle(constraints.waiting, outer_waiting)
        constraints.given, constraints.waiting = outer_given, outer_waiting
        return terms.Lambda(params, term) if params else term

    def _settle(self, left: list[Demand], outer: list[Demand]) -> None:
        """Hand demands on types of the surroundings on; choose types for the others."""
        constraints = self.inference.constraints
        own = [one for one in left if all(meta.level > self.inference.level for meta in metas(one.type))]
        outer += [one for one in left if one not in own]
        constraints.waiting = own
        constraints.default(list(own))

    # Without a type.

    def _implicit(self, members: list[Item], local: Locals, known: Locals) -> Groups:
        inference, constraints = self.inference, self.inference.constraints
        top = known is inference.scope.values
        outer_waiting = constraints.waiting
        constraints.waiting = []
        inference.level += 1
        cores: dict[str, str] = {}
        types: dict[str, Type] = {}
        marks: dict[str, str] = {}
        for one in members:
            for name in one.names:
                cores[name] = "main" if name == "main" and top else inference.names.fresh(name)
                types[name] = inference.meta()
                marks[name] = inference.names.fresh("recursion")
                known[name] = Value(Scheme(0, (), types[name]), terms.Variable(marks[name]))
        made = [pair for one in members for pair in self._member(one, local, types, cores)]
        head, arguments = spine(types["main"]) if top and "main" in types else (None, [])
        if arguments and isinstance(head, Meta):  # main = return (), in whichever monad
            inference.equal(members[0].at, Applied(IO, inference.meta()), types["main"], "main is an action")
        constraints.solve()
        inference.level -= 1
        restricted = any(not one.name or not one.clauses[0].patterns for one in members)
        predicates, params = self._predicates(list(types.values()), outer_waiting, restricted=restricted, top=top)
        variables: dict[int, Generic] = {}
        for type_ in types.values():
            for meta in metas(type_):
                if meta.level > inference.level:
                    variables.setdefault(id(meta), Generic(len(variables)))
        for _, type_ in predicates:
            for meta in metas(type_):
                variables.setdefault(id(meta), Generic(len(variables)))
        wanted = tuple((class_name, generalized(type_, variables)) for class_name, type_ in predicates)
        for name, core in cores.items():
            given = tuple(terms.Variable(param) for param in params)
            constraints.met[marks[name]] = terms.Apply(terms.Variable(core), given) if given else terms.Variable(core)
            scheme = Scheme(len(variables), wanted, generalized(types[name], variables))
            known[name] = Value(scheme, terms.Variable(core))
        constraints.waiting = outer_waiting
        return [[(core, terms.Lambda(tuple(params), term) if params else term) for core, term in made]]

    def _member(
        self, one: Item, local: Locals, types: dict[str, Type], cores: dict[str, str]
    ) -> list[tuple[str, Term]]:
        inference = self.inference
        if one.name:
            term = inference.function(one.clauses, types[one.name], local, f"{one.name} is of this type", one.name)
            return [(cores[one.name], term)]
        clause = one.clauses[0]
        type_ = inference.meta()
        bound: Locals = {}
        pattern = inference.pattern(clause.patterns[0], type_, bound, {})
        for name in one.names:
            value = bound[name]
            assert isinstance(value, Value)
            inference.equal(one.at, types[name], value.scheme.type, "it is bound by a pattern")
        body = inference.bodies(clause, type_, local, "it is bound to a pattern")
        failure = terms.Stop(terms.Text(f"the pattern in line {one.at.line} does not fit"), one.at.line)
        whole = inference.names.fresh("whole")
        found = [(whole, body(failure))]
        for name in one.names:
            value = bound[name]
            assert isinstance(value, Value)
            assert isinstance(value.term, terms.Variable)
            part = matching.part(whole, pattern, value.term.name, failure, inference.names)
            found.append((cores[name], part))
        return found

    def _predicates(
        self, types: list[Type], outer: list[Demand], *, restricted: bool, top: bool
    ) -> tuple[list[Predicate], list[str]]:
        """Tell which demands become parameters; the others are handed on, or a type is chosen for them."""
        inference, constraints = self.inference, self.inference.constraints
        left, constraints.waiting = constraints.waiting, []
        own = {id(meta) for type_ in types for meta in metas(type_) if meta.level > inference.level}
        found: list[Predicate] = []
        params: list[str] = []
        lost: list[Demand] = []
        for one in left:
            inside = list(metas(one.type))
            if all(meta.level <= inference.level for meta in inside) or (restricted and not top):
                for meta in inside:
                    meta.level = min(meta.level, inference.level)
                outer.append(one)
            elif restricted or not any(id(meta) in own for meta in inside):
                lost.append(one)
            else:
                self._parameter(one, found, params)
        constraints.waiting = lost
        constraints.default(list(lost))
        return found, params

    def _parameter(self, one: Demand, found: list[Predicate], params: list[str]) -> None:
        for place, (class_name, type_) in enumerate(found):
            if class_name == one.class_name and pruned(type_) is pruned(one.type):
                self.inference.constraints.met[one.hole] = terms.Variable(params[place])
                return
        if not isinstance(pruned(one.type), Meta):
            message = f"it is not clear which instance of {one.class_name} for {show(one.type)} is meant"
            raise Refusal(Phase.SEMANTIC, one.at, message, "give the function a type")
        found.append((one.class_name, one.type))
        params.append(self.inference.names.fresh("dictionary"))
        self.inference.constraints.met[one.hole] = terms.Variable(params[-1])


def pattern_names(pattern: syntax.Pattern) -> list[str]:
    """List the variables that a pattern binds."""
    match pattern:
        case syntax.Bind(_, name, inner):
            return [*([name] if name else []), *pattern_names(inner)]
        case syntax.Lazy(_, inner):
            return pattern_names(inner)
        case syntax.Match(_, _, args):
            return [name for one in args for name in pattern_names(one)]
        case _:
            return []
