"""This file is about whom a card works for: cards of a run-time library have no place in the source, callers do."""

from core.workloads.code.engine.cards import Card, Mode, Program
from core.workloads.code.engine.machine import Machine
from core.workloads.code.engine.words import STORE_WORDS

_INSIDE = "/"
"""Labels of places inside of functions hold it (`backend/generation.py`); hand-written cards all have lines."""


def source_card(machine: Machine, number: int) -> Card:
    """Return the card itself where it has a line, else the nearest call that led to it and has one.

    Follows the calling convention outwards; where it was not kept to, what is returned has no line.
    """
    cards = machine.program.cards
    nearest = cards[min(number, len(cards) - 1)] if cards else Card("NOP")
    if nearest.line or number >= len(cards):
        return nearest
    starts = _function_starts(machine.program)
    card, frame, stack = number, machine.frame, machine.stack
    for _ in range(STORE_WORDS):
        start = max((one for one in starts if one <= card), default=-1)
        if start < 0:
            return nearest
        framed = cards[start].op == "ENT" and card != start
        linkage = frame + cards[start].value if framed else stack - 1
        if not 0 <= linkage < STORE_WORDS - 1:
            return nearest
        back = machine.store[linkage + 1]
        if not 0 < back <= len(cards) or cards[back - 1].op != "CALL":
            return nearest
        card = back - 1
        if cards[card].line:
            return cards[card]
        if framed:
            frame = machine.store[linkage]
        # A function without a frame has its return card behind the arguments that it passed, which it drops next.
        passed = cards[back].value if back < len(cards) and cards[back].op == "ADS" else 0
        stack = linkage + 2 + passed
    return nearest


def _function_starts(program: Program) -> list[int]:
    called = {card.value for card in program.cards if card.op == "CALL" and card.mode is Mode.SMALL}
    return sorted(called | {place for name, place in program.labels.items() if _INSIDE not in name})
