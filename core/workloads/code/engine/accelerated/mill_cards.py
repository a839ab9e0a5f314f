"""This file is about the Mill's own cards in Python's words; `mill` is the Mill, `take` gives it a number."""

from collections.abc import Iterator

from core.workloads.code.engine.accelerated.terms import Known, Phrase, address
from core.workloads.code.engine.cards import Card


def _set_operation(card: Card, _known: Known) -> Iterator[str]:
    yield f"mill.operation = {card.value}"


def _ingress(card: Card, known: Known) -> Iterator[str]:
    place, before = address(card, known)
    yield from before
    yield f"take(m, store[{place}])"


def _ingress_zeroing(card: Card, known: Known) -> Iterator[str]:
    place, before = address(card, known)
    yield from before
    yield f"z = {place}"
    yield "take(m, store[z]); store[z] = 0"


def _egress(name: str) -> Phrase:
    def phrase(card: Card, known: Known) -> Iterator[str]:
        place, before = address(card, known)
        yield from before
        yield f"store[{place}] = mill.{name}"

    return phrase


MILL_CARDS: dict[str, Phrase] = {
    "MOP": _set_operation,
    "MIN": _ingress,
    "MIZ": _ingress_zeroing,
    "MEG": _egress("egress"),
    "MEU": _egress("egress_upper"),
}
