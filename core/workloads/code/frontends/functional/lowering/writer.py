"""What cases and delayed terms ask of whoever writes the body around them."""

from typing import Protocol

from core.workloads.code.frontends.functional.lowering.frames import Frame
from core.workloads.code.frontends.functional.lowering.unit import Unit
from core.workloads.code.frontends.functional.terms import Term
from core.workloads.code.ir.instructions import Operand

Live = frozenset[str]
"""Variables that are read later on."""


class Writer(Protocol):
    """Writes terms of one function."""

    unit: Unit
    build: Frame
    stem: str

    def free(self, *terms: Term) -> Live:
        """Give the variables that the terms read."""

    def value(self, term: Term, live: Live) -> Operand:
        """Compute the term now."""

    def tail(self, term: Term) -> None:
        """Return what the term comes to."""

    def computed(self, parts: list[tuple[Term, bool]], live: Live) -> list[Operand]:
        """Compute terms one after another, those that are marked at once, the others for later."""

    def is_ready(self, term: Term) -> bool:
        """Whether the term's value is there without anything else being computed or made."""
