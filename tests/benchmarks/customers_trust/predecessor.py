"""The predecessor's formula: 0.40 match quality + 0.25 freshness + 0.20 variance + 0.15 anomaly, pass from 70.

Where its documents are silent we chose in its favour: beyond 15 % of variance the score falls from 75 by 5 a point, an
anomaly costs 25. What is missing counts as it does there: match quality 75, freshness 50, variance 80, anomaly 90.
"""

from collections.abc import Callable, Sequence
from itertools import pairwise
from statistics import fmean, pstdev

from core.workloads.customers.trust.evidence import Account, Evidence

PASSES = 70.0
FRESHNESS = ((24.0, 100.0), (48.0, 0.0))


def health(accounts: Sequence[Account]) -> float:
    """Compute the health of all accounts together, each part as the mean of what there is."""
    told = [one for one in accounts if one.window is not None]
    parts = (
        (0.40, _mean([quality for one in told if (quality := _quality(one)) is not None], 75.0)),
        (0.25, _mean([_line(age_h, FRESHNESS) for age_h in _ages(told)], 50.0)),
        (0.20, _variance([one.window for one in told if one.window])),
        (0.15, _mean([_anomaly(one) for one in told], 90.0)),
    )
    return sum(weight * value for weight, value in parts)


def _quality(account: Account) -> float | None:
    """Event match quality: match .30, coverage .25, latency .20, attribution .15, freshness .10."""
    window = account.window
    assert window is not None
    if not window.events or window.age_h is None:
        return None
    matched = 100.0 * (window.matched or 0) / window.events if window.matched else 100.0
    usual = fmean(one.events or 0 for one in account.history)
    attribution = 75.0
    if window.conversions_seen:
        off = abs((window.conversions or 0) - window.conversions_seen) / window.conversions_seen
        attribution = max(0.0, 100 - 200 * off)
    latency = _line(window.age_h, ((0, 100), (1, 90), (4, 70), (12, 40), (24, 0)))
    fresh = _line(window.age_h, ((1, 100), (6, 80), (24, 40)))
    coverage = min(100.0, 100 * window.events / usual)
    return 0.30 * matched + 0.25 * coverage + 0.20 * latency + 0.15 * attribution + 0.10 * fresh


def _ages(accounts: Sequence[Account]) -> list[float]:
    return [one.window.age_h for one in accounts if one.window is not None and one.window.age_h is not None]


def _variance(windows: Sequence[Evidence]) -> float:
    if not windows:
        return 80.0
    told, seen = sum(one.revenue or 0 for one in windows), sum(one.revenue_seen or 0 for one in windows)
    if not seen:
        return 100.0 if not told else 80.0
    percent = 100 * abs(told - seen) / seen
    return max(0.0, 75 - 5 * (percent - 15)) if percent >= 15 else _line(percent, ((10, 100), (15, 70)))


def _anomaly(account: Account) -> float:
    assert account.window is not None
    flagged = sum(_is_strange(figure, account.window, account.history) for figure in _FIGURES)
    return max(0.0, 100.0 - 25 * flagged)


def _is_strange(figure: Callable[[Evidence], float], window: Evidence, history: Sequence[Evidence]) -> bool:
    before = [figure(one) for one in history]
    spread = pstdev(before)
    return spread > 0 and abs(figure(window) - fmean(before)) / spread > 3


_FIGURES: tuple[Callable[[Evidence], float], ...] = (
    lambda one: one.spend or 0.0,
    lambda one: one.conversions or 0,
    lambda one: (one.spend or 0.0) / one.conversions if one.conversions else 0.0,
    lambda one: (one.revenue or 0.0) / one.spend if one.spend else 0.0,
)


def _mean(values: Sequence[float], otherwise: float) -> float:
    return fmean(values) if values else otherwise


def _line(value: float, points: Sequence[tuple[float, float]]) -> float:
    if value <= points[0][0]:
        return points[0][1]
    for (left, high), (right, low) in pairwise(points):
        if value <= right:
            return high + (low - high) * (value - left) / (right - left)
    return points[-1][1]
