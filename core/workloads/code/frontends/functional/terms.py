"""The terms that functional languages become: a lambda calculus with data, where nothing is computed before its time.

Names of variables are unique in a program. What a `Case` looks at and the arguments of a `Primitive` are computed at
once; arguments of functions and constructors, and what `Let` binds, wait until somebody asks.
"""

from dataclasses import dataclass, field

from core.workloads.code.ir.types import WORD, Type


@dataclass(frozen=True, slots=True)
class Constructor:
    """One way to make a value of a data type: its number among all of them, and what it holds."""

    name: str
    tag: int
    arity: int
    family: tuple[int, ...]
    """The arities of all constructors of the type, in their order."""


@dataclass(frozen=True, slots=True)
class Variable:
    """A variable, or a function or value at the top of the program."""

    name: str


@dataclass(frozen=True, slots=True)
class Literal:
    """A word."""

    value: int


@dataclass(frozen=True, slots=True)
class Text:
    """A list of characters."""

    text: str


@dataclass(frozen=True, slots=True)
class Primitive:
    """An operation of the IR, a service of the Engine or a routine of the library, by its name."""

    sort: str
    """`op`, `service` or `routine`."""
    name: str
    args: "tuple[Term, ...]"
    type: Type = WORD


@dataclass(frozen=True, slots=True)
class Apply:
    """A function's application to at least one argument."""

    function: "Term"
    args: "tuple[Term, ...]"


@dataclass(frozen=True, slots=True)
class Lambda:
    """A function of at least one parameter."""

    params: tuple[str, ...]
    body: "Term"


@dataclass(frozen=True, slots=True)
class Let:
    """Values that may refer to each other."""

    bindings: "tuple[tuple[str, Term], ...]"
    body: "Term"


@dataclass(frozen=True, slots=True)
class Alternative:
    """What follows from a constructor or a word; names of fields that nothing reads are empty."""

    pattern: Constructor | int
    fields: tuple[str, ...]
    body: "Term"


@dataclass(frozen=True, slots=True)
class Case:
    """Compute the subject, call it by the binder's name, go on as the alternatives say, otherwise with the default."""

    subject: "Term"
    binder: str
    alternatives: tuple[Alternative, ...] = ()
    default: "Term | None" = None


@dataclass(frozen=True, slots=True)
class Construct:
    """A value of a data type, with all that it holds."""

    constructor: Constructor
    args: "tuple[Term, ...]" = ()


@dataclass(frozen=True, slots=True)
class Delay:
    """The term itself as a value, to be computed later; what an action gives back is of this kind."""

    body: "Term"


@dataclass(frozen=True, slots=True)
class Stop:
    """End the program with a message, a list of characters or one that is known."""

    message: "Term"
    line: int = 0


Term = Variable | Literal | Text | Primitive | Apply | Lambda | Let | Case | Construct | Delay | Stop


@dataclass(slots=True)
class Definitions:
    """A whole program: what its names stand for; `main` is a function of no consequence (one parameter) that acts."""

    terms: dict[str, Term] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)
    """Where a name of the source was defined."""


def parts(term: Term) -> tuple[Term, ...]:
    """Give the terms directly within."""
    match term:
        case Primitive(args=args) | Construct(args=args):
            return args
        case Apply(function, args):
            return (function, *args)
        case Lambda(body=body) | Delay(body) | Stop(body):
            return (body,)
        case Let(bindings, body):
            return (*(one for _, one in bindings), body)
        case Case(subject, _, alternatives, default):
            return (subject, *(one.body for one in alternatives), *((default,) if default is not None else ()))
        case _:
            return ()


def rebuilt(term: Term, inner: "tuple[Term, ...]") -> Term:  # noqa: PLR0911 - a case for each sort of term
    """Give the same term with others directly within."""
    match term:
        case Primitive():
            return Primitive(term.sort, term.name, inner, term.type)
        case Construct(constructor):
            return Construct(constructor, inner)
        case Apply():
            return Apply(inner[0], inner[1:])
        case Lambda(params):
            return Lambda(params, inner[0])
        case Delay():
            return Delay(inner[0])
        case Stop(_, line):
            return Stop(inner[0], line)
        case Let(bindings):
            return Let(tuple((name, one) for (name, _), one in zip(bindings, inner, strict=False)), inner[-1])
        case Case(_, binder, alternatives, default):
            bodies = inner[1 : 1 + len(alternatives)]
            changed = tuple(
                Alternative(one.pattern, one.fields, body) for one, body in zip(alternatives, bodies, strict=True)
            )
            return Case(inner[0], binder, changed, inner[-1] if default is not None else None)
        case _:
            return term


def bound(term: Term) -> tuple[str, ...]:
    """Give the names that the term itself binds."""
    match term:
        case Lambda(params):
            return params
        case Let(bindings):
            return tuple(name for name, _ in bindings)
        case Case(_, binder, alternatives):
            return (binder, *(name for one in alternatives for name in one.fields if name))
        case _:
            return ()
