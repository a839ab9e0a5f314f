"""Which variables occur in terms, and terms with others in their place."""

from collections.abc import Iterator, Mapping

from core.workloads.code.frontends.functional.terms import (
    Alternative,
    Case,
    Lambda,
    Let,
    Term,
    Variable,
    bound,
    parts,
    rebuilt,
)


class Occurrences:
    """Free variables of terms, each term looked through once; names at the top of the program are not counted."""

    def __init__(self, top: frozenset[str] | set[str]) -> None:
        self.top = top
        self._known: dict[int, tuple[Term, frozenset[str]]] = {}

    def free(self, term: Term) -> frozenset[str]:
        """Give the names that the term takes from around it."""
        kept = self._known.get(id(term))
        if kept is not None:
            return kept[1]
        if isinstance(term, Variable):
            found = frozenset() if term.name in self.top else frozenset((term.name,))
        else:
            found = frozenset().union(*map(self.free, parts(term))).difference(bound(term))
        self._known[id(term)] = (term, found)
        return found


def walk(term: Term) -> Iterator[Term]:
    """Give the term and all within it."""
    waiting = [term]
    while waiting:
        one = waiting.pop()
        yield one
        waiting.extend(parts(one))


def mentioned(term: Term) -> list[str]:
    """List the names of variables in the term, as often as they occur."""
    return [one.name for one in walk(term) if isinstance(one, Variable)]


class Names:
    """New names, each of them once."""

    def __init__(self, count: int = 0) -> None:
        self.count = count

    def fresh(self, name: str) -> str:
        """Give a name that nothing else has, which tells where it comes from."""
        self.count += 1
        return f"{name.partition('~')[0]}~{self.count}"


def copied(term: Term, names: Names, given: Mapping[str, Term]) -> Term:
    """Copy a term with variables replaced; all that it binds gets new names."""
    if isinstance(term, Variable):
        return given.get(term.name, term)
    new = {name: names.fresh(name) for name in bound(term)}
    inner = {**given, **{name: Variable(other) for name, other in new.items()}} if new else given
    match term:
        case Lambda(params, body):
            return Lambda(tuple(new[one] for one in params), copied(body, names, inner))
        case Let(bindings, body):
            changed = tuple((new[name], copied(one, names, inner)) for name, one in bindings)
            return Let(changed, copied(body, names, inner))
        case Case(subject, binder, alternatives, default):
            return Case(
                copied(subject, names, given),
                new[binder],
                tuple(
                    Alternative(
                        one.pattern,
                        tuple(new[name] if name else "" for name in one.fields),
                        copied(one.body, names, inner),
                    )
                    for one in alternatives
                ),
                copied(default, names, inner) if default is not None else None,
            )
        case _:
            return rebuilt(term, tuple(copied(one, names, given) for one in parts(term)))
