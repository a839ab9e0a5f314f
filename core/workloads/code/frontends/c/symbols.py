"""What names stand for, and the scopes they are known in."""

from dataclasses import dataclass, field

from core.workloads.code.frontends.c.ctypes import CType
from core.workloads.code.ir.instructions import Position


@dataclass(slots=True, eq=False)
class Symbol:
    """A variable, function, type or constant.

    `storage` is local, param, static (a local that stays), global, library, typedef or constant. `unique` is its name
    in the IR.
    """

    name: str
    type: CType
    at: Position
    storage: str
    unique: str = ""
    is_const: bool = False
    addressed: bool = False
    defined: bool = False
    used: bool = False
    value: int = 0

    @property
    def in_store(self) -> bool:
        """Whether it stays in the store for the whole run."""
        return self.storage in ("static", "global")


@dataclass(slots=True)
class Scope:
    """Names and tags of one block."""

    names: dict[str, Symbol] = field(default_factory=dict)
    tags: dict[str, CType] = field(default_factory=dict)


@dataclass(slots=True)
class Scopes:
    """All scopes that are open, the innermost last."""

    stack: list[Scope] = field(default_factory=lambda: [Scope()])

    @property
    def is_global(self) -> bool:
        """Whether no block is open."""
        return len(self.stack) == 1

    def push(self) -> None:
        """Open a scope."""
        self.stack.append(Scope())

    def pop(self) -> Scope:
        """Close the innermost one."""
        return self.stack.pop()

    def find(self, name: str) -> Symbol | None:
        """Look a name up."""
        for scope in reversed(self.stack):
            if name in scope.names:
                return scope.names[name]
        return None

    def find_tag(self, tag: str) -> CType | None:
        """Look the tag of a struct, union or enum up."""
        for scope in reversed(self.stack):
            if tag in scope.tags:
                return scope.tags[tag]
        return None

    def names(self) -> list[str]:
        """List all names that are known here."""
        return [one for scope in self.stack for one in scope.names]
