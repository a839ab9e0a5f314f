"""What is known at a place in a function: the variables around it, and what names mean."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from core.workloads.code.frontends.idris.syntax import Mode
from core.workloads.code.frontends.idris.values import Passed, Stuck, Value


@dataclass(frozen=True, slots=True)
class Entry:
    """A variable around."""

    name: str
    type: Value
    erased: bool
    mode: Mode = Mode.EXPLICIT
    is_let: bool = False


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a local name means: a value, and its type; what is erased is not there when the program runs."""

    value: Value
    type: Value
    erased: bool = False
    level: int | None = None
    """That of a variable."""


@dataclass(frozen=True, slots=True)
class Context:
    """Variables, outermost first, with what they stand for."""

    entries: tuple[Entry, ...] = ()
    environment: tuple[Value, ...] = ()
    names: Mapping[str, Meaning] = field(default_factory=dict)
    owner: str = ""
    """The function at the top within whose definition this is."""
    relevant: bool = True
    """Whether what is written here is there when the program runs."""

    @property
    def depth(self) -> int:
        """How many variables there are."""
        return len(self.entries)

    def bind(self, name: str, type_: Value, *, erased: bool = False, mode: Mode = Mode.EXPLICIT) -> "Context":
        """Add a variable."""
        value = Stuck(self.depth)
        entry = Entry(name, type_, erased, mode)
        meaning = Meaning(value, type_, erased, self.depth)
        names = self.names if name in ("", "_") else {**self.names, name: meaning}
        return replace(self, entries=(*self.entries, entry), environment=(*self.environment, value), names=names)

    def define(self, name: str, type_: Value, value: Value) -> "Context":
        """Add a local value."""
        entry = Entry(name, type_, erased=False, is_let=True)
        names = {**self.names, name: Meaning(value, type_, level=self.depth)}
        return replace(self, entries=(*self.entries, entry), environment=(*self.environment, value), names=names)

    def call(self, name: str, meaning: Meaning) -> "Context":
        """Let a name mean something."""
        return replace(self, names={**self.names, name: meaning})

    def erasing(self) -> "Context":
        """Give the context of what is not there when the program runs."""
        return self if not self.relevant else replace(self, relevant=False)

    def spine(self) -> tuple[Passed, ...]:
        """Give all variables that are not local values, as arguments."""
        return tuple(
            Passed(Stuck(level), Mode.EXPLICIT, one.erased) for level, one in enumerate(self.entries) if not one.is_let
        )

    def visible(self) -> "list[tuple[int, Entry]]":
        """List variables that have names, the last of each name, in their order."""
        last = {one.name: level for level, one in enumerate(self.entries) if one.name not in ("", "_")}
        return [(level, self.entries[level]) for level in sorted(last.values())]


@dataclass(frozen=True, slots=True)
class HoleInfo:
    """A hole, with its context: names, whether erased, types; and its type."""

    name: str
    line: int
    column: int
    context: tuple[tuple[str, bool, str], ...]
    goal: str
