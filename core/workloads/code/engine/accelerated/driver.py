"""This file is about running a program by its rewritten regions, and by the table's actions elsewhere."""

from collections import Counter
from dataclasses import dataclass, field

from core.workloads.code.engine.accelerated import regions
from core.workloads.code.engine.accelerated.compilation import Compiled, Leave, compile_region
from core.workloads.code.engine.accelerated.regions import LEFT_ALONE
from core.workloads.code.engine.cards import Card
from core.workloads.code.engine.machine import Machine
from core.workloads.code.engine.operations.base import Action
from core.workloads.code.engine.table import BY_NAME
from core.workloads.code.engine.traps import Trapped, chain_end

WARM = 12
"""Arrivals at a card by jumps after which its region is rewritten."""
OUT_OF_THE_ORDINARY = (Leave, IndexError, ZeroDivisionError, Trapped)


@dataclass(slots=True)
class Driver:
    """Runs one machine. `regions` may be shared by machines of the same program."""

    machine: Machine
    regions: dict[int, Compiled] = field(default_factory=dict)
    arrivals: Counter[int] = field(default_factory=Counter)
    decoded: list[tuple[Action, Card, int]] = field(default_factory=list)

    def __post_init__(self) -> None:
        if not self.decoded:
            for card in self.machine.program.cards:
                operation = BY_NAME[card.op]
                self.decoded.append((operation.act, card, operation.seconds))

    def run(self, steps: int) -> Trapped | None:
        """Execute until the Engine halts, traps (returned; stopped before that card) or so many cards are executed."""
        machine = self.machine
        try:
            while machine.steps < steps and not machine.halted:
                region = None if machine.lever_mode else self.regions.get(machine.card)
                if region is None:
                    self._interpret(steps)
                else:
                    self._run_region(region, steps)
        except Trapped as trapped:
            return trapped
        return None

    def _run_region(self, region: Compiled, steps: int) -> None:
        """Run a function as far as it goes, and the card that it leaves to the interpreter."""
        machine = self.machine
        allowed = steps - machine.steps
        try:
            left, extra = region.run(machine, allowed)
        except OUT_OF_THE_ORDINARY as error:
            left, extra = region.settle(machine, error.__traceback__)
        machine.steps += allowed - left
        machine.seconds += allowed - left + extra
        if machine.steps < steps and (machine.card not in self.regions or allowed == left):
            self._step()

    def _step(self) -> None:
        machine = self.machine
        number = machine.card
        if number >= len(self.decoded):
            raise chain_end(len(self.decoded))
        act, card, seconds = self.decoded[number]
        machine.card = number + 1
        try:
            act(machine, card)
        except Trapped:
            machine.card = number
            raise
        machine.steps += 1
        machine.seconds += seconds

    def _interpret(self, steps: int) -> None:
        """Execute card by card until a card is come to that has been rewritten, or is warm enough to be."""
        machine, decoded, known = self.machine, self.decoded, self.regions
        while machine.steps < steps and not machine.halted:
            before = machine.card
            self._step()
            number = machine.card
            if number == before + 1 or number >= len(decoded):
                continue
            if number in known and not machine.lever_mode:
                return
            self.arrivals[number] += 1
            if self.arrivals[number] >= WARM and number not in known and decoded[number][1].op not in LEFT_ALONE:
                self._rewrite(number)
                return

    def _rewrite(self, number: int) -> None:
        compiled = compile_region(self.machine.program.cards, regions.form(self.machine.program.cards, number))
        for label in compiled.labels:
            self.regions.setdefault(label, compiled)
        self.regions[number] = compiled
