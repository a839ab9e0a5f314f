"""The parameters of a run: drawn once, changed by shocks for a while, set by policies at each step."""

from collections.abc import Mapping
from functools import partial
from typing import Any

import numpy as np

from core.workloads.simulation.arrays import Floats
from core.workloads.simulation.draws import draw
from core.workloads.simulation.expressions.compiling import Register
from core.workloads.simulation.model import Model
from core.workloads.simulation.setting import Setting
from core.workloads.simulation.timetable import Timetable

_CHANGES: Mapping[str, Any] = {"add": np.add, "multiply": np.multiply, "set": lambda _before, amount: amount}


def changed(value: Floats, shock: Mapping[str, Any]) -> Floats:
    """Return what a shock makes of a value."""
    return np.asarray(_CHANGES[shock["change"]](value, shock["amount"]), dtype=np.float64)


class Parameters:
    """The parameters' values, in arrays that stay where they are."""

    def __init__(self, model: Model, setting: Setting) -> None:
        document = model.document["parameters"]
        given = {name: setting.parameters.get(name, entry["value"]) for name, entry in document.items()}
        own = partial(draw, seed=setting.seed, members=setting.members)
        self._drawn = {name: own(value, purpose=f"parameter/{name}") for name, value in given.items()}
        self._shocks = [shock for shock in setting.shocks if shock["target"] in document]
        self._timetable = setting.timetable
        self.base = {name: Register(value.copy(), changes=False) for name, value in self._drawn.items()}
        """Drawn and shocked."""
        ruled = {policy["parameter"] for policy in setting.policies}
        self.ruled = {name: Register(np.empty(setting.members), changes=False) for name in ruled}
        """What policies make of those that they set."""
        self._turns = {step for shock in self._shocks for step in span(shock, self._timetable) if step is not None}

    @property
    def registers(self) -> dict[str, Register]:
        """Return what equations see."""
        return {**self.base, **self.ruled}

    def begin(self) -> None:
        """Bring all to the first step."""
        self.turn(0, anew=True)
        self.unrule()

    def unrule(self) -> None:
        """Give those that policies set their values without."""
        for name, register in self.ruled.items():
            register.array[...] = self.base[name].array

    def turn(self, step: int, *, anew: bool = False) -> bool:
        """Bring the base to a step; tell whether that changed anything. `anew`: whatever the step before was."""
        if not anew and step not in self._turns:
            return False
        for name, register in self.base.items():
            value = self._drawn[name]
            for shock in self._shocks:
                begin, end = span(shock, self._timetable)
                if shock["target"] == name and begin <= step and (end is None or step < end):
                    value = changed(value, shock)
            register.array[...] = value
        return True


def span(shock: Mapping[str, Any], timetable: Timetable) -> tuple[int, int | None]:
    """Return from which step on, and before which, a shock holds."""
    begin = timetable.step_at(shock["at"])
    return begin, None if shock["lasting"] is None else max(
        begin + 1, timetable.step_at(shock["at"] + shock["lasting"])
    )
