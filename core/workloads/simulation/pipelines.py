"""Fixed delays as they are computed: what went in is remembered at each step and looked up as long ago as it takes.

Between two steps what went in is taken as straight, so that integrators that look within a step see it move. What was
before the start is the delay's initial value. A delay is a step long at least.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from core.errors import Invalid
from core.workloads.simulation.arrays import Floats
from core.workloads.simulation.timetable import Timetable

MOST_REMEMBERED = 10_000_000
"""Values of one delay."""
_CLOSE = 1e-9
"""Of a step: as near to a step as this is at it."""


class DelayUnfit(Invalid):
    """A fixed delay of no time that is a number, or so long that too much would have to be remembered."""

    code = "delay_unfit"


@dataclass(slots=True)
class _Pipeline:
    """One fixed delay."""

    lag: Floats
    """In steps: (1,) or (members,)."""
    initial: Floats
    past: Floats
    """What went in at the latest steps: (steps, members), each at its number modulo their count."""

    def at(self, step: float, out: Floats) -> None:
        """Write what comes out at a step, or between two."""
        ago = step - self.lag
        whole = np.floor(ago + _CLOSE)
        part = np.maximum(ago - whole, 0.0)
        part[part < _CLOSE] = 0.0
        rows, columns = whole.astype(np.int64), np.arange(self.past.shape[1])
        before, after = (self.past[(rows + more) % len(self.past), columns] for more in (0, 1))
        np.copyto(out, np.where(whole < 0, self.initial, before + part * (after - before)))


class Pipelines:
    """All fixed delays of an ensemble."""

    def __init__(self, names: Sequence[str], timetable: Timetable, members: int) -> None:
        self.outputs = {name: np.zeros(members) for name in names}
        self._timetable, self._members = timetable, members
        self._lines: dict[str, _Pipeline] = {}

    def begin(self, times: Mapping[str, Floats], initials: Mapping[str, Floats]) -> None:
        """Take the delays' times and what they give at the start; raises `DelayUnfit`."""
        for name in self.outputs:
            lag = np.maximum(times[name] / self._timetable.dt, 1.0)
            if not np.isfinite(lag).all():
                raise DelayUnfit(f"The time of the delay {name!r} is no finite number.")
            rows = int(min(np.ceil(lag.max()), self._timetable.steps)) + 2
            if rows * self._members > MOST_REMEMBERED:
                raise DelayUnfit(f"The delay {name!r} is too long: {rows:,} steps of {self._members:,} members.")
            self._lines[name] = _Pipeline(lag, initials[name].copy(), np.zeros((rows, self._members)))

    def look(self, time: float) -> None:
        """Bring what comes out to a time."""
        step = (time - self._timetable.start) / self._timetable.dt
        for name, line in self._lines.items():
            line.at(step, self.outputs[name])

    def note(self, step: int, inputs: Mapping[str, Floats]) -> None:
        """Remember what goes in at a step."""
        for name, line in self._lines.items():
            line.past[step % len(line.past)] = inputs[name]

    def dump(self) -> dict[str, Any]:
        """Return all that the steps to come hang on."""
        fields = ("lag", "initial", "past")
        return {f"delays/{name}/{part}": getattr(line, part) for name, line in self._lines.items() for part in fields}

    def restore(self, arrays: Mapping[str, Any]) -> None:
        """Take up what `dump` returned."""
        for name in self.outputs:
            self._lines[name] = _Pipeline(*(arrays[f"delays/{name}/{part}"] for part in ("lag", "initial", "past")))
