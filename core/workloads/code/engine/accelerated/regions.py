"""This file is about which cards are rewritten together: those a hot card leads to, by jumps, calls, returns."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from core.workloads.code.engine.cards import Card, Mode
from core.workloads.code.engine.operations.jumps import CONDITIONS

MOST_CARDS = 1_500
BRANCHES = frozenset({*(f"J{name}" for name in CONDITIONS), "JRU", "DJN"})
LEFT_ALONE = frozenset({"HLT", "TRP", "LEV", "FLR", "STS", "STF"})
"""Rare operations that the interpreter executes: the function ends before them."""
_ENDS = LEFT_ALONE | {"RET"}


@dataclass(frozen=True, slots=True)
class Region:
    """Cards to be rewritten, and those among them that can be come to from several sides or from outside."""

    entry: int
    cards: frozenset[int]
    labels: frozenset[int]


def form(cards: Sequence[Card], entry: int) -> Region:
    """Follow every way from a card, nearest first, as far as a function may reach."""
    found: set[int] = set()
    arrivals: dict[int, int] = {}
    labels = {entry}
    waiting = [entry]
    while waiting and len(found) < MOST_CARDS:
        number = waiting.pop(0)
        while number not in found and number < len(cards) and len(found) < MOST_CARDS:
            found.add(number)
            for target, kind in ways(cards[number], number):
                arrivals[target] = arrivals.get(target, 0) + 1
                if kind == "return" or (kind == "jump" and target <= number):
                    labels.add(target)
                if kind != "next":
                    waiting.append(target)
            if not _goes_on(cards[number]):
                break
            number += 1
    labels |= {number for number, count in arrivals.items() if count > 1}
    return Region(entry, frozenset(found), frozenset(labels & found))


def ways(card: Card, number: int) -> Iterator[tuple[int, str]]:
    """Yield the cards that may follow: the next one, a jump's, a call's, and where that returns to."""
    if card.op in BRANCHES:
        yield card.value, "jump"
        yield number + 1, "next"
    elif card.op in ("JMP", "CALL"):
        if card.mode is Mode.SMALL:
            yield card.value, "jump"
        if card.op == "CALL":
            yield number + 1, "return"
    elif card.op not in _ENDS:
        yield number + 1, "next"


def _goes_on(card: Card) -> bool:
    return card.op not in _ENDS and card.op not in ("JMP", "CALL")
