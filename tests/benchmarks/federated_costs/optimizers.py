"""Server optimizers on both sides over some rounds: the same updates, the same models.

Flower begins second moments with zero and corrects FedAdam's rate for one step more than were made; ours are told to.
"""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from job_costs.figures import Figure, Target, absolute

from core.workloads.federated.arrays import Stack
from core.workloads.federated.combining import combine, settings_of
from core.workloads.federated.rounds import Moments, Round

SIDE = Path(__file__).parents[1] / "federated_sides" / "flower_optimizers.py"
CLIENTS, VALUES, ROUNDS, LOSS = 20, 5_000, 4, 0.7
FROM_ZERO = {"initial": 0.0}
SETTINGS: dict[str, dict[str, float]] = {
    "fedavgm": settings_of("fedavgm"),
    "fedadam": {**settings_of("fedadam", bias_correction=1), **FROM_ZERO},
    "fedyogi": {**settings_of("fedyogi"), **FROM_ZERO},
    "fedadagrad": {**settings_of("fedadagrad"), **FROM_ZERO},
    "qfedavg": settings_of("qfedavg"),
}


def optimizers(python: str, folder: Path) -> Iterator[Figure]:
    """Yield the largest difference of each after all rounds, relative to the largest value."""
    argv = [python, str(SIDE), str(CLIENTS), str(VALUES), str(ROUNDS), str(folder)]
    subprocess.run(argv, capture_output=True, check=True)
    for name, settings in SETTINGS.items():
        expected, ours = np.load(folder / f"{name}.npy"), _ours(name, settings)
        difference = float(np.abs(ours - expected).max() / np.abs(expected).max())
        told = f"{name}: largest difference after {ROUNDS} rounds, relative to the largest value"
        yield absolute(told, Target(at_most=1e-6, unit=""), difference)


def _ours(name: str, settings: dict[str, float]) -> "np.ndarray[tuple[int], np.dtype[np.float64]]":
    rng, weights, moments = np.random.default_rng(2), np.zeros(VALUES), Moments(steps=int(name == "fedadam"))
    for _ in range(ROUNDS):
        drawn = rng.standard_normal((CLIENTS, VALUES))
        counts = rng.integers(1, 50, CLIENTS).astype(np.float64)
        # Weights and back, as members of the other side send them.
        rows = Stack((weights + drawn) - weights)
        given = Round(rows, counts, settings, np.full(CLIENTS, LOSS), moments=moments)
        weights = weights + combine(name, given).change
    return weights
