"""The watch for drift: cumulative sums over what each window's values are like, judged by how the first ones varied.

A window is told by its mean, the logarithm of its spread and its share of missing values, for each variable. How these
vary from window to window is learned from the domain's first windows, so that what repeats itself (seasons,
autocorrelation) counts as variation and not as drift. Then two-sided cumulative sums (Page 1954) add up what exceeds
`SLACK` of the learned standard deviations; beyond `THRESHOLD` the domain has drifted, and the watch begins anew.
"""

import math
from collections.abc import Mapping
from typing import Any

LEARNED_FROM = 30
"""Windows from which the watch learns before it judges,"""
REFINED_TO = 120
"""and up to how many it goes on learning while nothing stands out."""
SLACK = 1.25
THRESHOLD = 9.0
CALM = 0.25
"""Share of the threshold up to which a sum may have grown for a window still to be learned from."""
LARGEST_STEP = 4.5
"""Two strange windows alone are no drift, since tails may be heavy: the share of one in a sum is bounded."""
_FLOOR = 1e-3
"""Least standard deviation, in units of the values' own spread: what hardly varies need not be told to ten digits."""

State = dict[str, Any]


def observe(state: State, summary: Mapping[str, Any]) -> tuple[State, dict[str, float]]:
    """Take one more window's summary in; return the new state, and by variable the score of those that drifted.

    Scores are multiples of the threshold. State and summary are JSON; neither is changed.
    """
    told = features(summary)
    count, learned = state.get("count", 0), state.get("learned", {})
    if count < LEARNED_FROM:
        return _learned(count, learned, told), {}
    sums = _added(state.get("sums", {}), learned, told, count)
    worst = {name: max(pair) for name, pair in sums.items()}
    drifted: dict[str, float] = {}
    for name, height in worst.items():
        if height > THRESHOLD:
            variable = name.rpartition("/")[0]
            drifted[variable] = max(drifted.get(variable, 0.0), round(height / THRESHOLD, 3))
    if drifted:
        return _learned(0, {}, told), drifted
    calm = all(height <= CALM * THRESHOLD for height in worst.values())
    if calm and count < REFINED_TO:
        after = _learned(count, learned, told)
        return {**after, "sums": sums}, {}
    return {"count": count, "learned": learned, "sums": sums}, {}


def score(state: State) -> float | None:
    """Return how far the domain is from its first windows, 1 being the threshold; None while the watch still learns."""
    if state.get("count", 0) < LEARNED_FROM:
        return None
    return round(max((max(pair) for pair in state.get("sums", {}).values()), default=0.0) / THRESHOLD, 3)


def features(summary: Mapping[str, Any]) -> dict[str, float]:
    """Tell a window by figures that are comparable from window to window, by `variable/figure`."""
    told = {}
    for variable, of in summary.items():
        if of.get("mean") is not None:
            told[f"{variable}/mean"] = float(of["mean"])
            if of.get("sd"):
                told[f"{variable}/spread"] = math.log(of["sd"])
        if of.get("rows"):
            # The arcsine's variance depends little on the share itself.
            told[f"{variable}/missing"] = math.asin(math.sqrt(of["missing"] / of["rows"]))
    return told


def _learned(count: int, learned: Mapping[str, Any], told: Mapping[str, float]) -> State:
    """Take a window into the running means and sums of squares (Welford 1962)."""
    after = dict(learned)
    for name, value in told.items():
        n, mean, squares = after.get(name, (0, 0.0, 0.0))
        delta = value - mean
        mean += delta / (n + 1)
        after[name] = [n + 1, mean, squares + delta * (value - mean)]
    return {"count": count + 1, "learned": after}


def _added(
    sums: Mapping[str, Any], learned: Mapping[str, Any], told: Mapping[str, float], count: int
) -> dict[str, list[float]]:
    added = {}
    for name, value in told.items():
        n, mean, squares = learned.get(name, (0, 0.0, 0.0))
        if n < LEARNED_FROM:
            continue
        spread = max(math.sqrt(squares / (n - 1) * (1 + 1 / n)), _floor(name, learned))
        # What few windows teach of the spread is uncertain: judged by it as if there were fewer degrees of freedom.
        z = (value - mean) / (spread * (1 + 6 / count))
        z = max(-LARGEST_STEP, min(LARGEST_STEP, z))
        above, below = sums.get(name, (0.0, 0.0))
        added[name] = [max(0.0, above + z - SLACK), max(0.0, below - z - SLACK)]
    return added


def _floor(name: str, learned: Mapping[str, Any]) -> float:
    variable, _, figure = name.rpartition("/")
    if figure == "mean" and f"{variable}/spread" in learned:
        return _FLOOR * math.exp(learned[f"{variable}/spread"][1])
    return _FLOOR if figure == "mean" else 10 * _FLOOR
