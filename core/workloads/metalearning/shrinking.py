"""`metalearning.shrink`: a new domain's effects, drawn towards those of earlier domains as far as these are alike."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from core.jobs.context import JobContext
from core.workloads.metalearning import ridge
from core.workloads.metalearning.regrets import Floats

_LEAST_FITTED = 3


def compute(params: dict[str, Any], context: JobContext) -> dict[str, Any]:
    """Learn mean and spread of the earlier domains, and fit the new one."""
    lags = params["lags"]
    scale = _scale([np.array(one["values"]) for one in params["earlier"]])
    earlier = [lagged(np.array(one["values"]) / scale, lags) for one in params["earlier"]]
    new = np.array(params["new"]["values"]) / scale
    spreads = []
    for target in range(len(scale)):
        context.progress(0.9 * target / len(scale), "learn", params["names"][target])
        context.checkpoint()
        spreads.append(ridge.spread_of([ridge.moments(past, rows[:, target]) for past, rows in earlier]))
    context.progress(0.9, "fit")
    past, rows = lagged(new, lags)
    fitted = [_fit(past, rows[:, target], spread) for target, spread in enumerate(spreads)]
    return {
        "domains": len(earlier),
        "rows": len(rows),
        "own_share": float(np.mean([one[3] for one in fitted])),
        "coefficients": list(_told(params["names"], scale, spreads, fitted)),
        "held_out": _tried(past, rows, spreads, params["held_out"]),
    }


def lagged(values: Floats, lags: int) -> tuple[Floats, Floats]:
    """Return for each row what was 1 to `lags` rows before, (n, lags x variables), lag by lag, and the row itself."""
    count = len(values)
    past = np.hstack([values[lags - lag : count - lag] for lag in range(1, lags + 1)])
    return past, values[lags:]


def _scale(domains: Sequence[Floats]) -> Floats:
    """Return each variable's standard deviation within earlier domains, 1 where it does not vary."""
    spread = np.sqrt(np.mean([one.var(axis=0) for one in domains], axis=0))
    return np.where(spread > 0.0, spread, 1.0)


def _fit(past: Floats, targets: Floats, spread: ridge.Spread) -> tuple[Floats, Floats, Floats, float]:
    told = ridge.moments(past, targets)
    return (told.own(), *ridge.shrunk(told, spread))


def _told(
    names: Sequence[str],
    scale: Floats,
    spreads: Sequence[ridge.Spread],
    fitted: Sequence[tuple[Floats, Floats, Floats, float]],
) -> Any:
    for target, (spread, (own, effects, sds, _)) in enumerate(zip(spreads, fitted, strict=True)):
        for place in range(len(own)):
            lag, source = divmod(place, len(names))
            unit = float(scale[target] / scale[source])
            yield {
                "source": names[source],
                "target": names[target],
                "lag": lag + 1,
                "mean": unit * float(spread.mean[place]),
                "between_sd": unit * spread.tau,
                "own": unit * float(own[place]),
                "effect": unit * float(effects[place]),
                "sd": unit * float(sds[place]),
            }


def _tried(past: Floats, rows: Floats, spreads: Sequence[ridge.Spread], share: float) -> Mapping[str, float] | None:
    """Fit the first rows alone and return how far each estimate is off on the others; None where too few are left."""
    kept = len(rows) - round(share * len(rows))
    if kept == len(rows) or kept < _LEAST_FITTED:
        return None
    losses = []
    for target, spread in enumerate(spreads):
        own, effects, _, _ = _fit(past[:kept], rows[:kept, target], spread)
        level, middle = rows[:kept, target].mean(), past[:kept].mean(axis=0)
        missed = rows[kept:, target] - level
        losses.append(
            [float(np.mean((missed - (past[kept:] - middle) @ one) ** 2)) for one in (own, spread.mean, effects)]
        )
    return dict(zip(("own", "mean", "shrunk"), np.mean(losses, axis=0).tolist(), strict=True))
