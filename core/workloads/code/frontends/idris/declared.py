"""Declarations as they are written."""

from dataclasses import dataclass, field

from core.workloads.code.frontends.idris.problems import At
from core.workloads.code.frontends.idris.syntax import Argument, Declared, Expression, Mode


@dataclass(frozen=True, slots=True)
class Signature(Declared):
    """The type of a function; `totality` is empty where nothing is demanded."""

    name: str
    type: Expression
    totality: str = ""
    erased: bool = False


@dataclass(frozen=True, slots=True)
class Clause(Declared):
    """A clause of a function: the body is None where it cannot come."""

    name: str
    args: tuple[Argument, ...]
    body: Expression | None
    where: tuple[Declared, ...] = ()
    subject: Expression | None = None
    """What `with` looks at; then the clauses are in `inner`."""
    inner: "tuple[Clause, ...]" = ()
    more: tuple[Expression, ...] = ()
    """Patterns behind bars, of clauses within `with`."""


@dataclass(frozen=True, slots=True)
class Data(Declared):
    """A data type: its own type and its constructors'; None for no constructors yet."""

    name: str
    type: Expression
    constructors: tuple[Signature, ...]


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of a record or interface."""

    at: At
    name: str
    type: Expression
    mode: Mode = Mode.EXPLICIT


@dataclass(frozen=True, slots=True)
class Record(Declared):
    """A record type."""

    name: str
    parameters: tuple[Parameter, ...]
    constructor: str
    fields: tuple[Parameter, ...]


@dataclass(frozen=True, slots=True)
class Interface(Declared):
    """An interface: constraints, parameters, methods and what methods are unless said otherwise."""

    name: str
    constraints: tuple[Expression, ...]
    parameters: tuple[Parameter, ...]
    methods: tuple[Signature, ...]
    defaults: tuple[Clause, ...]


@dataclass(frozen=True, slots=True)
class Implementation(Declared):
    """How types support an interface."""

    name: str
    type: Expression
    clauses: tuple[Clause, ...]


@dataclass(frozen=True, slots=True)
class Mutual(Declared):
    """Declarations that may mention each other."""

    declarations: tuple[Declared, ...]


@dataclass(frozen=True, slots=True)
class Default(Declared):
    """What is demanded of functions that say nothing: `%default total`."""

    totality: str


@dataclass(slots=True)
class Program:
    """A source text."""

    module: str = "Main"
    imports: list[tuple[At, str]] = field(default_factory=list)
    declarations: list[Declared] = field(default_factory=list)
