"""Terms, types and kinds as the book writes them."""

from core.workloads.code.frontends.system_f.syntax import (
    Abstraction,
    Application,
    Ascription,
    Choice,
    Constant,
    Fix,
    Let,
    Name,
    Operator,
    Package,
    Projection,
    Record,
    Term,
    TypeAbstraction,
    TypeApplication,
    Unpacking,
)
from core.workloads.code.frontends.system_f.types import (
    STAR,
    Abbreviated,
    Applied,
    Arrow,
    Base,
    Kind,
    KindArrow,
    Quantified,
    RecordType,
    Star,
    Type,
    TypeVariable,
)
from core.workloads.code.frontends.system_f.types import Operator as TypeOperator

Scope = dict[TypeVariable, str]
"""How variables are called, so that no two that may be seen are called alike."""
_LOW, _MIDDLE, _HIGH = range(3)


def show_kind(kind: Kind, level: int = _LOW) -> str:
    """Write a kind."""
    match kind:
        case Star():
            return "*"
        case KindArrow(takes, gives):
            text = f"{show_kind(takes, _MIDDLE)} -> {show_kind(gives)}"
            return f"({text})" if level else text


def show_type(type_: Type, scope: Scope | None = None, level: int = _LOW) -> str:  # noqa: PLR0911 - a case for each
    """Write a type."""
    scope = scope or {}
    match type_:
        case TypeVariable(name):
            return scope.get(type_, name)
        case Base(name) | Abbreviated(name):
            return name
        case RecordType(fields):
            return "{" + ", ".join(_field(place, one, scope) for place, one in enumerate(fields, 1)) + "}"
        case Quantified("Some", variable, kind, body):
            inner = _named(variable, scope)
            return f"{{Some {inner[variable]}{_kinded(kind)}, {show_type(body, inner)}}}"
        case Quantified(_, variable, kind, body):
            inner = _named(variable, scope)
            return _wrapped(f"All {inner[variable]}{_kinded(kind)}. {show_type(body, inner)}", level > _LOW)
        case TypeOperator(variable, kind, body):
            inner = _named(variable, scope)
            return _wrapped(f"lambda {inner[variable]}{_kinded(kind)}. {show_type(body, inner)}", level > _LOW)
        case Arrow(takes, gives):
            return _wrapped(f"{show_type(takes, scope, _MIDDLE)} -> {show_type(gives, scope)}", level > _LOW)
        case Applied(function, argument):
            text = f"{show_type(function, scope, _MIDDLE)} {show_type(argument, scope, _HIGH)}"
            return _wrapped(text, level > _MIDDLE)


def _field(place: int, field: tuple[str, Type], scope: Scope) -> str:
    label, type_ = field
    return show_type(type_, scope) if label == str(place) else f"{label}:{show_type(type_, scope)}"


def _named(variable: TypeVariable, scope: Scope) -> Scope:
    name = variable.name
    while name in scope.values():
        name += "'"
    return {**scope, variable: name}


def _kinded(kind: Kind) -> str:
    return "" if kind == STAR else f"::{show_kind(kind)}"


def _wrapped(text: str, needed: bool) -> str:  # noqa: FBT001 - whether brackets are needed
    return f"({text})" if needed else text


def show_term(term: Term, scope: Scope | None = None, level: int = _LOW) -> str:  # noqa: C901, PLR0911 - a case for each
    """Write a term."""
    scope = scope or {}
    match term:
        case Name(_, name):
            return name
        case Constant(_, value):
            return "unit" if value is None else str(value).lower()
        case Abstraction(_, name, type_, body):
            return _wrapped(f"lambda {name}:{show_type(type_, scope)}. {show_term(body, scope)}", level > _LOW)
        case TypeAbstraction(_, variable, kind, body):
            inner = _named(variable, scope)
            return _wrapped(f"lambda {inner[variable]}{_kinded(kind)}. {show_term(body, inner)}", level > _LOW)
        case Application(_, function, argument):
            text = f"{show_term(function, scope, _MIDDLE)} {show_term(argument, scope, _HIGH)}"
            return _wrapped(text, level > _MIDDLE)
        case TypeApplication(_, function, type_):
            return _wrapped(f"{show_term(function, scope, _MIDDLE)} [{show_type(type_, scope)}]", level > _MIDDLE)
        case Operator(_, name, args):
            return _wrapped(" ".join([name, *(show_term(one, scope, _HIGH) for one in args)]), level > _MIDDLE)
        case Fix(_, function):
            return _wrapped(f"fix {show_term(function, scope, _HIGH)}", level > _MIDDLE)
        case Record(_, fields):
            shown = (
                show_term(one, scope) if label == str(place) else f"{label}={show_term(one, scope)}"
                for place, (label, one) in enumerate(fields, 1)
            )
            return "{" + ", ".join(shown) + "}"
        case Projection(_, record, label):
            return f"{show_term(record, scope, _HIGH)}.{label}"
        case Package(_, hidden, body, type_):
            text = f"{{*{show_type(hidden, scope)}, {show_term(body, scope)}}} as {show_type(type_, scope)}"
            return _wrapped(text, level > _LOW)
        case _:
            return _wrapped(_show_statement(term, scope), level > _LOW)


def _show_statement(term: Term, scope: Scope) -> str:
    match term:
        case Choice(_, condition, then, otherwise):
            shown = [show_term(one, scope) for one in (condition, then, otherwise)]
            return f"if {shown[0]} then {shown[1]} else {shown[2]}"
        case Let(_, name, value, body):
            return f"let {name} = {show_term(value, scope)} in {show_term(body, scope)}"
        case Unpacking(_, variable, name, package, body):
            inner = _named(variable, scope)
            opened = f"{{{inner[variable]}, {name}}}"
            return f"let {opened} = {show_term(package, scope)} in {show_term(body, inner)}"
        case Ascription(_, body, type_):
            return f"{show_term(body, scope, _MIDDLE)} as {show_type(type_, scope)}"
    raise AssertionError(term)
