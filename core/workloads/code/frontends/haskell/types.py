"""Types as inference has them: constructors, applications, variables to be found out; how they are made equal."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count

_NUMBERS = count(1)


@dataclass(frozen=True, slots=True)
class Constructor:
    """A type constructor, or a variable that a given type names (`rigid`)."""

    name: str
    rigid: int = 0


@dataclass(frozen=True, slots=True)
class Applied:
    """A type applied to another."""

    function: "Type"
    argument: "Type"


@dataclass(frozen=True, slots=True)
class Generic:
    """A variable of a scheme, by its number."""

    number: int


@dataclass(slots=True, eq=False)
class Meta:
    """A type that is to be found out; the level tells which binding it belongs to."""

    level: int
    link: "Type | None" = None


Type = Constructor | Applied | Generic | Meta
Predicate = tuple[str, Type]


@dataclass(frozen=True, slots=True)
class Scheme:
    """A type for all types of its variables that are in certain classes."""

    variables: int
    predicates: tuple[Predicate, ...]
    type: Type


class Mismatch(Exception):
    """Two types cannot be the same."""


class Endless(Exception):
    """A type would have to contain itself."""


INT, INTEGER, DOUBLE, CHAR, BOOL, UNIT, LIST, IO, ARROW = (
    Constructor(name) for name in ("Int", "Integer", "Double", "Char", "Bool", "()", "[]", "IO", "->")
)
STRING = Applied(LIST, CHAR)


def rigid(name: str) -> Constructor:
    """Make a type that equals nothing but itself."""
    return Constructor(name, next(_NUMBERS))


def arrow(takes: Type, gives: Type) -> Type:
    """Give the type of functions."""
    return Applied(Applied(ARROW, takes), gives)


def list_of(type_: Type) -> Type:
    """Give the type of lists."""
    return Applied(LIST, type_)


def pruned(type_: Type) -> Type:
    """Give what a variable has been found to be."""
    while isinstance(type_, Meta) and type_.link is not None:
        type_ = type_.link
    return type_


def spine(type_: Type) -> tuple[Type, list[Type]]:
    """Give the head of a type and what it is applied to."""
    args: list[Type] = []
    type_ = pruned(type_)
    while isinstance(type_, Applied):
        args.append(type_.argument)
        type_ = pruned(type_.function)
    return type_, args[::-1]


def unify(one: Type, other: Type) -> None:
    """Make two types equal; raises `Mismatch` or `Endless`."""
    one, other = pruned(one), pruned(other)
    if one is other:
        return
    if isinstance(one, Meta):
        _settle(one, other)
    elif isinstance(other, Meta):
        _settle(other, one)
    elif isinstance(one, Applied) and isinstance(other, Applied):
        unify(one.function, other.function)
        unify(one.argument, other.argument)
    elif one != other:
        raise Mismatch


def _settle(meta: Meta, type_: Type) -> None:
    for one in metas(type_):
        if one is meta:
            raise Endless
        one.level = min(one.level, meta.level)
    meta.link = type_


def metas(type_: Type) -> Iterator[Meta]:
    """Give the variables in a type that are still to be found out."""
    type_ = pruned(type_)
    if isinstance(type_, Meta):
        yield type_
    elif isinstance(type_, Applied):
        yield from metas(type_.function)
        yield from metas(type_.argument)


def instantiated(type_: Type, given: list[Type]) -> Type:
    """Put types in the places of a scheme's variables."""
    match type_:
        case Generic(number):
            return given[number]
        case Applied(function, argument):
            return Applied(instantiated(function, given), instantiated(argument, given))
        case Meta(link=Constructor() | Applied() | Generic() | Meta() as link):
            return instantiated(link, given)
        case _:
            return type_


def generalized(type_: Type, variables: dict[int, Generic]) -> Type:
    """Put a scheme's variables (by the identity of what they were) into a type."""
    type_ = pruned(type_)
    if isinstance(type_, Meta):
        return variables.get(id(type_), type_)
    if isinstance(type_, Applied):
        return Applied(generalized(type_.function, variables), generalized(type_.argument, variables))
    return type_


def show(type_: Type, names: dict[int, str] | None = None, level: int = 0) -> str:
    """Write a type as Haskell does."""
    names = {} if names is None else names
    head, args = spine(type_)
    if isinstance(head, Meta | Generic):
        key = id(head) if isinstance(head, Meta) else head.number
        text = names.setdefault(key, "abcdefghijklmnopqrstuvwxyz"[len(names) % 26])
    else:
        text = getattr(head, "name", "?")
    if text == "->" and len(args) == 2:  # noqa: PLR2004 - parameter and result
        shown = f"{show(args[0], names, 1)} -> {show(args[1], names)}"
        return f"({shown})" if level else shown
    if text == "[]" and len(args) == 1:
        return "String" if pruned(args[0]) == CHAR else f"[{show(args[0], names)}]"
    if text.startswith("(,") and len(args) == len(text) - 1:
        return f"({', '.join(show(one, names) for one in args)})"
    if not args:
        return text
    shown = " ".join([text, *(show(one, names, 2) for one in args)])
    return f"({shown})" if level > 1 else shown
