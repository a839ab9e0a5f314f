"""Local functions that are only ever called become functions at the top, with what they use from around as parameters.

Johnsson, "Lambda lifting" (1985); functions that are handed about as values stay where they are, as closures.
"""

from collections import Counter

from core.workloads.code.frontends.functional.dependencies import groups
from core.workloads.code.frontends.functional.occurrences import Occurrences, walk
from core.workloads.code.frontends.functional.terms import (
    Apply,
    Definitions,
    Lambda,
    Let,
    Term,
    Variable,
    parts,
    rebuilt,
)


def lift(definitions: Definitions) -> None:
    """Lift in all definitions, those included that come from there."""
    lifting = _Lifting(definitions)
    for name in list(definitions.terms):
        definitions.terms[name] = lifting.changed(definitions.terms[name])
    while lifting.waiting:
        name, term = lifting.waiting.pop()
        definitions.terms[name] = lifting.changed(term)


class _Lifting:
    def __init__(self, definitions: Definitions) -> None:
        self.definitions = definitions
        self.top = set(definitions.terms) | {"~world"}
        self.added: dict[str, tuple[str, ...]] = {}
        self.waiting: list[tuple[str, Term]] = []

    def changed(self, term: Term) -> Term:
        """Give the term with calls of lifted functions as they are now."""
        if isinstance(term, Apply) and isinstance(term.function, Variable) and term.function.name in self.added:
            more = tuple(Variable(name) for name in self.added[term.function.name])
            return Apply(term.function, (*more, *(self.changed(one) for one in term.args)))
        if isinstance(term, Variable) and self.added.get(term.name):
            return Apply(term, tuple(Variable(name) for name in self.added[term.name]))
        if isinstance(term, Let):
            return self._let(term)
        return rebuilt(term, tuple(self.changed(one) for one in parts(term)))

    def _let(self, term: Let) -> Term:
        found = groups(term.bindings)
        if len(found) > 1:
            body = term.body
            for group in reversed(found):
                body = Let(tuple(group), body)
            return self.changed(body)
        if not self._may_go(term):
            return Let(tuple((name, self.changed(one)) for name, one in term.bindings), self.changed(term.body))
        names = {name for name, _ in term.bindings}
        occurrences = Occurrences(self.top)
        used = frozenset().union(*(occurrences.free(one) for _, one in term.bindings)) - names
        extra = tuple(sorted({more for name in used for more in self.added.get(name, (name,))}))
        for name, one in term.bindings:
            assert isinstance(one, Lambda)
            self.added[name] = extra
            self.waiting.append((name, _fresh(one, extra)))
            self.definitions.terms[name] = one
        return self.changed(term.body)

    def _may_go(self, term: Let) -> bool:
        arities = {name: len(one.params) for name, one in term.bindings if isinstance(one, Lambda)}
        if len(arities) < len(term.bindings):
            return False
        seen: Counter[str] = Counter()
        called: Counter[str] = Counter()
        inner = [one for part in (*(one for _, one in term.bindings), term.body) for one in walk(part)]
        for one in inner:
            if isinstance(one, Variable) and one.name in arities:
                seen[one.name] += 1
            elif isinstance(one, Apply) and isinstance(one.function, Variable):
                name = one.function.name
                called[name] += name in arities and len(one.args) >= arities[name]
        return all(seen[name] == called[name] for name in arities)


def _fresh(term: Lambda, extra: tuple[str, ...]) -> Lambda:
    return Lambda((*extra, *term.params), term.body)
