"""Whether functions come to an end: in each loop of calls something gets smaller.

Lee, Jones and Ben-Amram, "The size-change principle for program termination" (2001).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from core.workloads.code.frontends.functional.dependencies import components
from core.workloads.code.frontends.idris.core import (
    Apply,
    Bound,
    Clause,
    Delay,
    Equals,
    Fits,
    Force,
    Lambda,
    Let,
    Literal,
    Local,
    Pattern,
    Pi,
    Term,
    Top,
    spine,
)
from core.workloads.code.frontends.idris.globals import Definition, Globals
from core.workloads.code.frontends.idris.names import SUCCESSOR, ZERO

_SMALLER, _SAME = 1, 0
Sizes = frozenset[tuple[int, int, int]]
"""Of a call: argument of the caller, argument of what is called, and whether the latter is smaller or the same."""
_MOST_GRAPHS = 3_000
TRUSTED = frozenset({"Prelude/assert_total"})
"""Functions whose arguments are taken to come to an end."""


@dataclass(frozen=True, slots=True)
class Call:
    """A call, by functions' names."""

    caller: str
    called: str
    sizes: Sizes


def calls(known: Globals, one: Definition) -> Iterator[Call]:
    """List the calls of a function to functions at the top, whose arguments are compared with its own."""
    for clause in one.clauses or ():
        yield from _Comparing(known, one, clause).run()


def not_ending(known: Globals, functions: Mapping[str, list[Call]]) -> dict[str, str]:
    """Give the functions that may go on for ever, each with one that it may do so by."""
    needs = {name: [one.called for one in found if one.called in functions] for name, found in functions.items()}
    bad: dict[str, str] = {}
    for group in components(needs):
        members = set(group)
        inner = [one for name in group for one in functions[name] if one.called in members]
        if inner and not _ends(inner):
            bad |= {name: known.definitions[name].owner or name for name in group}
    return bad


def _ends(inner: list[Call]) -> bool:
    """Whether each loop that is its own square makes an argument smaller."""
    closed: set[Call] = set(inner)
    waiting = list(closed)
    while waiting:
        one = waiting.pop()
        for other in list(closed):
            for first, second in ((one, other), (other, one)):
                if first.called != second.caller:
                    continue
                made = Call(first.caller, second.called, _composed(first.sizes, second.sizes))
                if made not in closed:
                    closed.add(made)
                    waiting.append(made)
                    if len(closed) > _MOST_GRAPHS:
                        return False
    for one in closed:
        stays = one.caller == one.called and _composed(one.sizes, one.sizes) == one.sizes
        if stays and not any(start == end and change == _SMALLER for start, end, change in one.sizes):
            return False
    return True


def _composed(first: Sizes, second: Sizes) -> Sizes:
    best: dict[tuple[int, int], int] = {}
    for start, middle, change in first:
        for other, end, more in second:
            if middle == other:
                key = start, end
                best[key] = max(best.get(key, _SAME), change, more)
    return frozenset((start, end, change) for (start, end), change in best.items())


def implemented(known: Globals, method: Definition, args: list[Term]) -> tuple[str, list[Apply]] | None:
    """Give the function that a method is for a known implementation, and the arguments that it has from there."""
    if method.method is None or len(args) < method.arity:
        return None
    head, own = spine(args[method.arity - 1])
    one = known.definitions.get(head.name) if isinstance(head, Top) else None
    if one is None or not one.sealed or not one.clauses:
        return None
    _, parts = spine(one.clauses[0].body)
    found, steps = spine(parts[method.arity - 1 + method.method].argument)
    if not isinstance(found, Top) or found.name not in known.definitions:
        return None
    given = [each.argument for each in own]
    return found.name, [Apply(found, _given(each.argument, given), each.mode, each.erased) for each in steps]


def _given(term: Term, args: list[Term]) -> Term:
    """Put arguments in the places of variables, where a term consists of variables and applications alone."""
    match term:
        case Local(index):
            return args[-1 - index]
        case Apply(function, argument, mode, erased):
            return Apply(_given(function, args), _given(argument, args), mode, erased)
        case _:
            return term


