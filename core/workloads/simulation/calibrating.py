"""`simulation.calibrate`: the parameters with which a model comes nearest to what was measured.

What is uncertain in the model and not sought is held at its median, noises too: what is left is deterministic.
Standard errors are those of nonlinear least squares: s^2 (J'J)^-1, s^2 from the residuals.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from core.errors import FieldError, Invalid
from core.jobs.context import JobContext
from core.workloads.simulation import model, plots, setting, snapshots, subjects
from core.workloads.simulation.arrays import Floats
from core.workloads.simulation.calibration_params import as_run
from core.workloads.simulation.draws import quantiles
from core.workloads.simulation.engine import Engine
from core.workloads.simulation.fitting import MOST_ROUNDS, Search
from core.workloads.simulation.results import Result
from core.workloads.simulation.streams import stream

_SAME = 1e-4
"""How near starts' costs are, relative to the best, that ended at one place."""
_FLAT = 1e-6
"""Smallest singular value of the slopes, relative to the largest, that is no error of differences."""


class CalibrationFailed(Invalid):
    """From no start did the model come to an end."""

    code = "calibration_failed"


def compute(given: dict[str, Any], context: JobContext) -> Result:
    """Search; raises `CalibrationFailed`."""
    context.progress(0.0, "search")
    problem = _Problem.of(given)
    seed = context.seed if given["seed"] is None else given["seed"]
    search = _search(problem, given["starts"], seed, context)
    best = int(np.argmin(search.costs))
    if not np.isfinite(search.costs[best]):
        detail = "the model diverges wherever it starts between the bounds"
        raise CalibrationFailed(detail, errors=[FieldError("/params/sought", detail)])
    result = _told(problem, search, best)
    if given["plots"]:
        context.progress(0.95, "draw")
        context.save_artifact("fit.svg", plots.fit(result), "image/svg+xml")
    context.progress(1.0, "done", f"{search.rounds} rounds from {given['starts']} starts")
    return result


def _search(problem: "_Problem", starts: int, seed: int, context: JobContext) -> Search:
    kept = context.last_snapshot()
    if kept is not None:
        search = Search.restored(snapshots.read(kept))
        context.log("resumed from a snapshot", round=search.rounds)
    else:
        search = Search(_spread(starts, len(problem.sought), seed))
        search.begin(problem.residuals)
    while not search.over:
        search.go_on(problem.residuals)
        least = float(search.costs.min())
        frame = {"round": search.rounds, "cost": least if np.isfinite(least) else None}
        context.progress(0.9 * search.rounds / MOST_ROUNDS, "search", f"round {search.rounds}", frame=frame)
        context.offer_snapshot(lambda: snapshots.write(search.dump()))
    return search


def _spread(starts: int, width: int, seed: int) -> Floats:
    """Return places of which each coordinate has one in each of so many equal parts (McKay and others 1979)."""
    rng = stream(seed, "calibrate/starts")
    parts = np.stack([rng.permutation(starts) for _ in range(width)], axis=1)
    return np.asarray((parts + rng.random((starts, width))) / starts)


