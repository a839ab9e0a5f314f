"""Both sides of a comparison: the same updates, ours in this process, Flower's in its own environment."""

import json
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from core.workloads.federated.arrays import Stack
from core.workloads.federated.combining import combine, settings_of
from core.workloads.federated.rounds import Round

SIDE = Path(__file__).parents[1] / "federated_sides" / "flower.py"
CLIENTS = 50
SETTINGS: dict[str, dict[str, float]] = {
    "fedavg": {},
    "fedmedian": {},
    "trimmed_mean": {"trim": 0.1},
    "krum": {"faults": 8},
    "multi_krum": {"faults": 8, "keep": CLIENTS - 8},
    "bulyan": {"faults": 8},
}


@dataclass(frozen=True, slots=True)
class Beside:
    """One strategy on both sides."""

    ours_s: float
    theirs_s: float
    difference: float
    """Largest difference of a value, relative to the largest value."""


def beside(names: Sequence[str], values: int, folder: Path, python: str) -> dict[str, Beside]:
    """Aggregate the same updates on both sides, one after the other."""
    argv = [python, str(SIDE), str(CLIENTS), str(values), str(folder), *names]
    theirs = json.loads(subprocess.run(argv, capture_output=True, text=True, check=True).stdout.splitlines()[-1])
    rng = np.random.default_rng(1)
    updates = rng.standard_normal((CLIENTS, values), dtype=np.float32)
    weights = rng.integers(1, 50, CLIENTS).astype(np.float64)
    found = {}
    for name in names:
        ours_s, answer = _timed(name, updates, weights)
        expected = np.load(folder / f"{name}.npy")
        difference = float(np.abs(answer - expected).max() / np.abs(expected).max())
        found[name] = Beside(ours_s, theirs[name], difference)
    return found


def _timed(name: str, updates: Any, weights: Any) -> tuple[float, Any]:
    settings = settings_of(name, **SETTINGS[name])
    combine(name, Round(Stack(updates[:, :64]), weights, settings))
    began = time.process_time()
    answer = combine(name, Round(Stack(updates), weights, settings)).change
    return time.process_time() - began, answer
