"""The fast emulation against the traced interpreter: same output, steps, engine time, state and trap on any program."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.workloads.code.engine import emulation
from core.workloads.code.engine.accelerated import driver
from core.workloads.code.engine.cards import Card, Mode, Program
from core.workloads.code.engine.emulation import Ended, emulate
from core.workloads.code.engine.interpretation import Interpreter, held
from core.workloads.code.engine.machine import Machine, start
from core.workloads.code.engine.traps import Trap, TrapReport
from core.workloads.code.engine.validation import verify
from tests.unit.workloads.code.assembling import assemble, programs

STDIN = "12 -7 x\n99é\n".encode()


def go_on(_machine: Machine) -> bool:
    return True


def left(machine: Machine, report: TrapReport | None) -> dict[str, Any]:
    """Tell everything about an Engine as it stopped."""
    printer = machine.printer
    return {
        "held": held(machine),
        "store": machine.store,
        "at": (machine.card, machine.steps, machine.seconds, machine.halted, machine.exit_value),
        "indices": (machine.floor, machine.lever_mode, machine.reader.at),
        "mill": machine.mill,
        "printed": (bytes(printer.rolls[0]), bytes(printer.rolls[1]), printer.punched, printer.rung, printer.left),
        "report": report,
    }


def both(program: Program, limit: int, output: int = 300) -> tuple[dict[str, Any], dict[str, Any]]:
    traced, fast = (start(program, stdin=STDIN, output_bytes=output) for _ in range(2))
    report = Interpreter(traced).run(limit)
    ended = emulate(fast, limit, go_on)
    return left(traced, report), left(ended.machine, ended.report)


@pytest.fixture(autouse=True)
def _soon_warm(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rewrite at the second arrival, and look up often, so that small programs see all of it."""
    monkeypatch.setattr(driver, "WARM", 2)
    monkeypatch.setattr(emulation, "STRETCH", 61)


@settings(max_examples=120, deadline=None)
@given(programs(), st.integers(1, 400), st.integers(0, 60))
def test_any_program(program: Program, limit: int, output: int) -> None:
    traced, fast = both(program, limit, output)
    assert fast == traced


@st.composite
def looping(draw: st.DrawFn) -> Program:
    """Draw a program that goes round: registers set to small numbers, a body, and a jump back while D lasts."""
    body = draw(programs(20)).cards
    shift = 5
    head = [Card("LD", r, 0, Mode.SMALL, draw(st.integers(-3, 60))) for r in range(3)]
    head += [Card("LD", 3, 0, Mode.SMALL, draw(st.integers(1, 40))), Card("ENT", 0, 0, Mode.SMALL, 4)]
    moved = [_moved(card, shift, len(body)) for card in body]
    tail = [Card("DJN", 3, 0, Mode.SMALL, shift), Card("HLT", 0, 0, Mode.REGISTER, 0)]
    return Program((*head, *moved, *tail), floor=draw(st.integers(16, 60)))


def _moved(card: Card, shift: int, count: int) -> Card:
    """Move a jump's target along with the body, and spare the register that counts and what ends it all too soon."""
    if card.op in ("HLT", "TRP"):
        return Card("NOP")
    r = card.r % 3
    if card.mode is Mode.SMALL and (card.op.startswith("J") or card.op in ("DJN", "CALL")):
        return replace(card, r=r, value=min(card.value, count) + shift)
    return replace(card, r=r)


@settings(max_examples=150, deadline=None)
@given(looping(), st.sampled_from([10, 100, 700, 3000]))
def test_any_loop(program: Program, limit: int) -> None:
    verify(program)
    traced, fast = both(program, limit)
    assert fast == traced


@pytest.mark.deep
@settings(max_examples=20_000, deadline=None)
@given(looping(), st.sampled_from([100, 3000]))
def test_many_loops(program: Program, limit: int) -> None:
    traced, fast = both(program, limit)
    assert fast == traced


