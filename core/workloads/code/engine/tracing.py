"""This file is about traces: a window of a run, card by card, from which a debugger steps forward and back.

Numbers are decimal text, since those of 50 digits do not fit the numbers of JavaScript.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from core.workloads.code.engine.cards import MEMORY, Card
from core.workloads.code.engine.interpretation import Interpreter, held
from core.workloads.code.engine.listing import card_text
from core.workloads.code.engine.machine import Machine
from core.workloads.code.engine.operations.packing import BYTES
from core.workloads.code.engine.traps import Trapped
from core.workloads.code.engine.words import STORE_WORDS

_STACKING = frozenset({"PUSH", "CALL", "ENT"})
_PUTTING = frozenset({"PB1", "PB2", "PB4", "PB8"})


@dataclass(frozen=True, slots=True)
class Window:
    """Which part of a run is traced: so many cards from a step on, or from the first card of one of the lines."""

    steps: int = 2_000
    from_step: int = 0
    break_lines: Sequence[int] = ()


def trace(machine: Machine, window: Window, limit: int) -> dict[str, Any]:
    """Run to the window and through it; returns the Engine at its beginning and every card's effect.

    `{from_step, broke_at, before, columns, cards}`: registers and columns (those not zero) before the first card, and
    for each card `{step, card, text, line, column, registers, columns: [[address, before, after]], printed, seconds}`,
    which can be done and undone in order.
    """
    interpreter = Interpreter(machine)
    interpreter.run(min(window.from_step, limit))
    broke_at = _run_to_line(interpreter, frozenset(window.break_lines), limit) if window.break_lines else None
    result: dict[str, Any] = {
        "from_step": machine.steps,
        "broke_at": broke_at,
        "before": _text(held(machine)),
        "columns": {str(address): str(word) for address, word in enumerate(machine.store) if word},
        "cards": [],
    }
    end = min(limit, machine.steps + window.steps)
    while machine.steps < end and not machine.halted and machine.card < len(machine.program.cards):
        step = _traced_step(interpreter)
        if step is None:
            break
        result["cards"].append(step)
    return result


def _run_to_line(interpreter: Interpreter, lines: frozenset[int], limit: int) -> int | None:
    machine = interpreter.machine
    while not machine.halted and machine.steps < limit and machine.card < len(machine.program.cards):
        if machine.program.cards[machine.card].line in lines:
            return machine.program.cards[machine.card].line
        if interpreter.step() is not None:
            return None
    return None


def _traced_step(interpreter: Interpreter) -> dict[str, Any] | None:
    machine = interpreter.machine
    number, card = machine.card, machine.program.cards[machine.card]
    before = [(address, machine.store[address]) for address in _touched(machine, card)]
    printed = [len(roll) for roll in machine.printer.rolls]
    if interpreter.step() is not None:
        return None
    rolls = machine.printer.rolls
    return {
        "step": machine.steps,
        "card": number,
        "text": card_text(card),
        "line": card.line,
        "column": card.column,
        "registers": _text(held(machine)),
        "columns": [
            [address, str(word), str(machine.store[address])]
            for address, word in before
            if machine.store[address] != word
        ],
        "printed": [bytes(roll[start:]).decode("utf-8", "replace") for roll, start in zip(rolls, printed, strict=True)],
        "seconds": machine.seconds,
    }


def _touched(machine: Machine, card: Card) -> list[int]:
    """List the columns that a card may change."""
    if card.op in _STACKING and machine.stack > 0:
        return [machine.stack - 1]
    if card.op in _PUTTING:
        place = (machine.registers[card.s] + card.value) // BYTES
        return [place] if 0 <= place < STORE_WORDS else []
    if card.mode not in MEMORY:
        return []
    try:
        return [machine.address(card)]
    except Trapped:
        return []


def _text(numbers: dict[str, int]) -> dict[str, str]:
    return {name: str(number) for name, number in numbers.items()}
