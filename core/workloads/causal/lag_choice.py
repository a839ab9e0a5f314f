"""The longest lag: generous where rows abound, or by evidence.

By evidence means sparse models of growing reach, each compared on the same rows by the extended Bayesian information
criterion (Chen and Chen 2008), which also pays for how many columns there were to choose from. Full models are no
guide: they pay for every coefficient, and stop too short where effects are few.
"""

import numpy as np

from core.workloads.causal import features, forward, lagging
from core.workloads.causal.arrays import Floats
from core.workloads.causal.preprocessing import Treated

_SHORTEST, _GENEROUS, _FARTHEST = 2, 5, 10
_ROWS_PER_LAG = 10
_MOST_CHOSEN = 20


def choose(treated: Treated, wanted: int | str) -> int:
    """Return the longest lag that is asked for: a number of rows, `auto` or `bic`."""
    if isinstance(wanted, int):
        return wanted
    if wanted == "bic":
        return by_bic(treated)
    generous = -(-len(treated.values) // (_ROWS_PER_LAG * len(treated.names)))
    return max(_SHORTEST, min(_GENEROUS, generous))


def by_bic(treated: Treated) -> int:
    """Return the lag up to which sparse models explain best for what they cost; up to 10, fewer where rows are few."""
    farthest = max(1, min(_FARTHEST, len(treated.values) // _ROWS_PER_LAG, min(treated.lengths) - 1))
    offered = features.linear(treated.values)
    design = lagging.lag_columns(offered, treated.values, treated.lengths, farthest)
    present = design.present - design.present.mean(axis=0)
    gram, products = design.lagged.T @ design.lagged, present.T @ design.lagged
    whole = np.einsum("rv,rv->v", present, present)
    price = float(np.log(len(present)) + 2.0 * np.log(len(gram)))
    costs = [_cost(gram, products, whole, len(present), lag, price) for lag in range(1, farthest + 1)]
    return int(np.argmin(costs)) + 1


def _cost(gram: Floats, products: Floats, whole: Floats, rows: int, lag: int, price: float) -> float:
    """Return the criterion of models that reach so far: (columns, columns), (variables, columns), (variables,)."""
    variables = len(whole)
    reach = variables * lag
    own = np.arange(variables)[:, None] + variables * np.arange(lag)
    penalty = np.full((variables, reach), price)
    shared = np.broadcast_to(gram[:reach, :reach], (variables, reach, reach))
    inside = products[:, :reach]
    counts = np.full(variables, float(rows))
    # An own lag costs like any other, so that none is forced in beyond the first.
    chosen = forward.select(shared, inside, whole, counts, penalty, forced=own[:, :1], most=_MOST_CHOSEN)
    rest = [
        forward.solve(gram[:reach, :reach], inside[target], float(whole[target]), np.flatnonzero(taken)).rest
        for target, taken in enumerate(chosen)
    ]
    fit = rows * float(np.sum(np.log(np.maximum(rest, 1e-300) / rows)))
    return fit + price * float(chosen.sum())
