"""A population under shocks, policies and conditions: settings changed for a while, or set by rules in each turn."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from core.workloads.simulation.arrays import Floats
from core.workloads.simulation.parameters import changed, span
from core.workloads.simulation.population_specs import find
from core.workloads.simulation.populations.base import Population
from core.workloads.simulation.simulating import Output
from core.workloads.simulation.steering import Steering
from core.workloads.simulation.timetable import Timetable


class Steered:
    """A population, and what is done to it; `Simulated` by what it does."""

    def __init__(self, population: Population, given: Mapping[str, Any], timetable: Timetable) -> None:
        self.outputs: Sequence[Output] = population.outputs
        self._population, self._timetable, self._shocks = population, timetable, given["shocks"]
        self._spec = find(given["agents"]["population"])
        self._own = {name: value.copy() for name, value in population.settings.items()}
        self._base = {name: value.copy() for name, value in self._own.items()}
        """With shocks, without policies."""
        ruled = {policy["parameter"] for policy in given["policies"]}
        population.settings.update({name: np.empty(given["members"]) for name in ruled})
        self._steering = Steering([one.name for one in self.outputs], self._base, given)

    @property
    def step(self) -> int:
        """Return which turn it is."""
        return self._population.step

    @step.setter
    def step(self, step: int) -> None:
        self._population.step = step

    def begin(self) -> None:
        """Set out."""
        self._population.begin()
        self._arrive()

    def advance(self) -> None:
        """Let all agents have their turn, and look at what came of it."""
        self._population.advance()
        self._arrive()

    def observe(self) -> Floats:
        """Return what is measured: (measures, members)."""
        return self._population.observe()

    def dump(self) -> dict[str, Any]:
        """Return all that the turns to come hang on."""
        return {**self._population.dump(), **self._steering.dump()}

    def restore(self, arrays: Mapping[str, Any]) -> None:
        """Take up what `dump` returned; settings follow from what is measured."""
        self._population.restore(arrays)
        self._arrive()
        self._steering.restore(arrays)

    def tell(self) -> dict[str, Any]:
        """Return shocks, conditions and policies as events."""
        shocks = [
            {
                "sort": "shock",
                "name": f"{shock['change']} {shock['amount']:g}: {shock['target']}",
                "share": 1.0,
                "time": dict.fromkeys(("low", "median", "high"), float(self._timetable.step_at(shock["at"]))),
            }
            for shock in self._shocks
        ]
        told = self._population.tell()
        return {**told, "events": [*shocks, *self._steering.tell(), *told["events"]]}

    def _arrive(self) -> None:
        """Bring the settings to a turn; what rules and shocks make of one is held within its bounds."""
        for name, base in self._base.items():
            base[...] = self._shocked(name)
        settings = self._population.settings
        for name, value in settings.items():
            value[...] = self._base[name]
        for name, held, value in self._steering.look(self._population.observe(), self._timetable.time(self.step)):
            np.copyto(settings[name], np.clip(value, *self._spec.bounds(name)), where=held != 0.0)

    def _shocked(self, name: str) -> Floats:
        value = self._own[name]
        for shock in self._shocks:
            begin, end = span(shock, self._timetable)
            if shock["target"] == name and begin <= self.step and (end is None or self.step < end):
                value = np.clip(changed(value, shock), *self._spec.bounds(name))
        return value
