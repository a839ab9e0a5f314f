"""The tree that an equation is read to; `at` is the character (from 1) at which a part begins, for messages alone."""

from collections.abc import Iterator
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Number:
    """A number as it stands."""

    value: float
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Name:
    """A stock, flow, auxiliary, parameter, noise, or `time`."""

    name: str
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Element:
    """An element of an array, each subscript a dimension or one of its elements; gone once it is resolved."""

    name: str
    subscripts: tuple[str, ...]
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Operation:
    """An operator or function of the language with its operands, or a table with its place."""

    operator: str
    operands: "tuple[Tree, ...]"
    at: int = field(default=0, compare=False)


Tree = Number | Name | Element | Operation


def names_in(tree: Tree) -> Iterator[Name]:
    """Yield the names that an equation speaks of, as often as it does."""
    if isinstance(tree, Name):
        yield tree
    elif isinstance(tree, Operation):
        for operand in tree.operands:
            yield from names_in(operand)
