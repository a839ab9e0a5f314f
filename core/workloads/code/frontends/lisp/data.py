"""What the reader makes of a source: names, lists and atoms, each with its place."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from core.workloads.code.ir.instructions import Position

NOWHERE = Position(0, 0)


@dataclass(frozen=True, slots=True)
class Char:
    """A character."""

    code: int


@dataclass(frozen=True, slots=True)
class Text:
    """A string."""

    text: str


@dataclass(frozen=True, slots=True, eq=False)
class Name:
    """A symbol; one that a macro brought in knows what it stands for, and where that is looked up."""

    text: str
    at: Position = NOWHERE
    number: int = 0
    """Of the expansion that brought it in, 0 for one of the source."""
    original: "Name | None" = None
    scope: Any = None

    @property
    def key(self) -> tuple[str, int]:
        """What tells it from names that only look like it."""
        return self.text, self.number


@dataclass(frozen=True, slots=True, eq=False)
class Atom:
    """A number, string, character or truth value."""

    value: int | float | Fraction | Char | Text | bool
    at: Position = NOWHERE
    end: Position = NOWHERE


@dataclass(frozen=True, slots=True, eq=False)
class List:
    """A list in parentheses; `tail` is what stands behind a dot."""

    items: tuple["Datum", ...]
    at: Position = NOWHERE
    tail: "Datum | None" = None
    end: Position = NOWHERE

    def __iter__(self) -> Iterator["Datum"]:
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)


@dataclass(frozen=True, slots=True, eq=False)
class Vector:
    """A vector written out."""

    items: tuple["Datum", ...]
    at: Position = NOWHERE
    end: Position = NOWHERE


Datum = Name | Atom | List | Vector


@dataclass(frozen=True, slots=True)
class Token:
    """One token of the source."""

    kind: str
    text: str
    at: Position
    end: Position = field(default=NOWHERE)


def shown(datum: Datum) -> str:  # noqa: PLR0911 - a case for each sort
    """Write a datum as a message quotes it, in a few words at most."""
    match datum:
        case Name(text=text):
            return text
        case Atom(value=Text(text=text)):
            return f'"{text}"'
        case Atom(value=Char(code=code)):
            return f"#\\{chr(code)}"
        case Atom(value=bool(value)):
            return "#t" if value else "#f"
        case Atom(value=value):
            return str(value)
        case Vector():
            return "#(...)"
        case List(items=()):
            return "()"
        case List(items=(first, *rest)):
            return f"({shown(first)} ...)" if rest else f"({shown(first)})"
    raise TypeError(datum)
