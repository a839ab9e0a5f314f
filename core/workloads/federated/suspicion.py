"""Suspicion: who sent what no honest client is likely to send, whichever strategy made the model.

Everything is judged from the geometric median of the updates (`strategies/geometric_median.py`), which attackers cannot
move far as long as they are less than half. Three signs are looked for; each alone is enough to suspect.
"""

from dataclasses import dataclass

import numpy as np

from core.workloads.federated.arrays import Floats, Rows
from core.workloads.federated.products import Anchored, middling, products, squared

SUSPECTED = 0.5
_FEWEST = 4
"""With fewer clients nobody is an exception to the others."""
_STEPS = 100
_FAR_FROM, _FAR_SPAN = 3.0, 4.0
"""From how many robust standard deviations on a distance is strange, over how many more it becomes certain."""
_LEAST_SPREAD = 0.05
"""Of the median distance: where clients are all equally far away, tiny differences mean nothing."""
_OPPOSED = -0.3
_TWINS = 1e-6
"""Two updates whose squared distance is less than this part of the usual one are the same."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How one client's update stands among the others; None where it may not be told."""

    distance: float | None
    cosine: float | None
    suspicion: float | None
    reasons: list[str]


def judge(rows: Rows) -> list[Standing]:
    """Judge every client; reads the updates twice."""
    apart = squared(products(Anchored(rows, middling(rows))))
    share = _median(apart)
    towards = apart @ share
    distances = np.sqrt(np.maximum(towards - share @ towards / 2.0, 0.0))
    pairs = products(rows)
    lengths = np.sqrt(np.diagonal(pairs))
    center = float(np.sqrt(max(float(share @ pairs @ share), 0.0)))
    scale = lengths * center
    cosines = [float(one / by) if by > 0.0 else None for one, by in zip(pairs @ share, scale, strict=True)]
    far, twins = _far(distances), _twins(apart)
    return [
        _standing(float(distances[place]), cosines[place], float(far[place]), twin=bool(twins[place]))
        for place in range(rows.clients)
    ]


def _standing(distance: float, cosine: float | None, far: float, *, twin: bool) -> Standing:
    signs = {"far": far, "opposed": _opposition(cosine), "identical": 0.8 if twin else 0.0}
    reasons = [name for name, strength in signs.items() if strength >= SUSPECTED]
    return Standing(distance, cosine, max(signs.values()), reasons)


def _opposition(cosine: float | None) -> float:
    return 0.0 if cosine is None or cosine > _OPPOSED else 0.5 - cosine / 2.0


def _far(distances: Floats) -> Floats:
    if len(distances) < _FEWEST:
        return np.zeros(len(distances))
    usual = float(np.median(distances))
    spread = max(1.4826 * float(np.median(np.abs(distances - usual))), _LEAST_SPREAD * usual, np.finfo(float).tiny)
    strange: Floats = np.clip((distances - usual) / spread - _FAR_FROM, 0.0, _FAR_SPAN) / _FAR_SPAN
    return np.where(strange > 0.0, SUSPECTED + strange / 2.0, 0.0)


def _twins(apart: Floats) -> Floats:
    count = len(apart)
    others = apart[~np.eye(count, dtype=bool)]
    usual = float(np.median(others)) if count >= _FEWEST else 0.0
    alike = (apart < _TWINS * usual) & ~np.eye(count, dtype=bool)
    told: Floats = alike.sum(axis=1).astype(np.float64)
    return told


def _median(apart: Floats) -> Floats:
    """Return the coefficients of the geometric median, every client counting the same."""
    share = np.full(len(apart), 1.0 / len(apart))
    for _ in range(_STEPS):
        towards = apart @ share
        away = np.sqrt(np.maximum(towards - share @ towards / 2.0, 0.0))
        least = max(1e-9 * float(away.max(initial=0.0)), np.finfo(float).tiny)
        pull = least / np.maximum(away, least)
        share = pull / pull.sum()
    return share
