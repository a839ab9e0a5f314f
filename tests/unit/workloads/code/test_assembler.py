"""The assembler: programs that run, listings that assemble to the same program, cards that survive the punch."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.workloads.code.engine.cards import Card, Mode, Program
from core.workloads.code.engine.listing import listing
from core.workloads.code.engine.punching import COLUMNS, NUMBER_COLUMNS, PLACES, punch, read, read_image
from core.workloads.code.engine.validation import BadCard
from tests.unit.workloads.code.assembling import assemble, cards, job, programs


def bare(program: Program) -> Program:
    """Take away what only tells where cards came from."""
    chain = tuple(replace(card, line=0, column=0) for card in program.cards)
    words = {address: word for address, word in program.words.items() if word}
    return Program(chain, words, program.floor, messages=program.messages)


@settings(max_examples=200, deadline=None)
@given(programs())
def test_a_listing_assembles_to_the_same_program(program: Program) -> None:
    written = listing(program)
    again = assemble(written)
    assert bare(again) == bare(program)
    assert listing(replace(again, cards=bare(again).cards)) == listing(bare(again))


@settings(max_examples=200, deadline=None)
@given(cards(1000))
def test_a_card_survives_the_punch(card: Card) -> None:
    punched = punch(card)
    assert len(punched.digits) == COLUMNS + NUMBER_COLUMNS * (card.mode is Mode.NUMBER)
    assert read(punched.digits) == card
    assert read_image(punched.image, len(punched.digits)) == card
    assert int(punched.hex, 16) == punched.image


@settings(max_examples=200, deadline=None)
@given(cards(1000), st.data())
def test_a_damaged_column_is_noticed(card: Card, data: st.DataObject) -> None:
    """Given one column with another number of holes than one, reading the card names it."""
    punched = punch(card)
    count = len(punched.digits)
    column = data.draw(st.integers(0, count - 1))
    holes = data.draw(st.integers(0, (1 << PLACES) - 1).filter(lambda holes: holes.bit_count() != 1))
    shift = PLACES * (count - 1 - column)
    damaged = punched.image & ~(((1 << PLACES) - 1) << shift) | holes << shift
    with pytest.raises(BadCard, match=f"column {column + 1} is damaged"):
        read_image(damaged, count)


@pytest.mark.parametrize(
    "digits",
    ["", "1" * 12, "1" * 14, "900" + "0" * 10, "01200x0000001", "0120012000001", "0120021000000"],
)
def test_digits_that_are_no_card(digits: str) -> None:
    with pytest.raises(BadCard):
        read(digits)


def test_a_program_with_everything_in_it() -> None:
    result = job(
        """
; the sum of a table, and a text
        .const COUNT = 4
        .message 7 "never"
table:  .word 10, -3, 'a', 100000000000000000000
total:  .space 1
text:   .text "sum\\t= "
start:  LD B, #0
        CLR total
loop:   LD A, table[B]
        ADD A, A, total
        ST A, total
        ADD B, B, #1
        CMP B, #COUNT
        JLT loop
        LD C, #text
next:   LD D, [C]
        CMP D, #0
        JEQ done
        PRC D
        ADD C, C, #1
        JMP next
done:   PRN total
        PUN total
        BEL
        SEL 1
        PRC '!'
        HLT #3
"""
    )
    assert (result["verdict"], result["stdout"], result["stderr"]) == ("ok", "sum\t= 100000000000000000104", "!")
    assert (result["exit_code"], result["bell"], result["punched"]) == (3, 1, ["100000000000000000104"])
    assert result["cards_executed"] == result["engine_seconds"] == 72


def test_operands_may_be_written_in_either_case_and_with_offsets() -> None:
    program = assemble("t: .space 3\n add a, b, t+1\n ld C, t-1[d]\n st d, 2[f]\n jmp #0\n wrs A, A, #32\n")
    assert [(card.op, card.mode, card.value) for card in program.cards] == [
        ("ADD", Mode.STORE, 17),
        ("LD", Mode.AT_D, 15),
        ("ST", Mode.FRAME, 2),
        ("JMP", Mode.SMALL, 0),
        ("WRS", Mode.SMALL, 32),
    ]


def test_every_phase_can_be_shown() -> None:
    emit = ["tokens", "ast", "assembly", "machine_code", "trace"]
    result = job("        LD A, #123456789\n        PRN A\n        HLT #0\n", emit=emit)
    assert [token["text"] for token in result["tokens"][:5]] == ["LD", "A", ",", "#", "123456789"]
    assert [line["operation"] for line in result["ast"]] == ["LD", "PRN", "HLT"]
    assert "PRN A" in result["assembly"]
    assert [card["digits"][:13] for card in result["machine_code"]] == [
        "0050030000000",
        "0620010000000",
        "0000020000000",
    ]
    assert [step["text"] for step in result["trace"]["cards"]] == ["LD A, #123456789", "PRN A", "HLT #0"]
    assert result["trace"]["cards"][1]["printed"] == ["123456789", ""]
