"""Whether there is evidence that effects are not linear: then, and only then, sources are offered other shapes.

Two gates, for shapes of single variables and for products of two: each is opened by a test over all its columns
together (Simes 1986) of what they explain beside the linear models. So linear windows pay nothing for the shapes.
"""

from collections.abc import Sequence

import numpy as np
from scipy import stats

from core.workloads.causal import evidence, features, lagging
from core.workloads.causal.arrays import Flags, Floats
from core.workloads.causal.features import Features
from core.workloads.causal.fitting import Fit
from core.workloads.causal.layers import Regressions

_LEVEL = 0.002
_MOST_FOR_PRODUCTS = 30
_SINGULAR = 1e-6
_MOST_VALUES = 6_000_000


def offer(
    values: Floats, observed: Flags, lengths: Sequence[int], max_lag: int, past: Regressions, *, always: bool
) -> Features:
    """Return the features that sources are offered: linear ones, and those whose gate is open (or `always`)."""
    offered = features.linear(values)
    shapes = features.shapes(values, observed)
    if always or _opens(shapes, values, lengths, max_lag, past):
        offered = shapes
    if values.shape[1] <= _MOST_FOR_PRODUCTS:
        products = features.products(values, observed)
        if always or _opens(products, values, lengths, max_lag, past):
            offered = features.joined(offered, products)
    return offered


def _opens(more: Features, values: Floats, lengths: Sequence[int], max_lag: int, past: Regressions) -> bool:
    """Tell whether the nonlinear ones of these features explain anything; lags as far as memory goes."""
    new = more.form != features.LINEAR
    fresh = Features(more.values[:, new], more.first[new], more.second[new], more.form[new])
    fitting = max(1, _MOST_VALUES // fresh.values.size)
    lag = min(max_lag, fitting) if len(lengths) == 1 else max_lag
    columns = lagging.lag_columns(fresh, values, lengths, lag)
    matrix = columns.lagged[len(columns.lagged) - len(past.lagged) :]
    squares, p = matrix**2, []
    for fit in past.fits:
        others = (columns.columns.first != fit.target) | (columns.columns.second != fit.target)
        t = _beside_model(matrix, squares, past, fit)[others]
        p.append(2.0 * stats.t.sf(np.abs(t), max(fit.rows - fit.chosen - 2.0, 1.0)))
    return bool(evidence.adjusted(np.concatenate(p)).min() <= _LEVEL)


def _beside_model(columns: Floats, squares: Floats, past: Regressions, fit: Fit) -> Floats:
    """Return the size of the t value of each of these columns beside one target's linear model."""
    model = past.lagged[:, fit.candidates[: fit.chosen]]
    weighted = model * fit.noise.weight[:, None]
    joint = weighted.T @ columns
    across = np.linalg.pinv(weighted.T @ model, hermitian=True) @ joint
    whole = fit.noise.weight @ squares
    own = whole - np.einsum("sc,sc->c", joint, across)
    usable = own > _SINGULAR * np.maximum(whole, 1e-300)
    product = columns.T @ (fit.noise.weight * fit.noise.response) - across.T @ (weighted.T @ fit.noise.response)
    gain = np.where(usable, product**2 / np.where(usable, own, 1.0), 0.0)
    rest = np.maximum(fit.rest - gain, 1e-300) / max(fit.rows - fit.chosen - 2.0, 1.0)
    return np.asarray(np.sqrt(gain / rest), dtype=np.float64)
