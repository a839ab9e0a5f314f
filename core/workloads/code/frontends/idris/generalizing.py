"""What is left open in types and patterns becomes variables, each behind those that its type mentions."""

from collections.abc import Iterable, Iterator, Mapping

from core.workloads.code.frontends.idris import syntax
from core.workloads.code.frontends.idris.core import Apply, Delay, Force, Lambda, Meta, Pi, Term
from core.workloads.code.frontends.idris.evaluation import Evaluator
from core.workloads.code.frontends.idris.values import MetaVariable, Stuck, Value

_LETTERS = "abcdefghijklmnopqrstuvwxyz"


class Generalizer:
    """Collects what is open in values, beneath so many variables."""

    def __init__(self, evaluator: Evaluator, depth: int) -> None:
        self.evaluator, self.depth = evaluator, depth
        self.found: list[MetaVariable] = []
        self._seen: set[int] = set()

    def collect(self, value: Value) -> None:
        """Take in a value: what its open parts' types mention comes before them."""
        self._walk(self.evaluator.quote(value, self.depth))

    def _walk(self, term: Term) -> None:
        match term:
            case Meta(meta) if meta.pattern and meta.value is None and meta.number not in self._seen:
                self._seen.add(meta.number)
                self.collect(meta.type)
                self.found.append(meta)
            case Apply(function, argument):
                self._walk(function)
                self._walk(argument)
            case Pi(domain=domain, codomain=codomain):
                self._walk(domain)
                self._walk(codomain)
            case Lambda(body=body) | Delay(body) | Force(body):
                self._walk(body)

    def assigned(self) -> Iterator[tuple[str, Value, MetaVariable]]:
        """Turn one after another into a variable; gives names, types and what they were."""
        taken = {one.name for one in self.found}
        letters = (one for one in _LETTERS if one not in taken)
        for place, meta in enumerate(self.found):
            name = meta.name
            if not name or name == "_":
                name = "_" if self.depth == 0 and not _is_type(meta) else next(letters, "t")
            meta.value = Stuck(self.depth + place)
            yield name, meta.type, meta


def _is_type(meta: MetaVariable) -> bool:
    return meta.what.startswith("a type")


def free_names(type_: syntax.Expression, bound: set[str], known: Mapping[str, list[str]]) -> list[str]:
    """List names in a type that begin with a small letter and that nothing has, in the order of their places.

    As in Idris 2 a name that is applied to something means a function at the top if there is one.
    """
    walk = _FreeNames(known)
    walk.expression(type_, frozenset(bound))
    return list(walk.found)


class _FreeNames:
    def __init__(self, known: Mapping[str, list[str]]) -> None:
        self.known = known
        self.found: dict[str, None] = {}

    def _take(self, name: str, bound: frozenset[str], *, applied: bool) -> None:
        small = name[:1].islower() and "." not in name
        if small and name not in bound and not (applied and name in self.known):
            self.found[name] = None

    def expression(self, one: syntax.Expression, bound: frozenset[str]) -> None:
        """Take in an expression, where some names are bound."""
        match one:
            case syntax.Name(_, name):
                self._take(name, bound, applied=False)
            case syntax.Application(_, function, args):
                if isinstance(function, syntax.Name):
                    self._take(function.name, bound, applied=True)
                else:
                    self.expression(function, bound)
                self._all([argument.term for argument in args], bound)
            case syntax.Arrow(_, name, _, _, domain, result):
                self.expression(domain, bound)
                self.expression(result, bound | {name})
            case syntax.Tuple(_, items) | syntax.Listed(_, items):
                self._all(items, bound)
            case syntax.Dependent():
                self._pair(one, bound)
            case syntax.Abstraction(_, pattern, _, body):
                inner = {pattern.name} if isinstance(pattern, syntax.Name) else set[str]()
                self.expression(body, bound | inner)
            case syntax.Choice(_, condition, then, otherwise):
                self._all([condition, then, otherwise], bound)
            case syntax.Field(_, term):
                self.expression(term, bound)

    def _all(self, many: Iterable[syntax.Expression], bound: frozenset[str]) -> None:
        for one in many:
            self.expression(one, bound)

    def _pair(self, pair: syntax.Dependent, bound: frozenset[str]) -> None:
        name = pair.name
        if not name and isinstance(pair.first, syntax.Name):
            name = pair.first.name
        else:
            self.expression(pair.first, bound)
        self.expression(pair.second, bound | {name})
