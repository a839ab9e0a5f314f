"""Every strategy beside its paper's arithmetic, written naively in float64."""

from collections.abc import Iterator

import numpy as np
from job_costs.figures import Figure, Target, absolute

from core.workloads.federated.arrays import Stack
from core.workloads.federated.combining import combine, settings_of
from core.workloads.federated.rounds import Moments, Round
from core.workloads.federated.strategy_settings import STRATEGIES
from tests.unit.workloads.federated.naive import NAIVE

CLIENTS, VALUES = 20, 5_000
FAULTY: dict[str, dict[str, float]] = {name: {"faults": 4} for name in ("krum", "multi_krum", "bulyan")}


def naive() -> Iterator[Figure]:
    """Yield the largest difference of the change, relative to its largest value, over all strategies."""
    rng = np.random.default_rng(6)
    updates = rng.standard_normal(VALUES) + 0.5 * rng.standard_normal((CLIENTS, VALUES))
    facts = {
        "weights": rng.integers(1, 50, CLIENTS).astype(float),
        "losses": rng.uniform(0.2, 2.0, CLIENTS),
        "staleness": rng.integers(0, 5, CLIENTS).astype(float),
        "trusted": updates.mean(axis=0),
    }
    worst, which = 0.0, ""
    for name in STRATEGIES:
        settings = settings_of(name, **FAULTY.get(name, {}))
        found = combine(name, Round(Stack(updates), settings=settings, moments=Moments(), **facts)).change
        exact = NAIVE[name](list(updates), {**facts, "settings": settings, "first": None, "second": None})
        difference = float(np.abs(found - exact).max() / np.abs(exact).max())
        worst, which = max((worst, which), (difference, name))
    told = f"{len(STRATEGIES)} strategies beside naive float64, largest difference ({which}), relative"
    yield absolute(told, Target(at_most=1e-6, unit=""), worst)
