"""Types and kinds: substitution, normal forms of type operators, and whether two types are the same."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import count

_NUMBERS = count(1)


@dataclass(frozen=True, slots=True)
class Star:
    """The kind of types that terms have."""


@dataclass(frozen=True, slots=True)
class KindArrow:
    """The kind of type operators."""

    takes: "Kind"
    gives: "Kind"


Kind = Star | KindArrow
STAR = Star()


@dataclass(frozen=True, slots=True)
class TypeVariable:
    """A variable of types; the number makes it one of its own."""

    name: str
    number: int


@dataclass(frozen=True, slots=True)
class Base:
    """`Nat`, `Bool` or `Unit`; `?` is the type of what was wrong already and fits everywhere."""

    name: str


@dataclass(frozen=True, slots=True)
class Arrow:
    """`T -> T`."""

    takes: "Type"
    gives: "Type"


@dataclass(frozen=True, slots=True)
class RecordType:
    """`{l:T, ...}`, in this order."""

    fields: "tuple[tuple[str, Type], ...]"


@dataclass(frozen=True, slots=True)
class Quantified:
    """`All X::K. T` or `{Some X::K, T}`."""

    quantifier: str
    variable: TypeVariable
    kind: Kind
    body: "Type"


@dataclass(frozen=True, slots=True)
class Operator:
    """`lambda X::K. T`."""

    variable: TypeVariable
    kind: Kind
    body: "Type"


@dataclass(frozen=True, slots=True)
class Applied:
    """`T T`."""

    function: "Type"
    argument: "Type"


@dataclass(frozen=True, slots=True)
class Abbreviated:
    """A type by the name that the program has given it."""

    name: str
    type: "Type"


Type = Abbreviated | TypeVariable | Base | Arrow | RecordType | Quantified | Operator | Applied
NAT, BOOL, UNIT, UNKNOWN = Base("Nat"), Base("Bool"), Base("Unit"), Base("?")
Given = Mapping[TypeVariable, Type]


def fresh(name: str) -> TypeVariable:
    """Make a type variable that is no other one."""
    return TypeVariable(name, next(_NUMBERS))


def replaced(type_: Type, given: Given) -> Type:  # noqa: PLR0911 - a case for each sort of type
    """Put types in the places of variables."""
    match type_:
        case TypeVariable():
            return given.get(type_, type_)
        case Base() | Abbreviated():
            return type_
        case Arrow(takes, gives):
            return Arrow(replaced(takes, given), replaced(gives, given))
        case RecordType(fields):
            return RecordType(tuple((label, replaced(one, given)) for label, one in fields))
        case Quantified(quantifier, variable, kind, body):
            new = fresh(variable.name)
            return Quantified(quantifier, new, kind, replaced(body, {**given, variable: new}))
        case Operator(variable, kind, body):
            new = fresh(variable.name)
            return Operator(new, kind, replaced(body, {**given, variable: new}))
        case Applied(function, argument):
            return Applied(replaced(function, given), replaced(argument, given))


def reduced(type_: Type) -> Type:
    """Apply type operators that stand at the head, and look what abbreviations stand for."""
    while isinstance(type_, Applied | Abbreviated):
        if isinstance(type_, Abbreviated):
            type_ = type_.type
            continue
        function = reduced(type_.function)
        if function == UNKNOWN:
            return UNKNOWN
        if not isinstance(function, Operator):
            return Applied(function, type_.argument)
        type_ = replaced(function.body, {function.variable: type_.argument})
    return type_


def same(one: Type, other: Type) -> bool:  # noqa: PLR0911 - a case for each sort of type
    """Whether two types are the same but for names of bound variables; what is unknown is the same as everything."""
    match reduced(one), reduced(other):
        case (Base("?"), _) | (_, Base("?")):
            return True
        case Arrow(takes, gives), Arrow(takes_too, gives_too):
            return same(takes, takes_too) and same(gives, gives_too)
        case RecordType(fields), RecordType(fields_too):
            return len(fields) == len(fields_too) and all(
                label == label_too and same(field, field_too)
                for (label, field), (label_too, field_too) in zip(fields, fields_too, strict=True)
            )
        case Quantified(quantifier, variable, kind, body), Quantified(quantifier_too, variable_too, kind_too, body_too):
            return (
                quantifier == quantifier_too
                and kind == kind_too
                and same(body, replaced(body_too, {variable_too: variable}))
            )
        case Operator(variable, kind, body), Operator(variable_too, kind_too, body_too):
            return kind == kind_too and same(body, replaced(body_too, {variable_too: variable}))
        case Applied(function, argument), Applied(function_too, argument_too):
            return same(function, function_too) and same(argument, argument_too)
        case first, second:
            return first == second


def occurs(variable: TypeVariable, type_: Type) -> bool:
    """Whether a type mentions a variable."""
    match type_:
        case TypeVariable():
            return variable == type_
        case Base() | Abbreviated():
            return False
        case RecordType(fields):
            return any(occurs(variable, one) for _, one in fields)
        case Quantified(body=body) | Operator(body=body):
            return occurs(variable, body)
        case Arrow(first, second) | Applied(first, second):
            return occurs(variable, first) or occurs(variable, second)
