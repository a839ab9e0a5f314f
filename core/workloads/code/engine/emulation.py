"""This file is about running a whole program on the Engine, in stretches, with an end that can be told exactly."""

from collections.abc import Callable
from dataclasses import dataclass

from core.workloads.code.engine.interpretation import Interpreter
from core.workloads.code.engine.machine import Machine
from core.workloads.code.engine.traps import Trap, Trapped, TrapReport

Pause = Callable[[Machine], bool]
STRETCH = 500_000
"""Cards between two looks at the clock."""


@dataclass(frozen=True, slots=True)
class Ended:
    """The Engine as it stopped, and the trap that stopped it, None where it halted."""

    machine: Machine
    report: TrapReport | None


def emulate(machine: Machine, steps: int, pause: Pause) -> Ended:
    """Run until the Engine halts or traps, at most so many cards.

    `pause` is called between stretches; where it returns False the Engine is stopped by `time_limit`.
    """
    interpreter = Interpreter(machine)
    while True:
        target = min(steps, machine.steps + STRETCH)
        report = interpreter.run(target)
        if report is None or report.trap is not Trap.STEP_LIMIT or machine.steps >= steps:
            return Ended(machine, report)
        if not pause(machine):
            return Ended(machine, interpreter.report(machine.card, Trapped(Trap.TIME_LIMIT, "the time was up")))
