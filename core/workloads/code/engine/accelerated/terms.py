"""This file is about operands in Python's words, and what is known of registers on the way to them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from core.workloads.code.engine.cards import REGISTERS, Card, Mode
from core.workloads.code.engine.words import LARGEST


@dataclass(slots=True)
class Known:
    """What is known of registers on a path: a bound of their magnitudes, and which are not negative."""

    bounds: dict[str, int] = field(default_factory=dict)
    natural: set[str] = field(default_factory=set)

    def bound(self, name: str) -> int:
        """Return the largest magnitude that a register may have."""
        return self.bounds.get(name, LARGEST)

    def learn(self, name: str, bound: int = LARGEST, *, natural: bool = False) -> None:
        """Note what was just put into a register."""
        self.bounds[name] = min(bound, LARGEST)
        self.natural.discard(name)
        if natural:
            self.natural.add(name)

    def copy(self) -> "Known":
        """Return the same, to be changed apart."""
        return Known(dict(self.bounds), set(self.natural))


@dataclass(frozen=True, slots=True)
class Term:
    """An operand in Python's words, and what is known of it."""

    text: str
    bound: int = LARGEST
    natural: bool = False
    before: tuple[str, ...] = ()
    """Lines that must come first."""


def operand(card: Card, known: Known) -> Term:
    """Write a card's x."""
    if card.mode is Mode.REGISTER:
        name = REGISTERS[card.value]
        return Term(name, known.bound(name), name in known.natural)
    if card.mode in (Mode.SMALL, Mode.NUMBER):
        text = str(card.value) if card.value >= 0 else f"({card.value})"
        return Term(text, abs(card.value), card.value >= 0)
    place, before = address(card, known)
    return Term(f"store[{place}]", before=before)


def address(card: Card, known: Known) -> tuple[str, tuple[str, ...]]:
    """Write the column of a card's operand, which Python itself refuses beyond the Store's end."""
    if card.mode is Mode.STORE:
        return str(card.value), ()
    if card.mode is Mode.FRAME:
        return (f"f + {card.value}" if card.value else "f"), ()
    name = REGISTERS[card.mode - Mode.AT_A]
    text = f"{name} + {card.value}" if card.value > 0 else f"{name} - {-card.value}" if card.value else name
    if card.value >= 0 and name in known.natural:
        return text, ()
    if card.value >= 0 and known.bound(name) < LARGEST and card.value >= known.bound(name):
        return text, ()
    known_natural = card.value <= 0
    if known_natural:
        known.natural.add(name)
    if card.value == 0:
        return text, (f"if {name} < 0: raise leave",)
    return "y", (f"y = {text}", "if y < 0: raise leave")


def within(bound: int) -> str | None:
    """Write the check that x is a word, None where it is one anyway."""
    return None if bound <= LARGEST else f"if not {-LARGEST} <= x <= {LARGEST}: raise leave"


Phrase = Callable[[Card, Known], Iterator[str]]
"""Writes lines that do what a card does, or raise `leave` before they do anything."""
