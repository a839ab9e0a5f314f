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
from core.workloads.causal.layers import Regressions

_LEVEL = 0.002
_MOST_FOR_PRODUCTS = 30
_SINGULAR = 1e-6


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
    design = lagging.lag_columns(more, values, lengths, max_lag)
    new = np.flatnonzero(design.columns.form != features.LINEAR)
    p = []
    for place, fit in enumerate(past.fits):
        alone = (design.columns.first[new] == fit.target) & (design.columns.second[new] == fit.target)
        t = _beside_model(design.lagged[:, new[~alone]], past, place)
        p.append(2.0 * stats.t.sf(np.abs(t), max(fit.rows - fit.chosen - 2.0, 1.0)))
    return bool(evidence.adjusted(np.concatenate(p)).min() <= _LEVEL)


def _beside_model(columns: Floats, past: Regressions, place: int) -> Floats:
    """Return the t value of each of these columns beside one target's linear model."""
    fit = past.fits[place]
    model = past.lagged[:, fit.candidates[: fit.chosen]]
    weighted = model * fit.noise.weight[:, None]
    across = np.linalg.pinv(weighted.T @ model, hermitian=True) @ (weighted.T @ columns)
    left = columns - model @ across
    own = np.einsum("rc,r,rc->c", left, fit.noise.weight, left)
    whole = np.einsum("rc,r,rc->c", columns, fit.noise.weight, columns)
    usable = own > _SINGULAR * np.maximum(whole, 1e-300)
    product = left.T @ (fit.noise.weight * fit.noise.response)
    gain = np.where(usable, product**2 / np.where(usable, own, 1.0), 0.0)
    rest = np.maximum(fit.rest - gain, 1e-300) / max(fit.rows - fit.chosen - 2.0, 1.0)
    return np.asarray(np.sqrt(gain / rest), dtype=np.float64)