FIBONACCI = """
        PUSH #12
        CALL fib
        ADS 1
        PRN A
        HLT #0
fib:    ENT 1
        LD A, 3[F]
        CMP A, #2
        JLT base
        SUB A, A, #1
        PUSH A
        CALL fib
        ADS 1
        ST A, 0[F]
        LD A, 3[F]
        SUB A, A, #2
        PUSH A
        CALL fib
        ADS 1
        ADD A, A, 0[F]
base:   LVE 1
        RET
"""


@pytest.mark.parametrize("limit", [1, 2, 15, 16, 17, 60, 61, 62, 122, 500, 2000, 5346, 5347, 5348])
def test_steps_are_limited_exactly(limit: int) -> None:
    traced, fast = both(assemble(FIBONACCI), limit)
    assert fast == traced
    assert fast["at"][1] == min(limit, 5347)
    assert (fast["report"] is None) == (limit >= 5347)


def test_a_pause_that_says_no_stops_the_engine() -> None:
    program = assemble("again:  JMP again\n")
    ended: Ended = emulate(start(program), 10_000, lambda machine: machine.steps < 200)
    assert ended.report is not None
    assert (ended.report.trap, ended.machine.steps) == (Trap.TIME_LIMIT, 244)
    assert ended.report.recent == (0,) * 16


@pytest.mark.parametrize(
    ("source", "trap", "line"),
    [
        ("LD A, #1\nagain: MUL A, A, #3\nJMP again\n", Trap.OVERFLOW, 2),
        ("LD A, #1\nagain: ADD A, A, A\nCKS A, A, 32\nJMP again\n", Trap.OVERFLOW, 3),
        ("LD A, #50\nagain: SUB A, A, #1\nDIV B, A, A\nJMP again\n", Trap.DIV_ZERO, 3),
        ("LD A, #0\nagain: ST A, [A]\nADD A, A, #1\nJMP again\n", Trap.STORE_BOUNDS, 2),
        ("LD A, #90\nagain: LD B, -40[A]\nSUB A, A, #1\nJMP again\n", Trap.STORE_BOUNDS, 2),
        ("again: PUSH A\nJMP again\n", Trap.STACK, 1),
        ("again: CALL again\n", Trap.STACK, 1),
        ("again: ENT 30\nJMP again\n", Trap.STACK, 1),
        ("LD B, #40\nagain: ENT 1\nSUB B, B, #1\nST B, 1[F]\nLVE 1\nJMP again\n", Trap.STORE_BOUNDS, 5),
        (
            "LD B, #20\nPUSH #1\nagain: SUB B, B, #1\nPUSH B\nPOP A\nCMP B, #5\nJGT again\nPOP A\nPOP A\n",
            Trap.STORE_BOUNDS,
            9,
        ),
        ("LD A, #40\nagain: SUB A, A, #1\nPRC A\nJMP again\n", Trap.BAD_CHARACTER, 3),
        ("LD A, #240\nagain: ADD A, A, #1\nPRB A\nJMP again\n", Trap.BAD_CHARACTER, 3),
        ("again: PRN #1234567\nJMP again\n", Trap.OUTPUT_LIMIT, 1),
        ("again: RDB A\nCMP A, #0\nJGE again\nTRP 9\n", Trap.RAISED, 4),
        ("LD A, #0\nagain: ADD A, A, #1\nLD B, A\nCMP A, #30\nJLT again\nJMP B\n", Trap.CHAIN_END, 6),
        ("LD A, #0\nagain: ADD A, A, #1\nPUSH #77\nCMP A, #30\nJLT again\nRET\n", Trap.BAD_JUMP, 6),
        ("LD A, #9\nagain: SHL A, A, #7\nJMP again\n", Trap.OVERFLOW, 2),
        (
            "LD A, #0\nagain: FAD A, A, #4607182418800017408\nFCM A, #4634204016564240384\nJLT again\nFAD A, A, #-1\n",
            Trap.BAD_FLOAT,
            5,
        ),
    ],
)
def test_traps_of_warm_cards(source: str, trap: Trap, line: int) -> None:
    program = assemble(source.replace("JMP B\n", "NOP\n").replace("PRN #1234567", "PRN #123456"))
    traced, fast = both(program, 100_000, 2_000)
    assert fast == traced
    assert (fast["report"].trap, fast["report"].line) == (trap, line)
