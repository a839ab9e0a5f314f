"""How sure one can be of each ordered pair, as one figure for ranking."""

import numpy as np

from core.workloads.causal.arrays import Floats
from core.workloads.causal.layers import Layer
from core.workloads.causal.study import Study

_SURE = 0.98
"""Up to here figures are posterior probabilities; beyond, larger t values still rank higher."""
_UNKNOWN_DIRECTION = 0.5


def confidence(study: Study) -> Floats:
    """Return values[i][j], from 0 to 1: how sure it is that j causes i at any lag; 0 on the diagonal."""
    variables = len(study.treated.names)
    found = np.zeros((variables, variables))
    for layer in study.layers:
        one = _of_layer(layer, variables) * (_UNKNOWN_DIRECTION if layer.regressions.within_row else 1.0)
        found = np.maximum(found, one)
    np.fill_diagonal(found, 0.0)
    return found


def _of_layer(layer: Layer, variables: int) -> Floats:
    part = layer.regressions
    size = np.abs(layer.t)
    figure = np.where(part.tested, _SURE * (1.0 - layer.null) + (1.0 - _SURE) * size / (size + 10.0), 0.0)
    found = np.zeros((variables, variables))
    for source in range(variables):
        involved = (part.columns.first == source) | (part.columns.second == source)
        found[:, source] = figure[:, involved].max(axis=1)
    return found
