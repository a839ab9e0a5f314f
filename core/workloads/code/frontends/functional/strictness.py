"""What is certain to be needed is computed at once: which parameters of functions, and which local values.

A backward analysis in the manner of Wadler and Hughes, "Projections for strictness analysis" (1987), with two points:
a variable is needed for certain, or not. Nothing is computed ahead of an action that comes before it.
"""

from collections.abc import Mapping

from core.workloads.code.frontends.functional.occurrences import Occurrences
from core.workloads.code.frontends.functional.terms import (
    Apply,
    Case,
    Construct,
    Definitions,
    Delay,
    Lambda,
    Let,
    Literal,
    Primitive,
    Stop,
    Term,
    Text,
    Variable,
    parts,
    rebuilt,
)

WORLD = "~world"
"""The last argument of whatever acts upon the world."""
Needed = frozenset[str] | None
"""Names; None for all that there are, as where the program stops."""
_NONE: frozenset[str] = frozenset()


def acts(term: Term) -> bool:
    """Whether computing the term may print or read."""
    match term:
        case Apply(args=(*_, Variable(name))):
            return name == WORLD
        case Primitive(sort=sort):
            return sort != "op"
        case _:
            return False


def is_settled(term: Term) -> bool:
    """Whether what the term comes to is a value for certain, and nothing that is still to be computed."""
    match term:
        case Delay():
            return False
        case Let(_, body):
            return is_settled(body)
        case Case(_, _, alternatives, default):
            return all(is_settled(one.body) for one in alternatives) and (default is None or is_settled(default))
        case _:
            return not acts(term)


def analyze(definitions: Definitions) -> dict[str, tuple[bool, ...]]:
    """Tell of each function at the top which parameters it needs for certain."""
    functions = {name: one for name, one in definitions.terms.items() if isinstance(one, Lambda)}
    strict = {name: (True,) * len(one.params) for name, one in functions.items()}
    while True:
        found = {}
        for name, one in functions.items():
            needed = _Analysis(strict).needed(one.body)
            found[name] = tuple(needed is None or param in needed for param in one.params)
        if found == strict:
            return strict
        strict = found


def hasten(definitions: Definitions, strict: Mapping[str, tuple[bool, ...]]) -> None:
    """Turn local values that are needed for certain into values computed at once."""
    hastening = _Hastening(strict, set(definitions.terms))
    for name, term in definitions.terms.items():
        definitions.terms[name] = hastening.changed(term)


class _Analysis:
    def __init__(self, strict: Mapping[str, tuple[bool, ...]]) -> None:
        self.strict = strict

    def needed(self, term: Term) -> Needed:  # noqa: PLR0911 - a case for each sort of term
        """Give the variables that computing the term computes."""
        match term:
            case Variable(name):
                return frozenset((name,))
            case Primitive(args=args):
                return self._all(args)
            case Apply():
                return self._call(term)
            case Let(bindings, body):
                return self._let(bindings, body)
            case Case():
                return self._case(term)
            case Stop():
                return None
            case Lambda() | Literal() | Text() | Construct() | Delay():
                return _NONE

    def _all(self, terms: tuple[Term, ...]) -> Needed:
        found: set[str] = set()
        for one in terms:
            needed = self.needed(one)
            if needed is None:
                return None
            found |= needed
        return frozenset(found)

    def _call(self, term: Apply) -> Needed:
        if not isinstance(term.function, Variable):
            return self.needed(term.function)
        strict = self.strict.get(term.function.name)
        if strict is None:
            return frozenset((term.function.name,))
        if len(strict) > len(term.args):
            return _NONE
        return self._all(tuple(arg for arg, sure in zip(term.args, strict, strict=False) if sure))

    def _let(self, bindings: tuple[tuple[str, Term], ...], body: Term) -> Needed:
        found = self.needed(body)
        if found is not None and len(bindings) == 1 and bindings[0][0] in found:
            more = self.needed(bindings[0][1])
            return None if more is None else found | more
        return found

    def _case(self, term: Case) -> Needed:
        subject = self.needed(term.subject)
        if subject is None or acts(term.subject):
            return subject
        bodies = [one.body for one in term.alternatives] + ([term.default] if term.default is not None else [])
        found = [one for one in map(self.needed, bodies) if one is not None]
        if not found:
            return None
        return subject.union(frozenset.intersection(*found))


class _Hastening:
    def __init__(self, strict: Mapping[str, tuple[bool, ...]], top: set[str]) -> None:
        self.analysis = _Analysis(strict)
        self.occurrences = Occurrences(top)

    def changed(self, term: Term) -> Term:
        inner = rebuilt(term, tuple(self.changed(one) for one in parts(term)))
        if not isinstance(inner, Let) or len(inner.bindings) != 1:
            return inner
        name, value = inner.bindings[0]
        needed = self.analysis.needed(inner.body)
        if isinstance(value, Lambda) or needed is None or name not in needed or name in self.occurrences.free(value):
            return inner
        return Case(value, name, (), inner.body)