@dataclass(frozen=True, slots=True)
class _Problem:
    """A calibration as residuals."""

    given: Mapping[str, Any]
    model: model.Model
    sought: Sequence[str]
    low: Floats
    span: Floats
    columns: Sequence[str]
    measured: Floats
    """(columns, times), NaN where missing."""
    scale: Floats
    """By which residuals are divided: each column's spread."""

    @classmethod
    def of(cls, given: Mapping[str, Any]) -> "_Problem":
        bounds = np.array([[one["low"], one["high"]] for one in given["sought"].values()])
        measured = np.array([[np.nan if value is None else value for value in column] for column in _columns(given)])
        spread = np.nanstd(measured, axis=1)
        scale = np.where(spread > 0.0, spread, np.maximum(np.abs(np.nanmean(measured, axis=1)), 1.0))
        built = model.build(_without_chance(given))
        names = list(given["measured"]["values"])
        return cls(given, built, list(given["sought"]), bounds[:, 0], np.ptp(bounds, axis=1), names, measured, scale)

    def residuals(self, places: Floats) -> Floats:
        """Return residuals (members, values) in units of the columns' spreads."""
        error = (self.modelled(self.low + self.span * places) - self.measured[:, :, None]) / self.scale[:, None, None]
        return np.asarray(error[~np.isnan(self.measured)].T)

    def modelled(self, values: Floats) -> Floats:
        """Return what the model says, (columns, times, members), for parameters (members, sought)."""
        run = as_run(self.given, len(values))
        timetable = subjects.of(run).table(run)
        drawn = {name: values[:, place].copy() for place, name in enumerate(self.sought)}
        own = {name: _median(value) for name, value in self.given["parameters"].items()}
        begun = {name: _median(value) for name, value in self.given["initial"].items()}
        method = self.given["method"] or self.given["model"]["method"]
        engine = Engine(self.model, setting.Setting(timetable, method, len(values), 0, {**own, **drawn}, begun))
        rows = [[output.name for output in engine.outputs].index(name) for name in self.columns]
        at = (np.array(self.given["measured"]["times"]) - timetable.start) / timetable.dt
        below = np.clip(np.floor(at + 1e-9).astype(np.int64), 0, max(0, timetable.steps - 1))
        wanted = {*below.tolist(), *(below + 1).tolist()}
        seen: dict[int, Floats] = {}
        with np.errstate(all="ignore"):
            engine.begin()
            for step in range(max(wanted) + 1):
                if step in wanted:
                    seen[step] = engine.observe()[rows]
                if step < max(wanted):
                    engine.advance()
            low, high = (np.stack([seen[step] for step in steps], axis=1) for steps in (below, below + 1))
            return np.asarray(low + (at - below)[None, :, None] * (high - low))


def _columns(given: Mapping[str, Any]) -> list[list[float | None]]:
    return list(given["measured"]["values"].values())


def _median(value: Any) -> float:
    return float(quantiles(value, np.array([0.5]))[0]) if isinstance(value, Mapping) else float(value)


def _without_chance(given: Mapping[str, Any]) -> dict[str, Any]:
    document = given["model"]
    parameters = {name: {**one, "value": _median(one["value"])} for name, one in document["parameters"].items()}
    still = {name: {**one, "distribution": _median(one["distribution"])} for name, one in document["noises"].items()}
    return {**document, "parameters": parameters, "noises": still, "watch": []}


def _told(problem: _Problem, search: Search, best: int) -> Result:
    place, residuals, slopes = search.places[best], search.residuals[best], search.slopes[best]
    free = max(1, len(residuals) - len(place))
    _, sizes, right = np.linalg.svd(slopes, full_matrices=False)
    told_apart = bool(sizes[-1] > _FLAT * sizes[0])
    inverse = right.T @ np.diag(1.0 / np.maximum(sizes, max(_FLAT * sizes[0], 1e-300)) ** 2) @ right
    covariance = search.costs[best] / free * inverse
    errors = np.sqrt(np.diag(covariance))
    values = problem.low + problem.span * place
    fitted = problem.modelled(values[None])[:, :, 0]
    near = search.costs <= search.costs[best] * (1.0 + _SAME) + 1e-18
    return {
        "model": problem.given["model"]["name"],
        "estimates": [
            {
                "name": name,
                "value": float(values[number]),
                "standard_error": float(errors[number] * problem.span[number]) if told_apart else None,
                "at_bound": bool(place[number] <= 0.0 or place[number] >= 1.0),
            }
            for number, name in enumerate(problem.sought)
        ],
        "correlations": (covariance / np.maximum(np.outer(errors, errors), 1e-300)).tolist() if told_apart else None,
        "told_apart": told_apart,
        "starts": len(search.costs),
        "starts_at_best": int(near.sum()),
        "rounds": search.rounds,
        "times": list(problem.given["measured"]["times"]),
        "time_unit": problem.given["model"]["time_unit"],
        "series": [
            {
                "name": name,
                "measured": [None if np.isnan(value) else float(value) for value in problem.measured[number]],
                "fitted": fitted[number].tolist(),
                "rmse": float(np.sqrt(np.nanmean((fitted[number] - problem.measured[number]) ** 2))),
            }
            for number, name in enumerate(problem.columns)
        ],
    }
