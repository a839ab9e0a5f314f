"""Words of the frame as operands: they stand where they are read, unless something may write to them in between."""

import pytest

from core.workloads.code.backend.generation import generate
from core.workloads.code.engine import machine
from core.workloads.code.engine.cards import Program
from core.workloads.code.engine.interpretation import Interpreter as Engine
from core.workloads.code.engine.listing import card_text
from core.workloads.code.ir.builder import FunctionBuilder
from core.workloads.code.ir.instructions import Register
from core.workloads.code.ir.module import Module
from core.workloads.code.ir.types import I32, WORD


def printing_sum(module: Module) -> None:
    """A function of two words that prints their sum."""
    build = FunctionBuilder(module, "show", [("a", WORD), ("b", WORD)], WORD)
    build.service("put_number", [build.compute("add", WORD, build.param(0), build.param(1))])
    build.give_back(7)


def reading(write: str, registers: int = 4) -> Program:
    """Read both words of a slot, have something written in between, and pass what was read."""
    module = Module()
    printing_sum(module)
    build = FunctionBuilder(module, "main", [], I32)
    build.slot("pair", 2)
    first, second = (build.compute("slot", WORD, symbol="pair", offset=offset) for offset in (0, 1))
    build.poke(first, 20)
    build.poke(second, 22)
    read = [build.compute("peek", WORD, one) for one in (first, second)]
    if write == "same":
        build.poke(second, 1000)
    elif write == "elsewhere":
        build.poke(build.compute("global", WORD, symbol="far"), 5)
    elif write == "unknown":
        address = build.variable(WORD, "address")
        build.assign(address, build.compute("add", WORD, second, 0))
        build.poke(address, 1000)
    elif write == "call":
        build.call("show", [1, 2], WORD)
    module.place("far", 1, {})
    assert all(isinstance(one, Register) for one in read)
    build.call("show", list(read), WORD)
    build.give_back(0)
    return generate(module, registers)


def printed(program: Program) -> bytes:
    engine = machine.start(program)
    assert Engine(engine).run(1000) is None
    return bytes(engine.printer.rolls[0])


@pytest.mark.parametrize("registers", [4, 2, 0])
@pytest.mark.parametrize(("write", "said"), [("", b"42"), ("same", b"42"), ("unknown", b"42"), ("call", b"342")])
def test_what_was_read_is_what_is_passed(write: str, said: bytes, registers: int) -> None:
    assert printed(reading(write, registers)) == said


def test_words_are_pushed_from_where_they_lie() -> None:
    pushed = [card_text(card) for card in reading("").cards if card.op == "PUSH"]
    assert pushed[-2:] == ["PUSH 1[F]", "PUSH 0[F]"]


def test_a_word_that_is_written_to_is_read_before() -> None:
    pushed = [card_text(card) for card in reading("same").cards if card.op == "PUSH"]
    assert "1[F]" not in pushed[-2]
    assert pushed[-1] == "PUSH 0[F]"


def test_arguments_stay_on_the_stack_where_the_frame_is_given_back_at_once() -> None:
    after = [one.op for one in reading("call").cards]
    calls = [place for place, op in enumerate(after) if op == "CALL"]
    # The start, the first call of main, which drops its arguments, and the last, behind which the frame goes.
    assert [after[place + 1] for place in calls] == ["HLT", "ADS", "LD"]
