"""This file is about running a program on the Engine: fast, in stretches, and with an end told exactly."""

from collections.abc import Callable
from dataclasses import dataclass

from core.workloads.code.engine import snapshots
from core.workloads.code.engine.accelerated.driver import Driver
from core.workloads.code.engine.interpretation import REMEMBERED, Interpreter, describe
from core.workloads.code.engine.machine import Machine
from core.workloads.code.engine.traps import Trap, Trapped, TrapReport

Pause = Callable[[Machine], bool]
STRETCH = 1_000_000
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
    driver = Driver(machine)
    earlier = before = snapshots.copy(machine)
    while True:
        trapped = driver.run(min(steps, machine.steps + STRETCH))
        if trapped is None and not machine.halted:
            if machine.steps >= steps:
                trapped = Trapped(
                    Trap.STEP_LIMIT,
                    f"{steps:,} cards were executed, as many as limits.steps allows: does a loop never end?",
                )
            elif not pause(machine):
                trapped = Trapped(Trap.TIME_LIMIT, "the time was up")
        if trapped is not None:
            since = before if machine.steps - before.steps >= REMEMBERED else earlier
            return Ended(machine, describe(machine, machine.card, trapped, _recent(since, driver)))
        if machine.halted:
            return Ended(machine, None)
        earlier, before = before, snapshots.copy(machine)


def _recent(before: Machine, driver: Driver) -> tuple[int, ...]:
    """Find the last cards before a trap by executing the last stretch again."""
    stopped = driver.machine.steps
    if stopped - REMEMBERED > before.steps:
        again = Driver(before, driver.regions, driver.arrivals, driver.decoded)
        again.run(stopped - REMEMBERED)
    interpreter = Interpreter(before)
    interpreter.run(stopped)
    return tuple(interpreter.recent)
