"""Ensembles that go side by side on the same draws, so that members can be compared one by one."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from core.workloads.simulation.arrays import Floats
from core.workloads.simulation.simulating import Output, Simulated


class Paired:
    """A base and its scenarios as one ensemble: their outputs, and behind them each scenario's differences."""

    def __init__(self, base: Simulated, scenarios: Sequence[Simulated], wanted: Sequence[str] | None) -> None:
        self._all = [base, *scenarios]
        self.step = 0
        self._rows = [place for place, output in enumerate(base.outputs) if wanted is None or output.name in wanted]
        self.told = [base.outputs[place] for place in self._rows]
        self.outputs: Sequence[Output] = [*self.told] * (2 * len(scenarios) + 1)
        self.share_above = np.zeros((len(scenarios), len(self._rows)))
        self.share_below = np.zeros_like(self.share_above)
        """In what part of the members each scenario is above or below the base, when looked at last."""

    def begin(self) -> None:
        """Set out with all."""
        for each in self._all:
            each.begin()

    def advance(self) -> None:
        """Go on with all."""
        for each in self._all:
            each.advance()
        self.step += 1

    def observe(self) -> Floats:
        """Return all outputs and differences of all members."""
        base, *others = (each.observe()[self._rows] for each in self._all)
        differences = [other - base for other in others]
        self.share_above[...] = [np.mean(each > 0.0, axis=1) for each in differences]
        self.share_below[...] = [np.mean(each < 0.0, axis=1) for each in differences]
        return np.concatenate([base, *others, *differences])

    def dump(self) -> dict[str, Any]:
        """Return what all hang on."""
        return {f"{place}/{name}": array for place, each in enumerate(self._all) for name, array in each.dump().items()}

    def restore(self, arrays: Mapping[str, Any]) -> None:
        """Take up what `dump` returned."""
        for place, each in enumerate(self._all):
            each.step = self.step
            own = f"{place}/"
            each.restore({name.removeprefix(own): one for name, one in arrays.items() if name.startswith(own)})

    def tell(self) -> dict[str, Any]:
        """Return what each has to tell, the base first."""
        return {"each": [each.tell() for each in self._all]}
