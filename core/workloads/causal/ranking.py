"""How sure one can be of each ordered pair, as one figure for ranking."""

import numpy as np

from core.workloads.causal import slow_sampling
from core.workloads.causal.arrays import Floats
from core.workloads.causal.layers import Layer
from core.workloads.causal.study import Study

_SURE = 0.98
"""Up to here figures are posterior probabilities; beyond, larger t values still rank higher."""
_SLOW = 0.9
"""Weight of the rows themselves where sampling is slow."""


def confidence(study: Study) -> Floats:
    """Return values[i][j], from 0 to 1: how sure it is that j causes i at any lag; 0 on the diagonal.

    Where more goes on within rows than from row to row, ranking rests on the rows themselves.
    """
    past = study.layers[0]
    found = _of_layer(past, len(study.treated.names))
    if len(study.layers) > 1:
        present = study.layers[1]
        within = _of_layer(present, len(study.treated.names))
        if _effects(present) / 2.0 > _effects(past):
            found = _SLOW * slow_sampling.ranking(study.together) + (1.0 - _SLOW) * found
        else:
            found = np.maximum(found, within * study.together.confidence)
    np.fill_diagonal(found, 0.0)
    return found


def _effects(layer: Layer) -> float:
    """Return how many effects a layer seems to have."""
    return float((1.0 - layer.null)[layer.regressions.tested].sum())


def _of_layer(layer: Layer, variables: int) -> Floats:
    part = layer.regressions
    size = np.abs(part.t)
    figure = np.where(part.tested, _SURE * (1.0 - layer.null) + (1.0 - _SURE) * size / (size + 10.0), 0.0)
    found = np.zeros((variables, variables))
    for source in range(variables):
        involved = (part.columns.first == source) | (part.columns.second == source)
        found[:, source] = figure[:, involved].max(axis=1)
    return found
