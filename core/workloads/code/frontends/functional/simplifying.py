"""Small functions take the place of their calls, known arguments that of parameters; what needs no name loses it."""

from collections.abc import Mapping

from core.workloads.code.frontends.functional.occurrences import Names, copied, mentioned, walk
from core.workloads.code.frontends.functional.strictness import WORLD
from core.workloads.code.frontends.functional.terms import (
    Alternative,
    Apply,
    Case,
    Lambda,
    Let,
    Literal,
    Stop,
    Term,
    Variable,
    parts,
    rebuilt,
)

_ACTING = (Variable(WORLD),)
_SMALL = 12
"""Terms of a function that takes the place of its calls."""


class Simplifier:
    """Simplifies terms; `known` are functions at the top, `actions` those that may be taken apart anywhere."""

    def __init__(self, known: Mapping[str, Term], names: Names, actions: frozenset[str]) -> None:
        self.known, self.names, self.actions = known, names, actions
        self._small: dict[str, bool] = {}
        self._within: set[str] = set()
        """Functions whose bodies are being put in the place of a call: not again within themselves."""

    def simplified(self, term: Term) -> Term:
        """Give a shorter term that means the same."""
        match term:
            case Apply():
                return self._apply(term)
            case Let(((name, value),), body) if not isinstance(value, Lambda) and name not in mentioned(value):
                return self._let(name, self.simplified(value), body)
            case Lambda(params, body):
                inner = self.simplified(body)
                return _merged(params, inner)
            case Variable(name) if isinstance(found := self.known.get(name), Variable | Literal):
                return self.simplified(found)
            case _:
                return rebuilt(term, tuple(self.simplified(one) for one in parts(term)))

    def _let(self, name: str, value: Term, body: Term) -> Term:
        if isinstance(value, Variable | Literal):
            return self.simplified(copied(body, self.names, {name: value}))
        inner = self.simplified(body)
        if isinstance(inner, Variable) and inner.name == name:
            return value
        return Let(((name, value),), inner) if name in mentioned(inner) else inner

    def _apply(self, term: Apply) -> Term:
        function = term.function if isinstance(term.function, Variable) else self.simplified(term.function)
        return self.applied(function, tuple(self.simplified(one) for one in term.args))

    def applied(self, function: Term, args: tuple[Term, ...]) -> Term:  # noqa: PLR0911 - a case for each sort of term
        """Apply a function to arguments, all of which are simplified."""
        match function:
            case Apply(inner, first):
                return self.applied(inner, (*first, *args))
            case Let(bindings, body):
                inner = self.applied(body, args)
                return Let(self._widened(bindings, inner) if args == _ACTING else bindings, inner)
            case Stop():
                return function
            case Case(subject, binder, alternatives, default) if all(
                isinstance(one, Variable | Literal) for one in args
            ):
                ways = tuple(Alternative(one.pattern, one.fields, self.applied(one.body, args)) for one in alternatives)
                return Case(subject, binder, ways, self.applied(default, args) if default is not None else None)
            case Lambda():
                return self._beta(function, args, anywhere=args[-1] == Variable(WORLD))
            case Variable(name):
                found = self.known.get(name)
                if isinstance(found, Variable):
                    return self.applied(found, args)
                if isinstance(found, Lambda) and name not in self._within and self._is_small(name, found, args):
                    body = copied(found, self.names, {})
                    assert isinstance(body, Lambda)
                    self._within.add(name)
                    placed = self._beta(body, args, anywhere=name in self.actions)
                    self._within.discard(name)
                    return placed
        return Apply(function, args)

    def _widened(self, bindings: tuple[tuple[str, Term], ...], body: Term) -> tuple[tuple[str, Term], ...]:
        """Let a local function that is always called to act take the world as one more parameter."""
        ((name, value), *others) = bindings
        if others or not isinstance(value, Lambda) or name in mentioned(value):
            return bindings
        count = len(value.params) + 1
        calls = [one for one in walk(body) if isinstance(one, Apply) and one.function == Variable(name)]
        acting = [one for one in calls if len(one.args) == count and one.args[-1] == Variable(WORLD)]
        if len(acting) < mentioned(body).count(name):
            return bindings
        return ((name, Lambda((*value.params, self.names.fresh("world")), self.applied(value.body, _ACTING))),)

    def _is_small(self, name: str, found: Lambda, args: tuple[Term, ...]) -> bool:
        if name not in self._small:
            inner = list(walk(found.body))
            plain = not any(isinstance(one, Let) for one in inner)
            self._small[name] = plain and len(inner) <= _SMALL and name not in mentioned(found)
        return self._small[name] and (len(args) >= len(found.params) or name in self.actions)

    def _beta(self, function: Lambda, args: tuple[Term, ...], *, anywhere: bool) -> Term:
        """Put arguments in the places of parameters; those that would be computed twice get a name."""
        given: dict[str, Term] = {}
        named: list[tuple[str, Term]] = []
        uses = mentioned(function.body)
        beneath = {name for one in walk(function.body) if isinstance(one, Lambda) for name in mentioned(one.body)}
        for param, one in zip(function.params, args, strict=False):
            once = uses.count(param) <= 1 and (anywhere or param not in beneath)
            if isinstance(one, Variable | Literal) or once:
                given[param] = one
            else:
                named.append((param, one))
        body = copied(function.body, self.names, given) if given else function.body
        rest = function.params[len(args) :]
        found = Lambda(rest, body) if rest else body
        more = args[len(function.params) :]
        simple = self.simplified(found)
        if more:
            simple = self.applied(simple, more)
        for name, one in reversed(named):
            simple = Let(((name, one),), simple)
        return simple


def _merged(params: tuple[str, ...], body: Term) -> Lambda:
    return Lambda((*params, *body.params), body.body) if isinstance(body, Lambda) else Lambda(params, body)
