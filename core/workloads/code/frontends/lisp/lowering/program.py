"""What all procedures of a program share while it becomes IR: roots, texts and constants."""

from dataclasses import dataclass, field

from core.workloads.code.frontends.lisp.data import Atom, Char, Datum, List, Name, Text, Vector
from core.workloads.code.frontends.lisp.library import LIBRARY
from core.workloads.code.frontends.lisp.nodes import Lambda
from core.workloads.code.frontends.lisp.primitives import CHAR, NIL, SYMBOL
from core.workloads.code.frontends.words import values
from core.workloads.code.ir.module import Module


@dataclass(slots=True, eq=False)
class Program:
    """A module in the making."""

    module: Module
    waiting: list[Lambda] = field(default_factory=list)
    """Procedures whose code is still to be written."""
    as_value: list[Lambda] = field(default_factory=list)
    """Procedures that are wanted as values."""
    initial: dict[int, int] = field(default_factory=dict)
    roots: int = field(default_factory=lambda: len(LIBRARY.sources.roots))
    texts: dict[str, str] = field(default_factory=dict)
    quoted: list[tuple[Datum, int]] = field(default_factory=list)
    """Data that are made when the program begins, and where they lie."""
    procedures: int = 0

    def root(self, value: int) -> int:
        """Reserve a word that the collector looks at, with what it holds at first."""
        self.initial[self.roots] = value
        self.roots += 1
        return self.roots - 1

    def number(self, procedure: Lambda) -> int:
        """Give the number of a procedure; its code is written in time."""
        if not procedure.number:
            self.procedures += 1
            procedure.number = self.procedures
            self.waiting.append(procedure)
        return procedure.number

    def code_name(self, procedure: Lambda) -> str:
        """Name the code of a procedure."""
        return f"f.{self.number(procedure)}.{procedure.name}"

    def value_name(self, procedure: Lambda) -> str:
        """Name what is called through the value of a procedure."""
        if procedure not in self.as_value:
            self.as_value.append(procedure)
        return f"{self.code_name(procedure)}/value"

    def quote(self, datum: Datum) -> int:
        """Give the root where a datum lies that is no word by itself."""
        root = self.root(values.UNBOUND)
        self.quoted.append((datum, root))
        return root


def word_of(datum: Datum) -> int | None:  # noqa: PLR0911 - a case for each sort
    """Give the word that a datum is, None where it is an object."""
    match datum:
        case Name(text=text):
            return values.inline_string(text) - values.STRING + SYMBOL
        case Atom(value=bool(value)):
            return values.TRUE if value else values.FALSE
        case Atom(value=int(value)):
            return value if value < values.LIMIT else None
        case Atom(value=float(value)):
            return values.float_word(value)
        case Atom(value=Char(code=code)):
            return CHAR + code
        case Atom(value=Text(text=text)):
            return values.inline_string(text) if values.fits_inline(text) else None
        case List(items=()):
            return NIL
        case List() | Vector() | Atom():
            return None
    raise TypeError(datum)
