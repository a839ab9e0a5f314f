"""Made windows with a known truth, and how the tests run discovery on them."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import numpy as np
import numpy.typing as npt

from core.jobs.context import JobContext, MemoryRecorder
from core.workloads.causal import discovery, kinds, resample

Floats = npt.NDArray[np.float64]
COEFFICIENTS = np.zeros((2, 4, 4))
COEFFICIENTS[0] = np.diag([0.5, 0.4, 0.3, 0.6])
COEFFICIENTS[0, 1, 0] = 0.4
COEFFICIENTS[1, 2, 1] = -0.35
COEFFICIENTS[0, 3, 2] = 0.3
EDGES = {("a", "b", 1), ("b", "c", 2), ("c", "d", 1)}
NAMES = ["a", "b", "c", "d"]


def simulate(rows: int, seed: int, coefficients: Floats = COEFFICIENTS) -> Floats:
    noise = np.random.default_rng(seed).standard_normal((rows + 100, coefficients.shape[1]))
    values = np.zeros_like(noise)
    for t in range(len(coefficients), len(noise)):
        values[t] = noise[t] + sum(coefficients[k] @ values[t - 1 - k] for k in range(len(coefficients)))
    return values[100:]


def context(recorder: MemoryRecorder | None = None) -> JobContext:
    return JobContext(UUID(int=1), 1, 1, recorder or MemoryRecorder())


def compute_shard(_kind: str, params: Any) -> dict[str, Any]:
    return resample.compute(kinds.RESAMPLE.params().load(params), context())


def edges_of(result: dict[str, Any], verdict: str = "accepted") -> set[tuple[str, str, int]]:
    found = (edge for edge in result["edges"] if edge["verdict"] == verdict)
    return {(edge["source"], edge["target"], edge["lag"]) for edge in found}


def discover(
    values: Any, names: Sequence[str] | None = None, recorder: MemoryRecorder | None = None, **params: Any
) -> dict[str, Any]:
    """Run `causal.discover` on values; keywords are params, `recorder` is where artifacts go."""
    table = np.asarray(values, dtype=float)
    names = names or [f"x{place}" for place in range(table.shape[1])]
    rows = [[None if np.isnan(one) else float(one) for one in row] for row in table]
    given = {"series": {"names": list(names), "values": rows}, "plots": False, "resamples": 200, **params}
    return discovery.compute(kinds.DISCOVER.params().load(given), context(recorder))


def discover_batch(batch: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Run `causal.discover` on many series at once."""
    return discovery.compute(kinds.DISCOVER.params().load({"batch": list(batch), "resamples": 100}), context())
