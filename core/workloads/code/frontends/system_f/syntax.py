"""The terms of a program as they are written; types are in `types`."""

from dataclasses import dataclass

from core.workloads.code.frontends.system_f.types import Kind, Type, TypeVariable


@dataclass(frozen=True, slots=True)
class At:
    """Where something stands in the source, the end exclusive."""

    line: int
    column: int
    end_line: int = 0
    end_column: int = 0


@dataclass(frozen=True, slots=True)
class Name:
    """A variable."""

    at: At
    name: str


@dataclass(frozen=True, slots=True)
class Constant:
    """A number, a truth value, or unit (None)."""

    at: At
    value: int | bool | None


@dataclass(frozen=True, slots=True)
class Operator:
    """`succ`, `pred` and the like, with all of its arguments."""

    at: At
    name: str
    args: "tuple[Term, ...]"


@dataclass(frozen=True, slots=True)
class Abstraction:
    """`lambda x:T. t`."""

    at: At
    name: str
    type: Type
    body: "Term"


@dataclass(frozen=True, slots=True)
class Application:
    """`t t`."""

    at: At
    function: "Term"
    argument: "Term"


@dataclass(frozen=True, slots=True)
class TypeAbstraction:
    """`lambda X. t`."""

    at: At
    variable: TypeVariable
    kind: Kind
    body: "Term"


@dataclass(frozen=True, slots=True)
class TypeApplication:
    """`t [T]`."""

    at: At
    function: "Term"
    argument: Type


@dataclass(frozen=True, slots=True)
class Choice:
    """`if t then t else t`."""

    at: At
    condition: "Term"
    then: "Term"
    otherwise: "Term"


@dataclass(frozen=True, slots=True)
class Let:
    """`let x = t in t`."""

    at: At
    name: str
    value: "Term"
    body: "Term"


@dataclass(frozen=True, slots=True)
class Record:
    """`{l=t, ...}`."""

    at: At
    fields: "tuple[tuple[str, Term], ...]"


@dataclass(frozen=True, slots=True)
class Projection:
    """`t.l`."""

    at: At
    record: "Term"
    label: str


@dataclass(frozen=True, slots=True)
class Package:
    """`{*T, t} as T`."""

    at: At
    hidden: Type
    body: "Term"
    type: Type


@dataclass(frozen=True, slots=True)
class Unpacking:
    """`let {X, x} = t in t`."""

    at: At
    variable: TypeVariable
    name: str
    package: "Term"
    body: "Term"


@dataclass(frozen=True, slots=True)
class Fix:
    """`fix t`."""

    at: At
    function: "Term"


@dataclass(frozen=True, slots=True)
class Ascription:
    """`t as T`."""

    at: At
    body: "Term"
    type: Type


Term = (
    Name
    | Constant
    | Operator
    | Abstraction
    | Application
    | TypeAbstraction
    | TypeApplication
    | Choice
    | Let
    | Record
    | Projection
    | Package
    | Unpacking
    | Fix
    | Ascription
)


@dataclass(frozen=True, slots=True)
class Binding:
    """`x = t;`."""

    at: At
    name: str
    term: Term


@dataclass(frozen=True, slots=True)
class Abbreviation:
    """`X = T;`."""

    at: At
    name: str
    type: Type


@dataclass(frozen=True, slots=True)
class Evaluation:
    """`t;`."""

    at: At
    term: Term


Statement = Binding | Abbreviation | Evaluation
OPERATORS = {
    "succ": ("Nat", "Nat"),
    "pred": ("Nat", "Nat"),
    "iszero": ("Nat", "Bool"),
    "plus": ("Nat", "Nat", "Nat"),
    "minus": ("Nat", "Nat", "Nat"),
    "times": ("Nat", "Nat", "Nat"),
    "div": ("Nat", "Nat", "Nat"),
    "mod": ("Nat", "Nat", "Nat"),
    "less": ("Nat", "Nat", "Bool"),
    "equal": ("Nat", "Nat", "Bool"),
}
"""What operators take, and last what they give; those behind `iszero` are not in the book."""
