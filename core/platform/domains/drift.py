"""The watch for drift: cumulative sums over what each window's values are like, judged by how the first ones varied.

A window is told by its mean, the logarithm of its spread and its share of missing values, for each variable. How these
vary from window to window is learned from the domain's first windows, so that what repeats itself (seasons,
autocorrelation) counts as variation and not as drift. Then two-sided cumulative sums (Page 1954) add up what exceeds
`SLACK` of the learned standard deviations; beyond `THRESHOLD` the domain has drifted, and the watch begins anew.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
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

_NOTHING = (0.0, 0.0)

State = dict[str, Any]


def observe(state: State, summary: Mapping[str, Any]) -> tuple[State, dict[str, float]]:
    """Take one more window's summary in; return the new state, and by variable the score of those that drifted.

    Scores are multiples of the threshold. State and summary are JSON; neither is changed.
    """
    after, (drifted,) = observe_all(state, [summary])
    return after, drifted


def observe_all(state: State, summaries: Sequence[Mapping[str, Any]]) -> tuple[State, list[dict[str, float]]]:
    """Do what `observe` does for one window after the other: what was learned is looked at once while it stays."""
    found: list[dict[str, float]] = []
    known: _Known | None = None
    for summary in summaries:
        told = features(summary)
        count, learned = state.get("count", 0), state.get("learned", {})
        if count < LEARNED_FROM:
            state = _learned(count, learned, told)
            found.append({})
            continue
        if known is None or known.learned is not learned:
            known = _Known(learned, _usual(learned, count))
        sums = _added(state.get("sums", {}), known.usual, told)
        drifted = _drifted(sums)
        if drifted:
            state = _learned(0, {}, told)
        elif count < REFINED_TO and all(max(pair) <= CALM * THRESHOLD for pair in sums.values()):
            state = {**_learned(count, learned, told), "sums": sums}
        else:
            state = {"count": count, "learned": learned, "sums": sums}
        found.append(drifted)
    return state, found


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


@dataclass(frozen=True, slots=True)
class _Known:
    """What was learned, and what follows from it."""

    learned: Mapping[str, Any]
    usual: Mapping[str, tuple[float, float]]


def _usual(learned: Mapping[str, Any], count: int) -> dict[str, tuple[float, float]]:
    """Return mean and standard deviation of each figure that enough is known of.

    What few windows teach of the spread is uncertain: judged by it as if there were fewer degrees of freedom.
    """
    return {
        name: (mean, max(math.sqrt(squares / (n - 1) * (1 + 1 / n)), _floor(name, learned)) * (1 + 6 / count))
        for name, (n, mean, squares) in learned.items()
        if n >= LEARNED_FROM
    }


def _added(
    sums: Mapping[str, Any], usual: Mapping[str, tuple[float, float]], told: Mapping[str, float]
) -> dict[str, list[float]]:
    added = {}
    for name, value in told.items():
        if name not in usual:
            continue
        mean, spread = usual[name]
        z = (value - mean) / spread
        z = max(-LARGEST_STEP, min(LARGEST_STEP, z)) if abs(z) > LARGEST_STEP else z
        above, below = sums.get(name, _NOTHING)
        above, below = above + z - SLACK, below - z - SLACK
        added[name] = [above if above > 0 else 0.0, below if below > 0 else 0.0]
    return added


def _drifted(sums: Mapping[str, Sequence[float]]) -> dict[str, float]:
    """Return by variable the score of the worst of its figures, where that is beyond the threshold."""
    drifted: dict[str, float] = {}
    for name, (above, below) in sums.items():
        if above > THRESHOLD or below > THRESHOLD:
            variable = name.rpartition("/")[0]
            drifted[variable] = max(drifted.get(variable, 0.0), round(max(above, below) / THRESHOLD, 3))
    return drifted


def _floor(name: str, learned: Mapping[str, Any]) -> float:
    variable, _, figure = name.rpartition("/")
    if figure == "mean" and f"{variable}/spread" in learned:
        return _FLOOR * math.exp(learned[f"{variable}/spread"][1])
    return _FLOOR if figure == "mean" else 10 * _FLOOR
