"""This file is about the traced interpreter: card after card, as the table says, with the last 16 remembered."""

from collections import deque
from dataclasses import dataclass, field

from core.workloads.code.engine.callers import source_card
from core.workloads.code.engine.cards import REGISTERS
from core.workloads.code.engine.machine import Machine
from core.workloads.code.engine.table import BY_NAME
from core.workloads.code.engine.traps import Trap, Trapped, TrapReport, chain_end

REMEMBERED = 16


@dataclass(slots=True)
class Interpreter:
    """Executes the cards of one machine, each by the action in the instruction table."""

    machine: Machine
    recent: deque[int] = field(default_factory=lambda: deque(maxlen=REMEMBERED))

    def run(self, steps: int) -> TrapReport | None:
        """Execute until the Engine halts (None) or traps; at most so many cards in all since its start."""
        machine = self.machine
        while not machine.halted:
            if machine.steps >= steps:
                return self.report(
                    machine.card,
                    Trapped(
                        Trap.STEP_LIMIT,
                        f"{steps:,} cards were executed, as many as limits.steps allows: does a loop never end?",
                    ),
                )
            report = self.step()
            if report is not None:
                return report
        return None

    def step(self) -> TrapReport | None:
        """Execute one card; a trap leaves all but what was printed as it was before, stopped before that card."""
        machine = self.machine
        number, cards = machine.card, machine.program.cards
        if number >= len(cards):
            return self.report(number, chain_end(len(cards)))
        card = cards[number]
        operation = BY_NAME[card.op]
        machine.card = number + 1
        try:
            operation.act(machine, card)
        except Trapped as trapped:
            machine.card = number
            return self.report(number, trapped)
        machine.steps += 1
        machine.seconds += operation.seconds
        self.recent.append(number)
        return None

    def report(self, number: int, trapped: Trapped) -> TrapReport:
        """Tell of a trap at a card."""
        return describe(self.machine, number, trapped, tuple(self.recent))


def describe(machine: Machine, number: int, trapped: Trapped, recent: tuple[int, ...]) -> TrapReport:
    """Write down a trap: where it happened, in a library the call that led there, and what the Engine held."""
    place = source_card(machine, number)
    return TrapReport(trapped.trap, trapped.message, number, place.line, place.column, held(machine), recent)


def held(machine: Machine) -> dict[str, int]:
    """Return what registers, indices and levers hold, by their names."""
    return {
        **dict(zip(REGISTERS, machine.registers, strict=True)),
        "A'": machine.upper,
        "S": machine.stack,
        "F": machine.frame,
        "compare": machine.compare,
        "run_up": int(machine.run_up),
    }
