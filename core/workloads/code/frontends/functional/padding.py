"""Loops through several functions: all of them take as many arguments, so that no tail call among them takes stack."""

from collections.abc import Iterator

from core.workloads.code.frontends.functional.dependencies import components
from core.workloads.code.frontends.functional.terms import Apply, Case, Definitions, Lambda, Let, Term, Variable


def padding(definitions: Definitions) -> dict[str, int]:
    """Tell of each function how many arguments without a meaning its calls have behind the others."""
    arities = {name: len(one.params) for name, one in definitions.terms.items() if isinstance(one, Lambda)}
    calls = {
        name: [called for called in _tail_calls(one.body) if called in arities]
        for name, one in definitions.terms.items()
        if isinstance(one, Lambda)
    }
    found: dict[str, int] = {}
    for group in components(calls):
        most = max(arities[name] for name in group)
        found |= {name: most - arities[name] for name in group}
    return found


def _tail_calls(term: Term) -> Iterator[str]:
    match term:
        case Apply(Variable(name)):
            yield name
        case Let(_, body):
            yield from _tail_calls(body)
        case Case(_, _, alternatives, default):
            for one in alternatives:
                yield from _tail_calls(one.body)
            if default is not None:
                yield from _tail_calls(default)
