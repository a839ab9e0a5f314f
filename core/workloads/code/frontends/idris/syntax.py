"""Programs as they are written, before anything is known of their meaning."""

from dataclasses import dataclass
from enum import Enum

from core.workloads.code.frontends.idris.problems import At


class Mode(Enum):
    """How an argument is passed: written, found by unification, or found by search."""

    EXPLICIT = "explicit"
    IMPLICIT = "implicit"
    AUTO = "auto"


@dataclass(frozen=True, slots=True)
class Declared:
    """A declaration; the sorts of them are in `declared`."""

    at: At


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
    declarations: tuple[Declared, ...]
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
    declarations: tuple[Declared, ...] = ()


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
