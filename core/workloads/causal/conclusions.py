"""What a study and its resamples say together: the result of `causal.discover`."""

from collections.abc import Mapping, Sequence
from typing import Any

from core.workloads.causal import edges, ranking, study
from core.workloads.causal.resampling import Tally
from core.workloads.causal.results import Result
from core.workloads.causal.study import Study


def conclude(made: Study, tallies: Sequence[Tally], params: Mapping[str, Any]) -> Result:
    """Write edges, own lags, scores and diagnostics."""
    blocks = study.count_blocks(made)
    found = edges.edges(made, tallies, params, blocks)
    return {
        "edges": found,
        "own_lags": edges.own_lags(made, tallies, blocks),
        "scores": {"names": list(made.treated.names), "values": ranking.confidence(made).tolist()},
        "diagnostics": _diagnostics(made, tallies, params, blocks),
    }


def _diagnostics(made: Study, tallies: Sequence[Tally], params: Mapping[str, Any], blocks: int) -> dict[str, Any]:
    fits = made.layers[0].regressions.fits
    names = made.treated.names
    return {
        "rows": sum(made.treated.lengths),
        "rows_used": len(made.trajectory),
        "variables": len(names),
        "trajectories": len(made.treated.lengths),
        "max_lag": made.max_lag,
        "resamples": tallies[0].resamples,
        "block_length": made.block_length,
        "blocks": blocks,
        "candidates": int(sum(layer.regressions.tested.sum() for layer in made.layers)),
        "test": params["test"],
        "threshold_t": made.thresholds[0].tolist(),
        "preprocessing": made.treated.report,
        "heavy_tails": {names[fit.target]: fit.noise.degrees for fit in fits if fit.noise.degrees is not None},
        "changing_volatility": [names[fit.target] for fit in fits if fit.noise.volatile],
    }
