"""From t values to decisions: how many edges there seem to be at each lag, and what each t value is worth then.

The t values of all candidates are a mixture of noise and effects. How large effects are is estimated from all of them
together (nonparametric maximum likelihood over a grid: Kiefer and Wolfowitz 1956; Efron 2016, "Empirical Bayes
deconvolution estimates"), how frequent they are for each lag apart, so that lags without effects cost those with
effects no power. Two things follow: a local false discovery rate (Efron, Tibshirani, Storey and Tusher 2001), and
weights for the procedure of Benjamini and Hochberg 1995 (weighted: Genovese, Roeder and Wasserman 2006; estimated by
group: Ignatiadis, Klaus, Zaugg and Huber 2016).
"""

from dataclasses import dataclass

import numpy as np
from scipy import stats

from core.workloads.causal.arrays import Floats, Ints

_SIZES = np.concatenate([np.arange(1.5, 8.0, 0.5), np.arange(8.0, 27.0, 2.0)])
_LARGEST = 25.0
_PRIOR_EFFECTS = 0.5
_PRIOR_CANDIDATES = 10.0
_ROUNDS = 100
_MANY = 10_000
_GATE = 2.5
"""By so much stricter is the test that there is any effect at all (Simes 1986): it keeps noise quiet, and costs nothing
where one effect is plain."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the candidates' t values say together."""

    p: Floats
    q: Floats
    """Least false discovery rate at which a candidate is accepted (weighted BH)."""
    null: Floats
    """Local false discovery rate: the chance that a candidate with this t value has no effect."""
    threshold: Floats
    """For each group: the t value at which `null` is one half."""


def weigh(t: Floats, freedom: Floats, group: Ints, groups: int, *, any_dependence: bool = False) -> Evidence:
    """Judge all candidates: their t values with degrees of freedom, and their groups (lags), all (candidates,).

    With `any_dependence` q is that of Benjamini and Yekutieli 2001, which holds however the tests depend on each other.
    """
    if not len(t):
        return Evidence(t, t, t, np.full(groups, np.inf))
    p = np.asarray(2.0 * stats.t.sf(np.abs(t), freedom), dtype=np.float64)
    size = np.minimum(np.abs(stats.norm.isf(np.maximum(p, 1e-300) / 2.0)), _LARGEST)
    share, mixture = _estimate(*_gathered(size, group), groups)
    odds = _odds(share[group], mixture, size)
    null = 1.0 / (1.0 + odds)
    weight = _weights(null, group, groups)
    q = adjusted(np.minimum(p / weight, 1.0), any_dependence=any_dependence)
    q = np.minimum(np.maximum(q, _GATE * q.min()), 1.0)
    return Evidence(p, q, null, _thresholds(share, mixture))


def _weights(null: Floats, group: Ints, groups: int) -> Floats:
    """Weigh groups by how frequent effects are in them, of mean 1: (candidates,).

    One more effect is assumed in each group, so that a single large t value moves next to nothing where all is noise.
    """
    count = np.maximum(np.bincount(group, minlength=groups), 1)
    frequency = (np.bincount(group, 1.0 - null, minlength=groups) + 1.0) / count
    weight = frequency[group]
    return np.asarray(weight / weight.mean(), dtype=np.float64)


def adjusted(p: Floats, *, any_dependence: bool = False) -> Floats:
    """Return Benjamini-Hochberg q values, or Benjamini-Yekutieli's: (candidates,)."""
    count = len(p)
    order = np.argsort(p, kind="stable")
    scaled = p[order] * count / np.arange(1, count + 1)
    if any_dependence:
        scaled = scaled * np.sum(1.0 / np.arange(1, count + 1))
    found = np.empty(count)
    found[order] = np.minimum(np.minimum.accumulate(scaled[::-1])[::-1], 1.0)
    return found


def _gathered(size: Floats, group: Ints) -> tuple[Floats, Ints, Floats]:
    """Return sizes and groups, and how many candidates have them; of very many, sizes are rounded to hundredths."""
    if len(size) <= _MANY:
        return size, group, np.ones(len(size))
    rounded, counts = np.unique(np.rint(size * 100.0).astype(np.int64) + _MANY * group, return_counts=True)
    return rounded % _MANY / 100.0, rounded // _MANY, counts.astype(np.float64)


def _estimate(size: Floats, group: Ints, many: Floats, groups: int) -> tuple[Floats, Floats]:
    """Estimate by expectation and maximization each group's share of effects, and how large effects are."""
    count = np.bincount(group, many, minlength=groups)
    likelihood = _likelihood(size)
    share, mixture = np.full(groups, 0.05), np.full(len(_SIZES), 1.0 / len(_SIZES))
    for _ in range(_ROUNDS):
        joint = likelihood * mixture
        whole = joint.sum(axis=1)
        odds = share[group] / (1.0 - share[group]) * whole
        effect = odds / (1.0 + odds)
        effect = effect * many
        mixture = (joint * (effect / whole)[:, None]).sum(axis=0) + 1.0 / len(_SIZES)
        mixture /= mixture.sum()
        overall = (effect.sum() + _PRIOR_EFFECTS) / (many.sum() + _PRIOR_CANDIDATES)
        expected = np.bincount(group, effect, minlength=groups) + _PRIOR_CANDIDATES * overall
        share = np.minimum(expected / (count + _PRIOR_CANDIDATES), 0.99)
    return share, mixture


def _likelihood(size: Floats) -> Floats:
    """Return how much likelier each |t| is under each effect size, of either sign, than without effect."""
    product = size[:, None] * _SIZES
    ratio: Floats = np.exp(product - _SIZES**2 / 2.0) * (1.0 + np.exp(-2.0 * product)) / 2.0
    return ratio


def _odds(share: Floats, mixture: Floats, size: Floats) -> Floats:
    odds: Floats = share / (1.0 - share) * (_likelihood(size) @ mixture)
    return odds


def _thresholds(share: Floats, mixture: Floats) -> Floats:
    grid = np.arange(1.0, 6.0, 0.01)
    odds = share[:, None] / (1.0 - share[:, None]) * (_likelihood(grid) @ mixture)[None, :]
    reached = odds >= 1.0
    found: Floats = np.where(reached.any(axis=1), grid[reached.argmax(axis=1)], grid[-1])
    return found
