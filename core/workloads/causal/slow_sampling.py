"""Effects faster than the rows: what moves together within a row, and which way.

Where sampling is slow, causes and effects fall into one row. Ranking then rests on the rows themselves: each variable
without its own past; partial correlation, which leaves out what goes through others, together with marginal
correlation, which an effect shared by two causes does not raise; and for the direction the pairwise measure of
Hyvaerinen and Smith 2013 ("Pairwise likelihood ratios for estimation of non-Gaussian structural equation models", JMLR
14), which tells cause from effect where noise is not Gaussian. Where it is, the direction stays open.
"""

from dataclasses import dataclass

import numpy as np
from scipy import stats

from core.workloads.causal.arrays import Floats
from core.workloads.causal.lagging import rows_with_lags
from core.workloads.causal.preprocessing import Treated

_SHRINKAGE = 0.2
_STEEPNESS = 80.0
_CLEAR = 2.0
"""Standard errors from which on kurtosis tells heavy tails from light ones."""


@dataclass(frozen=True, slots=True)
class Together:
    """How variables move together within a row: (variables, variables) each."""

    strength: Floats
    """From 0 to 1, the same both ways."""
    asymmetry: Floats
    """asymmetry[i][j] > 0 speaks for j as the cause of i, in units of correlation squared."""
    confidence: Floats
    """confidence[i][j]: that the direction is from j to i, given that there is an effect; 0.5 where nothing tells."""


def measure(treated: Treated) -> Together:
    """Measure how variables move together once their own past is taken out."""
    values = _without_own_past(treated)
    rows = len(values)
    correlation = values.T @ values / rows
    shrunk = (1.0 - _SHRINKAGE) * correlation + _SHRINKAGE * np.eye(len(correlation))
    precision = np.linalg.inv(shrunk)
    root = np.sqrt(np.diag(precision))
    partial = precision / np.outer(root, root)
    strength = np.sqrt(np.abs(partial * correlation))
    np.fill_diagonal(strength, 0.0)
    bent = values.T @ np.tanh(values) / rows
    asymmetry = correlation * (bent.T - bent)
    return Together(strength, asymmetry, _direction(values, correlation))


def ranking(together: Together) -> Floats:
    """Return a figure from 0 to 1 for every ordered pair: [i][j] for j as the cause of i."""
    return np.asarray(together.strength * (1.0 + np.tanh(_STEEPNESS * together.asymmetry)) / 2.0, dtype=np.float64)


def _without_own_past(treated: Treated) -> Floats:
    """Return each variable without what its previous value tells of it, standardized: (rows, variables)."""
    at, _ = rows_with_lags(treated.lengths, 1)
    now, past = treated.values[at], treated.values[at - 1]
    share = np.einsum("rv,rv->v", now, past) / np.maximum(np.einsum("rv,rv->v", past, past), 1e-300)
    left = np.where(treated.observed[at], now - share * past, 0.0)
    left -= left.mean(axis=0)
    return np.asarray(left / left.std(axis=0), dtype=np.float64)


def _direction(values: Floats, correlation: Floats) -> Floats:
    """Weigh each pair's asymmetry by its standard error; light tails turn its sign, Gaussian ones mute it."""
    rows, variables = values.shape
    kurtosis = (values**4).mean(axis=0) - 3.0
    error = np.sqrt(24.0 / rows)
    bent = np.tanh(values)
    found = np.full((variables, variables), 0.5)
    for target in range(variables):
        each = values * bent[:, [target]] - bent * values[:, [target]]
        spread = np.maximum(each.std(axis=0), 1e-12) / np.sqrt(rows)
        z = np.sign(correlation[target]) * each.mean(axis=0) / spread
        joint = (kurtosis + kurtosis[target]) / (error * np.sqrt(2.0))
        found[target] = np.where(np.abs(joint) > _CLEAR, stats.norm.cdf(z * np.sign(joint)), 0.5)
    np.fill_diagonal(found, 0.5)
    return found
