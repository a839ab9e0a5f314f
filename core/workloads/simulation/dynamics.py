"""Linear dynamics on a causal graph, all members at once.

A variable's deviation from its mean is the sum of effect times deviation of each cause so many rows before, and noise.
What is set from outside cuts what acts on the variable (Pearl's do) in that row; what is added comes on top.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from core.workloads.simulation.arrays import Floats
from core.workloads.simulation.draws import draw
from core.workloads.simulation.graph import left_out, variables
from core.workloads.simulation.parameters import changed
from core.workloads.simulation.simulating import Output
from core.workloads.simulation.steering import Steering
from core.workloads.simulation.streams import stream

_INTERVAL = 2.0 * 1.959963984540054
"""Width of a 95 % interval in standard errors."""


class Dynamics:
    """An ensemble of trajectories, at the beginning of a row."""

    def __init__(self, params: Mapping[str, Any], seed: int) -> None:
        given, members = params["dynamics"], params["members"]
        graph, names = given["graph"], variables(given["graph"])
        self.outputs: Sequence[Output] = [Output(name, "variable") for name in names]
        self.step = 0
        self._seed, self._shocks, self._names = seed, params["shocks"], names
        self._steering = Steering(names, {}, params)
        self._mean, self._start = (
            np.array([given[field].get(name, default) for name, default in zip(names, defaults, strict=True)])
            for field, defaults in (("mean", [0.0] * len(names)), ("start", [given["mean"].get(n, 0.0) for n in names]))
        )
        self._noise_sd = np.array([given["noise_sd"].get(name, 1.0) for name in names])
        self._links = list(_links(graph, names, members, seed, uncertain=given["uncertain"]))
        lags = max((lag for _, _, lag, _ in self._links), default=1)
        self.past = np.zeros((lags, len(names), members))
        """Deviations from the mean, the latest row first."""
        self.left_out = [f"{e['source']} → {e['target']}: {why}" for e in graph["edges"] if (why := left_out(e))]

    def begin(self) -> None:
        """Put all rows of the past where they start."""
        self.past[...] = (self._start - self._mean)[None, :, None]
        self._intervene(self.past[0])

    def advance(self) -> None:
        """Go on by a row."""
        self.step += 1
        row = self._noise()
        for source, target, lag, effect in self._links:
            row[target] += effect * self.past[lag - 1, source]
        self.past[1:] = self.past[:-1].copy()
        self.past[0] = row
        self._intervene(self.past[0])

    def observe(self) -> Floats:
        """Return the latest row of all members: (variables, members)."""
        return np.asarray(self.past[0] + self._mean[:, None])

    def dump(self) -> dict[str, Floats]:
        """Return the rows that those to come hang on."""
        return {"past": self.past, **self._steering.dump()}

    def restore(self, arrays: Mapping[str, Floats]) -> None:
        """Take up what `dump` returned."""
        self.past[...] = arrays["past"]
        self._steering.restore(arrays)

    def tell(self) -> dict[str, Any]:
        """Return shocks, conditions and policies, and which edges had no part."""
        events = [
            {
                "sort": "shock",
                "name": f"{shock['change']} {shock['amount']:g}: {shock['target']}",
                "share": 1.0,
                "time": dict.fromkeys(("low", "median", "high"), float(round(shock["at"]))),
            }
            for shock in self._shocks
        ]
        return {
            "events": [*events, *self._steering.tell()],
            "conservation": [],
            "warnings": [f"left out {one}" for one in self.left_out],
        }

    def _noise(self) -> Floats:
        shape = self.past.shape[1:]
        return np.asarray(stream(self._seed, "dynamics", self.step).standard_normal(shape) * self._noise_sd[:, None])

    def _intervene(self, row: Floats) -> None:
        """Let shocks fall on a row, and policies set what they say in members where they hold."""
        self._shock(row)
        for name, held, value in self._steering.look(row + self._mean[:, None], float(self.step)):
            place = self._names.index(name)
            np.copyto(row[place], value - self._mean[place], where=held != 0.0)

    def _shock(self, row: Floats) -> None:
        for shock in self._shocks:
            begin = round(shock["at"])
            end = begin + max(1, round(shock["lasting"] or 1))
            if begin <= self.step < end:
                place = self._names.index(shock["target"])
                row[place] = changed(row[place] + self._mean[place], shock) - self._mean[place]


def _links(
    graph: Mapping[str, Any], names: Sequence[str], members: int, seed: int, *, uncertain: bool
) -> list[tuple[int, int, int, Floats]]:
    """Return source, target, lag and effect, (1,) or (members,), of all that has a part."""
    own = [{**one, "source": one["variable"], "target": one["variable"]} for one in graph["own_lags"]]
    found = []
    for link in [*own, *(edge for edge in graph["edges"] if left_out(edge) is None)]:
        effect: Any = link["effect"]
        low, high = link["ci_low"], link["ci_high"]
        if uncertain and low is not None and high is not None and high > low:
            effect = {"distribution": "normal", "mean": effect, "sd": (high - low) / _INTERVAL}
        purpose = f"effect/{link['source']}/{link['target']}/{link['lag']}"
        drawn = draw(effect, seed, purpose, members)
        found.append((names.index(link["source"]), names.index(link["target"]), link["lag"], drawn))
    return found
