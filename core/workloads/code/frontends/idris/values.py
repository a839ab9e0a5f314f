"""What terms come to: weak head normal forms, whose variables count from the outermost binder."""

from dataclasses import dataclass, field

from core.workloads.code.frontends.idris.core import Term
from core.workloads.code.frontends.idris.problems import NOWHERE, At
from core.workloads.code.frontends.idris.syntax import Mode

Environment = "tuple[Value, ...]"


@dataclass(eq=False, slots=True)
class MetaVariable:
    """What is still to be found: of a type, and once it is found, a value.

    One of a clause's left side or of a signature stands for a variable that is not bound yet: it may mention the
    variables below its scope as they are. Any other is applied to all variables around it, and its value is closed.
    """

    number: int
    type: "Value"
    at: At = NOWHERE
    name: str = ""
    what: str = ""
    """What it stands for, as errors call it."""
    scope: int = 0
    pattern: bool = False
    opaque: bool = False
    """Whether it may not be found for now, as coverage tries what else there is."""
    value: "Value | None" = None
    around: int = 0
    """The variables that it is applied to before any argument."""


@dataclass(frozen=True, slots=True, eq=False)
class Closure:
    """A term that lacks the value of its last variable."""

    environment: "tuple[Value, ...]"
    body: Term


@dataclass(frozen=True, slots=True, eq=False)
class Function:
    """A function."""

    name: str
    mode: Mode
    erased: bool
    closure: Closure


@dataclass(frozen=True, slots=True, eq=False)
class Product:
    """A function type."""

    name: str
    mode: Mode
    erased: bool
    domain: "Value"
    closure: Closure


@dataclass(frozen=True, slots=True, eq=False)
class Types:
    """The type of types."""


@dataclass(frozen=True, slots=True)
class Constant:
    """A number, character or text; of the sort `Nat` all that are known in full."""

    value: int | str
    sort: str


@dataclass(frozen=True, slots=True, eq=False)
class Passed:
    """An argument and how it was passed."""

    value: "Value"
    mode: Mode = Mode.EXPLICIT
    erased: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Stuck:
    """A variable (its level), a name at the top or what is still to be found, applied to arguments."""

    head: int | str | MetaVariable
    args: tuple[Passed, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Delayed:
    """A value that is computed when it is forced."""

    environment: "tuple[Value, ...]"
    body: Term
    endless: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Forced:
    """The value of a delayed one that is not known."""

    value: "Value"


Value = Function | Product | Types | Constant | Stuck | Delayed | Forced


@dataclass(slots=True)
class Metas:
    """All that is still to be found, in order, and what was found since when."""

    count: int = 0
    trail: list[MetaVariable] = field(default_factory=list)
    made: list[MetaVariable] = field(default_factory=list)
    """What has to be found before the present declaration is complete."""

    def new(self, type_: Value, at: At = NOWHERE, name: str = "", what: str = "") -> MetaVariable:
        """Make a new one."""
        self.count += 1
        return MetaVariable(self.count, type_, at, name, what)

    def solve(self, meta: MetaVariable, value: Value) -> None:
        """Set what was found."""
        meta.value = value
        self.trail.append(meta)

    def undo(self, mark: int) -> None:
        """Forget what was found since the trail was so long."""
        while len(self.trail) > mark:
            self.trail.pop().value = None
