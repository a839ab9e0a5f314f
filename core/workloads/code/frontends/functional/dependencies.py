"""Which definitions need which: groups of those that need each other, each after the groups that it needs.

Tarjan, "Depth-first search and linear graph algorithms" (1972).
"""

from collections.abc import Iterable, Mapping, Sequence

from core.workloads.code.frontends.functional.occurrences import mentioned
from core.workloads.code.frontends.functional.terms import Term


def groups(bindings: Sequence[tuple[str, Term]]) -> list[list[tuple[str, Term]]]:
    """Put bindings in groups of those that refer to each other, in an order in which each can be made."""
    terms = dict(bindings)
    needs = {name: [one for one in mentioned(term) if one in terms] for name, term in bindings}
    return [[(name, terms[name]) for name in group] for group in components(needs)]


def components(needs: Mapping[str, Iterable[str]]) -> list[list[str]]:
    """Give the strongly connected components, those needed first."""
    search = _Search(needs)
    for name in needs:
        if name not in search.number:
            search.visit(name)
    order = {name: place for place, name in enumerate(needs)}
    return [sorted(group, key=order.__getitem__) for group in search.found]


class _Search:
    def __init__(self, needs: Mapping[str, Iterable[str]]) -> None:
        self.needs = needs
        self.number: dict[str, int] = {}
        self.low: dict[str, int] = {}
        self.stack: list[str] = []
        self.on_stack: set[str] = set()
        self.found: list[list[str]] = []

    def visit(self, root: str) -> None:
        """Look through all that can be reached; with a stack of its own, as chains may be long."""
        work = [(root, iter(self._enter(root)))]
        while work:
            name, further = work[-1]
            for one in further:
                if one not in self.number:
                    work.append((one, iter(self._enter(one))))
                    break
                if one in self.on_stack:
                    self.low[name] = min(self.low[name], self.number[one])
            else:
                work.pop()
                if work:
                    above = work[-1][0]
                    self.low[above] = min(self.low[above], self.low[name])
                if self.low[name] == self.number[name]:
                    self._close(name)

    def _enter(self, name: str) -> list[str]:
        self.number[name] = self.low[name] = len(self.number)
        self.stack.append(name)
        self.on_stack.add(name)
        return [one for one in dict.fromkeys(self.needs[name]) if one in self.needs]

    def _close(self, name: str) -> None:
        group: list[str] = []
        while True:
            one = self.stack.pop()
            self.on_stack.discard(one)
            group.append(one)
            if one == name:
                break
        self.found.append(group)
