"""Strategies under attack: points of accuracy that each loses, alike clients and clients that differ."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import numpy as np
from job_costs.figures import Figure

from core.jobs.context import JobContext, MemoryRecorder
from core.workloads.federated import simulating
from core.workloads.federated.simulate_params import ATTACKS, SimulateParams

CLIENTS, ATTACKERS = 30, 6
POINTS = 2.0
SEEDS = (1, 2)
SPLITS: dict[str, float | None] = {"alike": None, "unlike (alpha 0.5)": 0.5}
STRATEGIES: list[dict[str, Any]] = [
    {"strategy": "fedavg"},
    {"strategy": "fedmedian"},
    {"strategy": "trimmed_mean", "settings": {"trim": ATTACKERS / CLIENTS}},
    {"strategy": "krum", "settings": {"faults": ATTACKERS}},
    {"strategy": "multi_krum", "settings": {"faults": ATTACKERS}},
    {"strategy": "bulyan", "settings": {"faults": ATTACKERS}},
    {"strategy": "geometric_median"},
    {"strategy": "centered_clipping"},
    {"strategy": "fltrust"},
]
BOUND = {one["strategy"] for one in STRATEGIES} - {"fedavg"}
"""Whose theory bears a fifth of attackers, as long as honest clients are drawn alike."""
GIVEN: dict[str, Any] = {
    "task": {"samples": 3000, "inputs": 20, "classes": 5},
    "learner": {"learner": "logistic", "classes": 5},
    "local": {"epochs": 2, "batch": 20, "rate": 0.1},
    "clients": CLIENTS,
    "attackers": ATTACKERS,
    "momentum": 0.9,
    "rounds": 15,
    "strategies": STRATEGIES,
}


def contests() -> Iterator[Figure]:
    """Yield a figure for each split and attack; of clients that differ, no theory says that they hold."""
    for split, alpha in SPLITS.items():
        for attack in ATTACKS:
            lost = _lost(attack, alpha)
            told = ", ".join(f"{name} {points:.1f}" for name, points in lost.items())
            kept = max(points for name, points in lost.items() if name in BOUND) <= POINTS
            target = f"<= {POINTS:g}, but fedavg" if alpha is None else "-"
            yield Figure(f"{attack}, {split}: points lost", target, told, met=kept if alpha is None else None)


def _lost(attack: str, alpha: float | None) -> dict[str, float]:
    """Return the mean over the seeds of what each strategy loses to the mean of honest clients alone."""
    courses = [_simulated(attack, alpha, seed) for seed in SEEDS]
    return {
        each["strategy"]: float(np.mean([course[place]["lost_points"] for course in courses]))
        for place, each in enumerate(STRATEGIES)
    }


def _simulated(attack: str, alpha: float | None, seed: int) -> list[dict[str, Any]]:
    params = SimulateParams().load({**GIVEN, "attack": attack, "alpha": alpha, "seed": seed})
    told: list[dict[str, Any]] = simulating.compute(params, JobContext(UUID(int=1), 1, 1, MemoryRecorder()))[
        "strategies"
    ]
    return told
