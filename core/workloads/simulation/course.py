"""Following an ensemble from its first step, or from the last snapshot, to its end."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from core.jobs.context import JobContext
from core.workloads.simulation import snapshots
from core.workloads.simulation.bands import Bands
from core.workloads.simulation.simulating import Output, Simulated, check_finite
from core.workloads.simulation.timetable import Timetable

LOOK_EVERY = 64
"""Steps between two looks whether to stop, and two offers of a snapshot."""
MOST_IN_FRAME = 12
SHARE = 0.9
"""What part of a run's progress its steps are."""

Frame = dict[str, Any]


def follow(simulated: Simulated, timetable: Timetable, levels: Sequence[float], context: JobContext) -> Bands:
    """Go through all steps, telling of each moment as it comes; goes on from the job's last snapshot if it has one."""
    told = timetable.told
    bands = Bands(levels, len(simulated.outputs), len(told))
    with np.errstate(all="ignore"):
        _set_out(simulated, bands, context)
        while True:
            if bands.noted < len(told) and told[bands.noted] == simulated.step:
                _note(simulated, timetable, bands, context)
            if simulated.step >= timetable.steps:
                return bands
            if simulated.step % LOOK_EVERY == 0:
                context.checkpoint()
                context.offer_snapshot(lambda: snapshots.write(_everything(simulated, bands)))
            simulated.advance()


def frames(outputs: Sequence[Output], timetable: Timetable, bands: Bands, count: int) -> list[Frame]:
    """Choose about so many moments, evenly, and return each as a frame."""
    told = timetable.told
    places = sorted({round(place) for place in np.linspace(0, len(told) - 1, count)}) if count else []
    return [_frame(outputs, timetable.time(told[place]), _ends(bands, place)) for place in places]


def _ends(bands: Bands, place: int) -> list[list[float]]:
    """Return the lowest, the middle and the highest percentile of each output at a moment."""
    middle = len(bands.levels) // 2
    found: list[list[float]] = bands.bands[place][[0, middle, -1]].T.tolist()
    return found


def _set_out(simulated: Simulated, bands: Bands, context: JobContext) -> None:
    kept = context.last_snapshot()
    if kept is None:
        simulated.begin()
        return
    arrays = snapshots.read(kept)
    simulated.step = int(arrays.pop("step")[0])
    bands.restore(arrays)
    simulated.restore(arrays)
    context.log("resumed from a snapshot", step=simulated.step)


def _everything(simulated: Simulated, bands: Bands) -> dict[str, Any]:
    return {"step": np.array([simulated.step]), **bands.dump(), **simulated.dump()}


def _note(simulated: Simulated, timetable: Timetable, bands: Bands, context: JobContext) -> None:
    time = timetable.time(simulated.step)
    seen = simulated.observe()
    check_finite(simulated.outputs, seen, seen.sum(axis=1), time)
    bands.note(seen)
    shown = _ends(bands, bands.noted - 1)[:MOST_IN_FRAME]
    fraction = SHARE * simulated.step / timetable.steps
    context.progress(fraction, "simulate", f"time {time:g}", frame=_frame(simulated.outputs, time, shown))


def _frame(outputs: Sequence[Output], time: float, values: Sequence[Sequence[float]]) -> Frame:
    return {
        "time": time,
        "values": {
            output.name: dict(zip(("low", "median", "high"), of, strict=True))
            for output, of in zip(outputs, values, strict=False)
        },
    }
