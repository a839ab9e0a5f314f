"""Terms once their meaning is known: all that was left out is there, variables count the binders up to theirs.

Pattern matching is done by functions at the top alone; `case`, `with` and local functions become such functions, with
what they use from around as further arguments. `Type` is its own type, as in Idris 2: that is the one simplification.
"""

from dataclasses import dataclass, field
from typing import Any

from core.workloads.code.frontends.idris.problems import NOWHERE, At
from core.workloads.code.frontends.idris.syntax import Mode


@dataclass(frozen=True, slots=True)
class Local:
    """A variable: 0 is the one that was bound last."""

    index: int
    at: At = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Top:
    """A function, type, constructor or hole, by its whole name."""

    name: str
    at: At = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Lambda:
    """A function."""

    name: str
    mode: Mode
    erased: bool
    body: "Term"


@dataclass(frozen=True, slots=True)
class Pi:
    """The type of functions; an erased argument is not there when the program runs."""

    name: str
    mode: Mode
    erased: bool
    domain: "Term"
    codomain: "Term"


@dataclass(frozen=True, slots=True)
class Apply:
    """A function with an argument."""

    function: "Term"
    argument: "Term"
    mode: Mode = Mode.EXPLICIT
    erased: bool = False


@dataclass(frozen=True, slots=True)
class Universe:
    """The type of types."""


@dataclass(frozen=True, slots=True)
class Meta:
    """What is still to be found."""

    variable: Any
    """A `MetaVariable` of `values`."""


@dataclass(frozen=True, slots=True)
class Literal:
    """A value of a type that is not declared: a number, character or text; `sort` is its type, or `Nat`."""

    value: int | str
    sort: str


@dataclass(frozen=True, slots=True)
class Let:
    """A local value."""

    name: str
    type: "Term"
    value: "Term"
    body: "Term"


@dataclass(frozen=True, slots=True)
class Delay:
    """A value that is computed when it is forced."""

    body: "Term"
    endless: bool = False
    """Whether it is of type `Inf`, whose values may go on for ever."""


@dataclass(frozen=True, slots=True)
class Force:
    """The value of what was delayed."""

    body: "Term"


Term = Local | Top | Lambda | Pi | Apply | Universe | Meta | Literal | Let | Delay | Force


@dataclass(frozen=True, slots=True)
class Bound:
    """A pattern that fits everything and binds the variable of that level."""

    level: int


@dataclass(frozen=True, slots=True)
class Fits:
    """A constructor whose arguments fit; where it is forced, nothing else can come."""

    constructor: str
    args: "tuple[Pattern, ...]"
    forced: bool = False


@dataclass(frozen=True, slots=True)
class Equals:
    """A literal."""

    value: int | str
    sort: str


@dataclass(frozen=True, slots=True)
class Anything:
    """A pattern that fits everything, as what it says is known already."""


Pattern = Bound | Fits | Equals | Anything


@dataclass(frozen=True, slots=True)
class Variable:
    """A variable that a clause binds."""

    name: str
    type: Term
    """Within the variables before it."""
    erased: bool
    mode: Mode = Mode.EXPLICIT


@dataclass(frozen=True, slots=True)
class Clause:
    """What a function is where its arguments fit."""

    variables: tuple[Variable, ...]
    patterns: tuple[Pattern, ...]
    body: Term
    at: At = NOWHERE


def mentions(term: Term, index: int) -> bool:  # noqa: PLR0911 - a case for each sort of term
    """Whether a variable occurs."""
    match term:
        case Local(found):
            return found == index
        case Lambda(body=body):
            return mentions(body, index + 1)
        case Pi(domain=domain, codomain=codomain):
            return mentions(domain, index) or mentions(codomain, index + 1)
        case Apply(function, argument):
            return mentions(function, index) or mentions(argument, index)
        case Let(_, type_, value, body):
            return mentions(type_, index) or mentions(value, index) or mentions(body, index + 1)
        case Delay(body) | Force(body):
            return mentions(body, index)
        case _:
            return False


def spine(term: Term) -> tuple[Term, list[Apply]]:
    """Take an application apart: what is applied, and the steps in the order of the arguments."""
    steps: list[Apply] = []
    while isinstance(term, Apply):
        steps.append(term)
        term = term.function
    return term, steps[::-1]


def shifted(term: Term, by: int, above: int = 0) -> Term:  # noqa: PLR0911 - a case for each sort of term
    """Give a term for beneath more binders."""
    match term:
        case Local(index, at):
            return Local(index + by, at) if index >= above else term
        case Lambda(name, mode, erased, body):
            return Lambda(name, mode, erased, shifted(body, by, above + 1))
        case Pi(name, mode, erased, domain, codomain):
            return Pi(name, mode, erased, shifted(domain, by, above), shifted(codomain, by, above + 1))
        case Apply(function, argument, mode, erased):
            return Apply(shifted(function, by, above), shifted(argument, by, above), mode, erased)
        case Delay(body, endless):
            return Delay(shifted(body, by, above), endless)
        case Force(body):
            return Force(shifted(body, by, above))
        case _:
            return term
