"""This file is about decks of cards as the Fourmilab emulator takes them, laid into a chain of the Engine's own cards.

One line is one card, comments and attendant's requests included, which matters to the cards that turn the chain by so
many. Requests that need the attendant's library or a curve drawing table are refused.
"""

import re
from collections.abc import Collection

from core.workloads.code.engine.words import STORE_WORDS
from core.workloads.code.frontends.assembly.deck_cards import DeckCard, Misdealt, read_card
from core.workloads.code.frontends.assembly.deck_laying import Dealer
from core.workloads.code.frontends.base import MOST_DIAGNOSTICS, Diagnostic, Phase, Translation

_CARD = re.compile(
    r"N\s*\d+\s+[+-]?[\d.]|[LZS]\s*\d+'?(\s|$)|[-+*/×÷](\s|$)|[<>]\s*\d*(\s|$)|C[FB]|[({]\??(\s|$)|[)}](\s|$)|[BPHT](\s|$)|A\s+\w",
    re.IGNORECASE,
)


def is_deck(source: str) -> bool:
    """Tell a deck by its first card; indented lines and lines with a full stop are comments, as in decks."""
    for line in source.split("\n"):
        if line.strip() and line[0] not in " \t." and not line.startswith(";"):
            return _CARD.match(line) is not None
    return False


def translate(source: str, show: Collection[str]) -> Translation:
    """Lay a deck into a chain."""
    cards: list[DeckCard] = []
    problems: list[Diagnostic] = []
    for number, line in enumerate(source.split("\n"), 1):
        try:
            cards.append(read_card(line, number))
        except Misdealt as misdealt:
            problems.append(misdealt.diagnostic)
            cards.append(DeckCard("comment", number))
    dealer = Dealer(cards)
    dealer.deal()
    problems.extend(dealer.problems)
    shown = {"ast": [card.document() for card in cards if card.kind != "comment"]} if "ast" in show else {}
    if "tokens" in show:
        shown["tokens"] = [
            {"kind": card.kind, "text": line, "line": card.line, "column": 1}
            for card, line in zip(cards, source.split("\n"), strict=True)
            if card.kind != "comment"
        ]
    if not problems and len(dealer.chain.cards) == 1:
        problems.append(Diagnostic(Phase.PARSE, "there is no card in this deck", 1, 1))
    if problems:
        ordered = sorted(problems, key=lambda one: (one.line, one.column))
        return Translation(None, ordered[:MOST_DIAGNOSTICS], shown)
    dealer.chain.free = STORE_WORDS // 2  # a deck has the lower thousand columns to itself
    return Translation(dealer.chain.link(), (), shown)
