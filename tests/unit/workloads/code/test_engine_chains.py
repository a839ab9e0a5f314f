"""Chains of cards: which can be hung, and how names in them are resolved."""

import pytest

from core.workloads.code.engine.cards import Card, Mode, Program, number
from core.workloads.code.engine.interpretation import Interpreter
from core.workloads.code.engine.linking import Chain, LinkFailure, Symbol
from core.workloads.code.engine.machine import start
from core.workloads.code.engine.validation import BadCard, faults, verify
from core.workloads.code.engine.words import MAX_CARDS


@pytest.mark.parametrize(
    "card",
    [
        Card("XYZ"),
        Card("LD", 4, 0, Mode.SMALL, 1),
        Card("LD", 0, 1, Mode.SMALL, 1),
        Card("LD"),
        Card("ST", 0, 0, Mode.SMALL, 1),
        Card("LD", 0, 0, Mode.NUMBER, 5),
        Card("LD", 0, 0, Mode.SMALL, 10**6),
        Card("LD", 0, 0, Mode.STORE, 2000),
        Card("LD", 0, 0, Mode.FRAME, -1),
        Card("JEQ", 0, 0, Mode.SMALL, 1),
        Card("JEQ", 0, 0, Mode.STORE, 0),
        Card("WRS", 0, 0, Mode.SMALL, 0),
        Card("WRS", 0, 0, Mode.SMALL, 167),
        Card("LEV", 0, 0, Mode.SMALL, 2),
        Card("RET", 0, 0, Mode.SMALL, 0),
    ],
)
def test_a_card_that_cannot_be_read_is_refused(card: Card) -> None:
    with pytest.raises(BadCard):
        verify(Program((card,)))


def test_longest_chain() -> None:
    cards = (Card("NOP"),) * MAX_CARDS
    assert list(faults(Program(cards))) == []
    assert len(list(faults(Program((*cards, Card("NOP")))))) == 1


def test_names_that_nothing_has_are_listed_with_their_place() -> None:
    chain = Chain()
    chain.add("JMP", x=Symbol("nowhere"), line=3, column=5)
    chain.add("LD", x=Symbol("nothing", Mode.STORE), line=4, column=9)
    with pytest.raises(LinkFailure) as caught:
        chain.link()
    assert [(one.name, one.line, one.column) for one in caught.value.unresolved] == [
        ("nowhere", 3, 5),
        ("nothing", 4, 9),
    ]


def test_data_and_jump_tables() -> None:
    chain = Chain()
    chain.lay("table", [Symbol("zero"), Symbol("one")])
    chain.lay("value", [77])
    chain.add("LD", x=number(1))
    chain.add("JMP", x=Symbol("table", Mode.AT_A))
    chain.label("zero")
    chain.add("HLT", x=number(0))
    chain.label("one")
    chain.add("HLT", x=Symbol("value", Mode.STORE))
    machine = start(chain.link())
    assert Interpreter(machine).run(10) is None
    assert machine.exit_value == 77
