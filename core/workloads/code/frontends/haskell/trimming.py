"""Dictionaries without the methods that nothing asks for, so that only what is needed becomes cards."""

from collections.abc import Iterator, Mapping

from core.workloads.code.frontends.functional.occurrences import mentioned, walk
from core.workloads.code.frontends.functional.terms import Case, Construct, Constructor, Lambda, Literal, Term
from core.workloads.code.frontends.haskell.scope import ClassInfo, Scope

Selected = tuple[str, int]
"""A dictionary's constructor, and the place of a field that something looks at."""


def trimmed(made: Mapping[str, Term], scope: Scope) -> dict[str, Term]:
    """Give what can be reached from `main`; fields of dictionaries that are never looked at are 0."""
    classes = {one.name: scope.classes[key[0]] for key, one in scope.instances.items()}
    selected: set[Selected] = set()
    while True:
        found: dict[str, Term] = {}
        waiting = ["main"]
        while waiting:
            name = waiting.pop()
            if name in found or name not in made:
                continue
            term = made[name]
            found[name] = _lean(term, classes[name], selected) if name in classes else term
            waiting += mentioned(found[name])
        more = {one for term in found.values() for one in _selections(term)}
        if more <= selected:
            return found
        selected |= more


def _selections(term: Term) -> Iterator[Selected]:
    for one in walk(term):
        if isinstance(one, Case):
            for way in one.alternatives:
                if isinstance(way.pattern, Constructor):
                    yield from ((way.pattern.name, place) for place, name in enumerate(way.fields) if name)


def _lean(term: Term, info: ClassInfo, selected: set[Selected]) -> Term:
    if isinstance(term, Lambda):
        return Lambda(term.params, _lean(term.body, info, selected))
    assert isinstance(term, Construct)
    name = term.constructor.name
    parts = (one if (name, place) in selected else Literal(0) for place, one in enumerate(term.args))
    return Construct(term.constructor, tuple(parts))
