"""`simulation.compare`: scenarios beside a baseline, member by member on the same draws (common random numbers).

What both share cancels in a member's difference, so that its bands are far narrower than two ensembles' would be.
"""

from collections.abc import Sequence
from typing import Any

from core.jobs.context import JobContext
from core.workloads.simulation import course, ensembles, plots, running, scenarios
from core.workloads.simulation.pairing import Paired
from core.workloads.simulation.params import RunParams
from core.workloads.simulation.results import Result


def compute(given: dict[str, Any], context: JobContext) -> Result:
    """Run all side by side; raises `SimulationDiverged`."""
    context.progress(0.0, "build")
    base = RunParams().load(given["base"])
    seed = context.seed if base["seed"] is None else base["seed"]
    changed = [RunParams().load(scenarios.apply(given["base"], one["changes"])) for one in given["scenarios"]]
    first, *others = (ensembles.make(one, seed) for one in (base, *changed))
    paired = Paired(first.simulated, [one.simulated for one in others], base["outputs"])
    bands = course.follow(paired, first.timetable, base["percentiles"], context)
    width, count = len(paired.told), len(others)
    courses = running.series(paired.outputs, bands, None)
    parts = [courses[begin : begin + width] for begin in range(0, len(courses), width)]
    told = paired.tell()["each"]
    result = {
        "model": first.name,
        "members": base["members"],
        "seed": seed,
        "time_unit": first.time_unit,
        "percentiles": base["percentiles"],
        "times": [first.timetable.time(step) for step in first.timetable.told],
        "base": {"name": "base", "series": parts[0], **told[0]},
        "scenarios": [
            {
                "name": one["name"],
                "series": parts[1 + place],
                "differences": _with_shares(parts[1 + count + place], paired, place),
                **told[1 + place],
            }
            for place, one in enumerate(given["scenarios"])
        ],
    }
    if base["plots"]:
        context.progress(0.95, "draw")
        context.save_artifact("differences.svg", plots.differences(result), "image/svg+xml")
    context.progress(1.0, "done", f"{count} scenarios, {base['members']} members each")
    return result


def _with_shares(differences: Sequence[Any], paired: Paired, place: int) -> list[dict[str, Any]]:
    return [
        {**one, "share_above": float(above), "share_below": float(below)}
        for one, above, below in zip(differences, paired.share_above[place], paired.share_below[place], strict=True)
    ]
