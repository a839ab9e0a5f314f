"""What is left open in types and patterns becomes variables, each behind those that its type mentions."""

from collections.abc import Iterator

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
