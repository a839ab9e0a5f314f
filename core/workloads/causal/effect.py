"""`causal.effect`: what follows when somebody sets a variable, row by row, with intervals.

The intervention cuts what acts on the variable (Pearl's do) while it lasts; all else follows the discovered dynamics.
The response is the difference to what would have come without it; dynamics being linear, where one begins is no matter.
"""

from typing import Any

import numpy as np

from core.jobs.context import JobContext
from core.workloads.causal import draws, paths, resample, series, study
from core.workloads.causal.arrays import Floats
from core.workloads.causal.results import Result


def compute(params: dict[str, Any], context: JobContext) -> Result:
    """Discover the graph, then let the variable be shifted; raises `SeriesUnfit` for a strange one."""
    context.progress(0.02, "read", "loading the series")
    loaded = series.load(params["series"], params["trajectories"], context)
    made = study.make(loaded, {**params, "test": paths.LINEAR_TEST})
    names = list(made.treated.names)
    place = paths.variable(names, params["variable"], "/variable")
    tallies = resample.tally(
        made, params, 0, params["resamples"], lambda share: context.progress(0.1 + 0.6 * share, "resample")
    )
    kept = paths.accepted(made, tallies, params)
    drawn = draws.draw(made, kept, key=params["seed"], resamples=params["resamples"])
    shift = params["shift"] / float(made.treated.scale[place])
    lasting = params["duration"] or params["horizon"] + 1
    context.progress(0.8, "respond", f"{params['horizon']} rows")
    whole = respond(drawn.whole[None], place, shift, lasting, params["horizon"])[0]
    low, high = draws.quantiles(respond(drawn.each, place, shift, lasting, params["horizon"]), whole)
    context.progress(1.0, "done")
    return {
        "variable": params["variable"],
        "shift": params["shift"],
        "horizon": params["horizon"],
        "responses": [
            {
                "variable": name,
                "response": (whole[:, number] * made.treated.scale[number]).tolist(),
                "ci_low": (low[:, number] * made.treated.scale[number]).tolist(),
                "ci_high": (high[:, number] * made.treated.scale[number]).tolist(),
            }
            for number, name in enumerate(names)
        ],
        "edges": len(kept),
        "differenced": made.treated.report["differenced"],
    }


def respond(dynamics: Floats, place: int, shift: float, lasting: int, horizon: int) -> Floats:
    """Return responses from the row of the intervention on: (draws, horizon + 1, variables).

    `dynamics` is (draws, lags, variables, variables). The variable at `place` is held `shift` above its course for so
    many rows, beginning with row 0.
    """
    count, lags, variables, _ = dynamics.shape
    course = np.zeros((count, horizon + 1, variables))
    for row in range(horizon + 1):
        for lag in range(1, min(lags, row) + 1):
            course[:, row] += np.einsum("dij,dj->di", dynamics[:, lag - 1], course[:, row - lag])
        if row < lasting:
            course[:, row, place] = shift
    return course
