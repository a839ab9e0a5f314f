"""What names mean: variables, macros and the words of the core, scope within scope."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from core.workloads.code.frontends.lisp.data import Datum, List, Name
from core.workloads.code.frontends.lisp.nodes import Global, Lambda, Node, Variable
from core.workloads.code.frontends.lisp.primitives import Primitive


@dataclass(frozen=True, slots=True, eq=False)
class Special:
    """A word that begins a form of its own."""

    name: str
    expand: Callable[[Any, List, "Scope"], Node]


@dataclass(frozen=True, slots=True, eq=False)
class Macro:
    """A macro of `syntax-rules`."""

    name: Name
    ellipsis: tuple[str, int]
    literals: frozenset[tuple[str, int]]
    rules: tuple[tuple[Datum, Datum], ...]
    scope: "Scope"


Meaning = Variable | Global | Special | Macro | Primitive


@dataclass(slots=True, eq=False)
class Scope:
    """Names of one level, and the level around it."""

    outer: "Scope | None" = None
    procedure: Lambda | None = None
    names: dict[tuple[str, int], Meaning] = field(default_factory=dict)

    def find(self, name: Name) -> Meaning | None:
        """Tell what a name means here; one that a macro brought in may mean what it means where the macro is."""
        wanted: Name | None = name
        scope: Scope | None = self
        while wanted is not None:
            while scope is not None:
                if wanted.key in scope.names:
                    return scope.names[wanted.key]
                scope = scope.outer
            scope, wanted = wanted.scope, wanted.original
        return None

    def within(self, procedure: Lambda | None = None) -> "Scope":
        """Make a scope in this one."""
        return Scope(self, procedure or self.procedure)

    @property
    def is_top(self) -> bool:
        """Whether what is defined here is defined for the whole program."""
        return self.outer is None or self.outer.outer is None

    def means_special(self, name: Datum, word: str) -> bool:
        """Whether a datum is a word of the core."""
        if not isinstance(name, Name):
            return False
        found = self.find(name)
        return isinstance(found, Special) and found.name == word
