"""This file is about laying a chain of cards whose jumps and columns are still names, and resolving them."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from core.workloads.code.engine.cards import SMALL, Card, Mode, Operand, Program
from core.workloads.code.engine.words import FIRST_FREE, STORE_WORDS


@dataclass(frozen=True, slots=True)
class Symbol:
    """A name where a card's value stands: of a card or of a column, plus an offset.

    The mode says what it is for: SMALL its number itself (what a jump takes, or an address), STORE the column,
    FRAME and AT_A to AT_D that column moved by an index.
    """

    name: str
    mode: Mode = Mode.SMALL
    offset: int = 0


@dataclass(frozen=True, slots=True)
class Unresolved:
    """A name that nothing has, and where it was used."""

    name: str
    line: int
    column: int


class LinkFailure(Exception):
    """Names are missing, or the data do not fit the Store."""

    def __init__(self, message: str, unresolved: Iterable[Unresolved] = ()) -> None:
        super().__init__(message)
        self.unresolved = tuple(unresolved)


@dataclass(slots=True)
class Chain:
    """Cards and data laid one after the other; `link` makes the program.

    >>> chain = Chain()
    >>> chain.label("again")
    >>> chain.add("PRN", x=register(0))
    >>> chain.add("DJN", r=0, x=Symbol("again"))
    >>> chain.add("HLT", x=number(0))
    >>> chain.link().cards[1].value
    0
    """

    cards: list[Card | tuple[Card, Symbol]] = field(default_factory=list)
    labels: dict[str, int] = field(default_factory=dict)
    columns: dict[str, int] = field(default_factory=dict)
    words: dict[int, int | Symbol] = field(default_factory=dict)
    messages: dict[int, str] = field(default_factory=dict)
    free: int = FIRST_FREE
    """The next column that data are laid into."""
    floor: int | None = None
    """Lowest column that the stack may take; the first free one unless given."""

    def label(self, name: str) -> None:
        """Give the next card a name."""
        self._name(name, self.labels, len(self.cards))

    def add(
        self, op: str, *, r: int = 0, s: int = 0, x: Operand | Symbol | None = None, line: int = 0, column: int = 0
    ) -> None:
        """Lay a card; `x` is its operand, whichever of x, m and n its form names."""
        card = Card(op, r, s, line=line, column=column)
        if x is None:
            self.cards.append(card)
        elif isinstance(x, Operand):
            self.cards.append(replace(card, mode=x.mode, value=x.value))
        else:
            self.cards.append((card, x))

    def lay(self, name: str | None, words: Iterable[int | Symbol]) -> int:
        """Lay words into the next free columns and return the first one's address."""
        first = self.free
        if name is not None:
            self._name(name, self.columns, first)
        for word in words:
            if word != 0:
                self.words[self.free] = word
            self.free += 1
        return first

    def reserve(self, name: str | None, count: int) -> int:
        """Keep the next free columns, which start as zero, and return the first one's address."""
        first = self.free
        if name is not None:
            self._name(name, self.columns, first)
        self.free += count
        return first

    def link(self) -> Program:
        """Resolve the names; raises `LinkFailure`. What comes out is still to be verified (`validation.verify`)."""
        if self.free > STORE_WORDS:
            raise LinkFailure(f"the data take {self.free} columns; the Store has {STORE_WORDS}")
        missing: list[Unresolved] = []
        cards = tuple(self._resolved(one, missing) for one in self.cards)
        words = {address: self._word(word, missing) for address, word in self.words.items()}
        if missing:
            raise LinkFailure(f"there is no {missing[0].name!r}", missing)
        floor = self.free if self.floor is None else self.floor
        return Program(cards, words, floor, dict(self.labels), dict(self.columns), dict(self.messages))

    def _resolved(self, laid: Card | tuple[Card, Symbol], missing: list[Unresolved]) -> Card:
        if isinstance(laid, Card):
            return laid
        card, symbol = laid
        value = self._value(symbol, card.line, card.column, missing)
        large = symbol.mode is Mode.SMALL and abs(value) >= SMALL
        # Written out, since `replace` takes three times as long and this is done for most cards of a program.
        return Card(card.op, card.r, card.s, Mode.NUMBER if large else symbol.mode, value, card.line, card.column)

    def _word(self, word: int | Symbol, missing: list[Unresolved]) -> int:
        return word if isinstance(word, int) else self._value(word, 0, 0, missing)

    def _value(self, symbol: Symbol, line: int, column: int, missing: list[Unresolved]) -> int:
        place = self.labels.get(symbol.name, self.columns.get(symbol.name))
        if place is None:
            missing.append(Unresolved(symbol.name, line, column))
            return 0
        return place + symbol.offset

    def _name(self, name: str, names: dict[str, int], place: int) -> None:
        if name in self.labels or name in self.columns:
            raise LinkFailure(f"the name {name!r} is given twice")
        names[name] = place
