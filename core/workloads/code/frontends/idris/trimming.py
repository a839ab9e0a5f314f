"""Implementations without the parts that nothing asks for, so that only what is needed becomes cards."""

from collections.abc import Iterator, Mapping

from core.workloads.code.frontends.functional.occurrences import mentioned, walk
from core.workloads.code.frontends.functional.terms import Case, Construct, Constructor, Literal, Term, rebuilt
from core.workloads.code.frontends.functional.terms import parts as parts_of

Selected = tuple[str, int]
"""An implementation's constructor, and the place of a part that something looks at."""


def trimmed(made: Mapping[str, Term], constructors: frozenset[str]) -> dict[str, Term]:
    """Give what can be reached from `main`; parts of implementations that are never looked at are 0."""
    selected: set[Selected] = set()
    while True:
        found: dict[str, Term] = {}
        waiting = ["main"]
        while waiting:
            name = waiting.pop()
            if name in found or name not in made:
                continue
            found[name] = _lean(made[name], constructors, selected)
            waiting += mentioned(found[name])
        more = {one for term in found.values() for one in _selections(term, constructors)}
        if more <= selected:
            return found
        selected |= more


def _selections(term: Term, constructors: frozenset[str]) -> Iterator[Selected]:
    for one in walk(term):
        if isinstance(one, Case):
            for way in one.alternatives:
                if isinstance(way.pattern, Constructor) and way.pattern.name in constructors:
                    used = set(mentioned(way.body))
                    yield from ((way.pattern.name, place) for place, name in enumerate(way.fields) if name in used)


def _lean(term: Term, constructors: frozenset[str], selected: set[Selected]) -> Term:
    inner = rebuilt(term, tuple(_lean(one, constructors, selected) for one in parts_of(term)))
    if isinstance(inner, Construct) and inner.constructor.name in constructors:
        name = inner.constructor.name
        args = (one if (name, place) in selected else Literal(0) for place, one in enumerate(inner.args))
        return Construct(inner.constructor, tuple(args))
    return inner
