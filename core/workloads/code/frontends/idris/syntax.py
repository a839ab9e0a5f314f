"""Programs as they are written, before anything is known of their meaning."""

from dataclasses import dataclass, field
from enum import Enum

from core.workloads.code.frontends.idris.problems import At


class Mode(Enum):
    """How an argument is passed: written, found by unification, or found by search."""

    EXPLICIT = "explicit"
    IMPLICIT = "implicit"
    AUTO = "auto"


@dataclass(frozen=True, slots=True)
class Name:
    """A variable, function, constructor or operator."""

    at: At
    name: str


@dataclass(frozen=True, slots=True)
class Hole:
    """A part that is still to be written: `?name`."""

    at: At
    name: str


@dataclass(frozen=True, slots=True)
class Unknown:
    """A part that is to be found by unification, or fits everything: `_`."""

    at: At


@dataclass(frozen=True, slots=True)
class Number:
    """A whole number."""

    at: At
    value: int


@dataclass(frozen=True, slots=True)
class Text:
    """A text."""

    at: At
    text: str


@dataclass(frozen=True, slots=True)
class Character:
    """A character."""

    at: At
    text: str


@dataclass(frozen=True, slots=True)
class Argument:
    """What a function is applied to; the name is that of an implicit parameter."""

    term: "Expression"
    mode: Mode = Mode.EXPLICIT
    name: str = ""


@dataclass(frozen=True, slots=True)
class Application:
    """A function with arguments."""

    at: At
    function: "Expression"
    args: tuple[Argument, ...]


@dataclass(frozen=True, slots=True)
class Abstraction:
    r"""A function without a name: `\pattern => body`."""

    at: At
    pattern: "Expression"
    type: "Expression | None"
    body: "Expression"


@dataclass(frozen=True, slots=True)
class Arrow:
    """A function type; the name is empty where the result does not mention the argument."""

    at: At
    name: str
    mode: Mode
    erased: bool
    domain: "Expression"
    result: "Expression"


@dataclass(frozen=True, slots=True)
class Let:
    """A local value, or one that is taken apart."""

    at: At
    pattern: "Expression"
    type: "Expression | None"
    value: "Expression"
    body: "Expression"


@dataclass(frozen=True, slots=True)
class Local:
    """An expression with local functions."""

    at: At
    declarations: "tuple[Declaration, ...]"
    body: "Expression"


@dataclass(frozen=True, slots=True)
class Choice:
    """`if`."""

    at: At
    condition: "Expression"
    then: "Expression"
    otherwise: "Expression"


@dataclass(frozen=True, slots=True)
class Alternative:
    """A pattern and what follows from it; None where it cannot come."""

    at: At
    pattern: "Expression"
    body: "Expression | None"


@dataclass(frozen=True, slots=True)
class Match:
    """`case`."""

    at: At
    subject: "Expression"
    alternatives: tuple[Alternative, ...]


@dataclass(frozen=True, slots=True)
class Rewrite:
    """An expression of a type that an equation has changed."""

    at: At
    equation: "Expression"
    body: "Expression"


@dataclass(frozen=True, slots=True)
class Statement:
    """A line of `do`: an action, `pattern <- action`, or `let pattern = value`."""

    at: At
    kind: str
    """`act`, `bind`, `let` or `local`."""
    pattern: "Expression | None"
    term: "Expression | None"
    type: "Expression | None" = None
    declarations: "tuple[Declaration, ...]" = ()


@dataclass(frozen=True, slots=True)
class Do:
    """Actions one after another."""

    at: At
    statements: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class Listed:
    """A list between brackets."""

    at: At
    items: "tuple[Expression, ...]"


@dataclass(frozen=True, slots=True)
class Tuple:
    """Values or types between parentheses; none is the unit."""

    at: At
    items: "tuple[Expression, ...]"


@dataclass(frozen=True, slots=True)
class Dependent:
    """`(x ** p)`, or the type `(x : t ** p)`; the name is empty for a pair of values."""

    at: At
    name: str
    first: "Expression"
    second: "Expression"


@dataclass(frozen=True, slots=True)
class As:
    """A pattern with a name for the whole."""

    at: At
    name: str
    pattern: "Expression"


@dataclass(frozen=True, slots=True)
class Forced:
    """A pattern that nothing but this term can fit: `.(term)`."""

    at: At
    term: "Expression"


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a record: `record.name`."""

    at: At
    term: "Expression"
    name: str


@dataclass(frozen=True, slots=True)
class Update:
    """A record with other fields: `{ name := value } record`."""

    at: At
    fields: "tuple[tuple[At, str, Expression], ...]"


Expression = (
    Name
    | Hole
    | Unknown
    | Number
    | Text
    | Character
    | Application
    | Abstraction
    | Arrow
    | Let
    | Local
    | Choice
    | Match
    | Rewrite
    | Do
    | Listed
    | Tuple
    | Dependent
    | As
    | Forced
    | Field
    | Update
)


@dataclass(frozen=True, slots=True)
class Signature:
    """The type of a function; `totality` is empty where nothing is demanded."""

    at: At
    name: str
    type: Expression
    totality: str = ""
    erased: bool = False


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause of a function: the body is None where it cannot come."""

    at: At
    name: str
    args: tuple[Argument, ...]
    body: Expression | None
    where: "tuple[Declaration, ...]" = ()
    subject: Expression | None = None
    """What `with` looks at; then the clauses are in `inner`."""
    inner: "tuple[Clause, ...]" = ()
    more: tuple[Expression, ...] = ()
    """Patterns behind bars, of clauses within `with`."""


@dataclass(frozen=True, slots=True)
class Data:
    """A data type: its own type and its constructors'; None for no constructors yet."""

    at: At
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
class Record:
    """A record type."""

    at: At
    name: str
    parameters: tuple[Parameter, ...]
    constructor: str
    fields: tuple[Parameter, ...]


@dataclass(frozen=True, slots=True)
class Interface:
    """An interface: constraints, parameters, methods and what methods are unless said otherwise."""

    at: At
    name: str
    constraints: tuple[Expression, ...]
    parameters: tuple[Parameter, ...]
    methods: tuple[Signature, ...]
    defaults: tuple[Clause, ...]


@dataclass(frozen=True, slots=True)
class Implementation:
    """How types support an interface."""

    at: At
    name: str
    type: Expression
    clauses: tuple[Clause, ...]


@dataclass(frozen=True, slots=True)
class Mutual:
    """Declarations that may mention each other."""

    at: At
    declarations: "tuple[Declaration, ...]"


@dataclass(frozen=True, slots=True)
class Default:
    """What is demanded of functions that say nothing: `%default total`."""

    at: At
    totality: str


Declaration = Signature | Clause | Data | Record | Interface | Implementation | Mutual | Default


@dataclass(slots=True)
class Program:
    """A source text."""

    module: str = "Main"
    imports: list[tuple[At, str]] = field(default_factory=list)
    declarations: list[Declaration] = field(default_factory=list)
