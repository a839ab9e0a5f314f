"""This file is about the operations that compare, and those that turn the chain of cards forward or back."""

import operator
from collections.abc import Callable

from core.workloads.code.engine.cards import Card
from core.workloads.code.engine.machine import Machine
from core.workloads.code.engine.operations.base import Action, Form, Operation
from core.workloads.code.engine.traps import Trap

UNORDERED = 2
"""What comparing with a float that is no number leaves; of all conditions only NE holds then."""

CONDITIONS: dict[str, Callable[[int], bool]] = {
    "EQ": lambda state: state == 0,
    "NE": lambda state: state != 0,
    "LT": lambda state: state < 0,
    "LE": lambda state: state <= 0,
    "GT": lambda state: state == 1,
    "GE": lambda state: state in (0, 1),
}
_WORDS = {
    "EQ": "equal",
    "NE": "not equal",
    "LT": "less",
    "LE": "less or equal",
    "GT": "greater",
    "GE": "greater or equal",
}


def _compare(machine: Machine, card: Card) -> None:
    """Compare r with x; the compare state keeps less, equal or greater."""
    first, second = machine.registers[card.r], machine.operand(card)
    machine.compare = operator.gt(first, second) - operator.lt(first, second)


def _jump(machine: Machine, card: Card) -> None:
    """Go on with card x."""
    machine.jump(machine.operand(card))


def _jump_if(condition: str) -> Action:
    holds = CONDITIONS[condition]

    def act(machine: Machine, card: Card) -> None:
        if holds(machine.compare):
            machine.jump(card.value)

    act.__doc__ = f"Go on with card n if the last comparison found {_WORDS[condition]}."
    return act


def _set_if(condition: str) -> Action:
    holds = CONDITIONS[condition]

    def act(machine: Machine, card: Card) -> None:
        machine.registers[card.r] = int(holds(machine.compare))

    act.__doc__ = f"r ← 1 if the last comparison found {_WORDS[condition]}, else 0."
    return act


def _jump_if_run_up(machine: Machine, card: Card) -> None:
    """Go on with card n if the run-up lever is set."""
    if machine.run_up:
        machine.jump(card.value)


def _count_down(machine: Machine, card: Card) -> None:
    """r ← r − 1, then go on with card n unless r is 0."""
    value = machine.registers[card.r] - 1
    if value != 0:
        machine.jump(card.value)
    machine.settle(card.r, value)


def _call(machine: Machine, card: Card) -> None:
    """Push the number of the following card, then go on with card x."""
    target, back = machine.operand(card), machine.card
    machine.jump(target)
    machine.push(back)


def _return(machine: Machine, card: Card) -> None:
    """Pop a card number and go on there."""
    machine.jump(machine.pop())


_JUMPS = (Trap.BAD_JUMP,)

OPERATIONS = (
    Operation(35, "CMP", Form.R_X, _compare),
    Operation(36, "JMP", Form.X, _jump, _JUMPS, jumps=True),
    *(
        Operation(37 + place, f"J{name}", Form.N, _jump_if(name), _JUMPS, jumps=True)
        for place, name in enumerate(CONDITIONS)
    ),
    Operation(43, "JRU", Form.N, _jump_if_run_up, _JUMPS, jumps=True),
    Operation(44, "DJN", Form.R_N, _count_down, (Trap.BAD_JUMP, Trap.OVERFLOW), jumps=True),
    Operation(45, "CALL", Form.X, _call, (Trap.BAD_JUMP, Trap.STACK), anachronism=True, jumps=True),
    Operation(46, "RET", Form.NOTHING, _return, (Trap.BAD_JUMP, Trap.STORE_BOUNDS), anachronism=True),
    *(
        Operation(47 + place, f"S{name}", Form.R, _set_if(name), anachronism=True)
        for place, name in enumerate(CONDITIONS)
    ),
)
