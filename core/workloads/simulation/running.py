"""`simulation.run`: an ensemble from its start to its horizon."""

from collections.abc import Mapping, Sequence
from typing import Any

from core.jobs.context import JobContext
from core.workloads.simulation import course, ensembles, plots, tables
from core.workloads.simulation.bands import Bands
from core.workloads.simulation.results import Result
from core.workloads.simulation.simulating import Output


def compute(given: dict[str, Any], context: JobContext) -> Result:
    """Run the ensemble; raises `SimulationDiverged`."""
    context.progress(0.0, "build")
    seed = context.seed if given["seed"] is None else given["seed"]
    ensemble = ensembles.make(given, seed)
    timetable, outputs = ensemble.timetable, ensemble.simulated.outputs
    bands = course.follow(ensemble.simulated, timetable, given["percentiles"], context)
    result = {
        "model": ensemble.name,
        "method": ensemble.method,
        "members": given["members"],
        "seed": seed,
        "steps": timetable.steps,
        "dt": timetable.dt,
        "time_unit": ensemble.time_unit,
        "percentiles": given["percentiles"],
        "times": [timetable.time(step) for step in timetable.told],
        "series": series(outputs, bands, given["outputs"]),
        "frames": course.frames(outputs, timetable, bands, given["frames"]),
        **ensemble.simulated.tell(),
    }
    context.progress(0.95, "write")
    context.save_artifact("series.csv", tables.written(result), "text/csv")
    if given["plots"]:
        context.save_artifact("bands.svg", plots.bands(result), "image/svg+xml")
    context.progress(1.0, "done", f"{given['members']} members, {timetable.steps} steps")
    return result


def series(outputs: Sequence[Output], bands: Bands, wanted: Sequence[str] | None) -> list[Mapping[str, Any]]:
    """Return the courses of the outputs that are wanted, in the outputs' order."""
    return [
        {
            "name": output.name,
            "sort": output.sort,
            "unit": output.unit,
            "mean": bands.mean[:, place].tolist(),
            "bands": bands.bands[:, :, place].T.tolist(),
        }
        for place, output in enumerate(outputs)
        if wanted is None or output.name in wanted
    ]
