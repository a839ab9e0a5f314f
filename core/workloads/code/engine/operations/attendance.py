"""This file is about the operations that attend to the Engine itself: stop, levers, the stack's floor."""

from core.workloads.code.engine.cards import Card
from core.workloads.code.engine.machine import Machine
from core.workloads.code.engine.operations.base import Form, Operation
from core.workloads.code.engine.traps import Trap, Trapped
from core.workloads.code.engine.words import STACK_GUARD

HEAP_CODE = 1
"""`TRP 1` is the trap `heap`; every other n is `raised`."""


def _halt(machine: Machine, card: Card) -> None:
    """Stop; x is the exit value."""
    machine.exit_value = machine.operand(card)
    machine.halted = True


def _rest(machine: Machine, card: Card) -> None:
    """Do nothing."""


def _trap(machine: Machine, card: Card) -> None:
    """Stop with the trap `raised`, or `heap` where n is 1; the program's message for n is told."""
    message = machine.program.messages.get(card.value, "")
    if card.value == HEAP_CODE:
        raise Trapped(Trap.HEAP, message or "the heap is exhausted")
    raise Trapped(Trap.RAISED, message or f"the program stopped itself with TRP {card.value}")


def _set_lever_mode(machine: Machine, card: Card) -> None:
    """Where n is 1, let ADD, SUB, MUL, DIV, REM and NEG set the run-up lever instead of trapping; 0: trap again.

    Each of them then clears the lever first. It is set, as Babbage's, where a result runs out of the word (the lowest
    50 digits stay, with the result's sign), where the first number is not negative and the result is, and by a
    division by zero (which gives 0).
    """
    machine.lever_mode = card.value != 0
    machine.run_up = False


def _set_floor(machine: Machine, card: Card) -> None:
    """Let the stack come down to column x and no further; 16 columns must stay free below S."""
    floor = machine.operand(card)
    if not 0 <= floor <= machine.stack - STACK_GUARD:
        raise Trapped(
            Trap.HEAP, f"the Store is full: the heap would reach V{floor}, and the stack is at V{machine.stack}"
        )
    machine.floor = floor


OPERATIONS = (
    Operation(0, "HLT", Form.X, _halt),
    Operation(1, "NOP", Form.NOTHING, _rest),
    Operation(2, "TRP", Form.N, _trap, (Trap.RAISED, Trap.HEAP)),
    Operation(3, "LEV", Form.N, _set_lever_mode),
    Operation(4, "FLR", Form.X, _set_floor, (Trap.HEAP,), anachronism=True),
)
