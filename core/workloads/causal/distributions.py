"""How the half-samples' effects are distributed: histograms of the edges that deserve a look."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from core.workloads.causal import resampling
from core.workloads.causal.resampling import Tally
from core.workloads.causal.study import Study


def of_edges(study: Study, tallies: Sequence[Tally], edges: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return a histogram for each of these edges that its target's model holds: bounds in standard units, and counts.

    A half-sample scatters about the whole window's effect as that does about the truth.
    """
    wanted = {(edge["source"], edge["target"], edge["lag"]) for edge in edges}
    names, found = study.treated.names, []
    for layer, tally in zip(study.layers, tallies, strict=False):
        columns = layer.regressions.columns
        for fit in layer.regressions.fits:
            for place in range(fit.chosen):
                column = fit.candidates[place]
                key = (names[columns.first[column]], names[fit.target], int(columns.lag[column]))
                if key not in wanted:
                    continue
                reach = resampling.REACH * fit.error[place]
                bounds = np.linspace(
                    fit.coefficient[place] - reach, fit.coefficient[place] + reach, resampling.BINS + 1
                )
                found.append(
                    {
                        "source": key[0],
                        "target": key[1],
                        "lag": key[2],
                        "bounds": bounds.tolist(),
                        "counts": tally.bins[fit.target, place].tolist(),
                    }
                )
    return found