class _Comparing:
    """Compares arguments of calls within a clause with the clause's patterns."""

    def __init__(self, known: Globals, one: Definition, clause: Clause) -> None:
        self.known, self.one, self.clause = known, one, clause
        self.found: list[Call] = []

    def run(self) -> list[Call]:
        self._walk(self.clause.body, len(self.clause.variables), {})
        return self.found

    def _walk(self, term: Term, depth: int, lets: Mapping[int, tuple[Term, int]]) -> None:  # noqa: C901 - a case for each sort of term
        match term:
            case Apply() | Top():
                head, steps = spine(term)
                if isinstance(head, Top) and head.name in TRUSTED:
                    return
                if isinstance(head, Top):
                    steps = self._call(head.name, steps, depth, lets)
                else:
                    self._walk(head, depth, lets)
                for one in steps:
                    if not one.erased:
                        self._walk(one.argument, depth, lets)
            case Lambda(body=body):
                self._walk(body, depth + 1, lets)
            case Let(_, _, value, body):
                self._walk(value, depth, lets)
                self._walk(body, depth + 1, {**lets, depth: (value, depth)})
            case Force(body):
                self._walk(body, depth, lets)
            case Delay(body, endless):
                if not endless:
                    self._walk(body, depth, lets)
            case Pi(domain=domain, codomain=codomain):
                self._walk(domain, depth, lets)
                self._walk(codomain, depth + 1, lets)

    def _call(self, name: str, steps: list[Apply], depth: int, lets: Mapping[int, tuple[Term, int]]) -> list[Apply]:
        """Take in a call; gives the arguments that are still to be looked through."""
        called = self.known.definitions[name]
        if called.kind not in ("function", "primitive") or (self.one.sealed and name == self.one.name):
            return steps
        found = implemented(self.known, called, [one.argument for one in steps])
        if found is not None:
            name, given = found
            steps = steps[called.arity :]
            args: list[Term | None] = [*(None for _ in given), *(one.argument for one in steps)]
        else:
            args = [one.argument for one in steps]
        sizes: set[tuple[int, int, int]] = set()
        for place, argument in enumerate(args):
            for own, pattern in enumerate(self.clause.patterns if argument is not None else ()):
                assert argument is not None
                change = self._compared(argument, depth, pattern, lets)
                if change is not None:
                    sizes.add((own, place, change))
        self.found.append(Call(self.one.name, name, frozenset(sizes)))
        return steps

    def _compared(self, term: Term, depth: int, pattern: Pattern, lets: Mapping[int, tuple[Term, int]]) -> int | None:
        """Tell whether a term is a part of what fits a pattern, or the same."""
        if self._is(term, depth, pattern, lets):
            return _SAME
        if isinstance(pattern, Fits):
            for one in pattern.args:
                if self._compared(term, depth, one, lets) is not None:
                    return _SMALLER
        return None

    def _is(self, term: Term, depth: int, pattern: Pattern, lets: Mapping[int, tuple[Term, int]]) -> bool:  # noqa: PLR0911 - a case for each sort of term
        """Whether a term is what fits a pattern; a part of it that is a function's result counts as the function."""
        if isinstance(term, Force):
            return self._is(term.body, depth, pattern, lets)
        if isinstance(term, Literal) and term.sort == "Nat":
            if isinstance(pattern, Fits) and pattern.constructor == ZERO:
                return term.value == 0
            if isinstance(pattern, Fits) and pattern.constructor == SUCCESSOR and int(term.value) > 0:
                return self._is(Literal(int(term.value) - 1, "Nat"), depth, pattern.args[0], lets)
            return False
        head, steps = spine(term)
        if isinstance(head, Local):
            level = depth - 1 - head.index
            if level in lets and not steps:
                value, inner = lets[level]
                return self._is(value, inner, pattern, lets)
            return isinstance(pattern, Bound) and pattern.level == level
        if isinstance(pattern, Equals):
            return isinstance(term, Literal) and term.value == pattern.value
        if isinstance(head, Top) and isinstance(pattern, Fits) and head.name == pattern.constructor:
            args = [one.argument for one in steps]
            pairs = zip(args, pattern.args, strict=False)
            kept = [(one, inner) for one, inner in pairs if isinstance(inner, Bound | Fits | Equals)]
            return (
                len(args) == len(pattern.args)
                and bool(kept)
                and all(self._is(one, depth, inner, lets) for one, inner in kept)
            )
        return False
