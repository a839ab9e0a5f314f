"""A program on its way to the IR: what is written and what is still to be."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from core.workloads.code.frontends.functional.occurrences import Occurrences
from core.workloads.code.frontends.functional.terms import Definitions, Lambda, Term
from core.workloads.code.ir.module import Module


@dataclass(slots=True)
class Waiting:
    """The code of a thunk or closure that is still to be written: parameters behind itself, and what it holds."""

    name: str
    params: tuple[str, ...]
    body: Term
    fields: tuple[str, ...]
    evaluated: frozenset[str]
    itself: str = ""


@dataclass(slots=True)
class Unit:
    """A program, its module, and the code that is still to be written."""

    definitions: Definitions
    strict: Mapping[str, tuple[bool, ...]]
    occurrences: Occurrences
    most: int
    """Parameters of the function that has the most."""
    padding: Mapping[str, int]
    """Arguments without a meaning that calls of a function have behind the others."""
    values: list[str]
    """Values at the top of the program, in the order of their places among the roots."""
    module: Module = field(default_factory=Module)
    waiting: list[Waiting] = field(default_factory=list)
    entered: set[str] = field(default_factory=set)
    """Functions that are handed about as values."""
    count: int = 0

    def arity(self, name: str) -> int | None:
        """Give the number of parameters of a function at the top; 0 for a value, None for what is none of them."""
        term = self.definitions.terms.get(name)
        return None if term is None else len(term.params) if isinstance(term, Lambda) else 0

    def code_name(self, stem: str) -> str:
        """Name a piece of code."""
        self.count += 1
        return f"{stem.partition('~')[0]}.{self.count}"
