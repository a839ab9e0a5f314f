"""Secure sums: exact though three in ten are gone, nothing below the threshold, a view that tells nothing."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import numpy as np
from job_costs.figures import Figure, Target, absolute

from core.jobs.context import JobContext, MemoryRecorder
from core.workloads.federated.secure import field, server, summing
from core.workloads.federated.secure.companies import Here
from core.workloads.federated.secure.party import Party
from core.workloads.federated.secure_params import SecureSumParams

PARTIES, KEYS, VALUES = 20, 10, 400
CHI_SQUARE = 29.9
"""Of seven degrees of freedom, exceeded by one in ten thousand."""


def secure() -> Iterator[Figure]:
    """Yield exactness, refusal below the threshold, and uniformity of what the server sees."""
    result = _run(parties=PARTIES, values=10_000, drop_out=0.3)
    told = f"values of the sum of {PARTIES} parties, 30 % gone, that are not exact"
    yield absolute(told, Target(at_most=0, unit=""), 0.0 if result["exact"] else 1.0)
    kept = 0
    for lost in range(8, 12):
        try:
            _run(parties=PARTIES, values=10, drop_out=lost / PARTIES, threshold=13)
        except server.SecureSumAborted:
            kept += 1
    yield absolute("sums told below the threshold, of 4", Target(at_most=0, unit=""), 4.0 - kept)
    yield absolute(
        "chi-square of the view, 8 bins, two inputs of one sum", Target(at_most=CHI_SQUARE, unit=""), _view()
    )


def _run(**params: Any) -> dict[str, Any]:
    given = SecureSumParams().load(params)
    return summing.compute(given, JobContext(UUID(int=1), 1, 7, MemoryRecorder()))


def _view() -> float:
    """Return the largest distance from uniform of any party's masked vector, over many keys."""
    worst = 0.0
    for rows in ((0, 5, 7), (1 << 60, 12 - (1 << 60), 0)):
        encoded = {place: np.full(VALUES, row % field.PRIME, np.uint64) for place, row in enumerate(rows, 1)}
        octants = np.zeros((3, 8))
        for salt in range(KEYS):
            view = server.View()
            server.run(Here([Party(one, bytes([salt, one])) for one in encoded], encoded), 2, set(), set(), view)
            for place, masked in view.masked.items():
                octants[place - 1] += np.bincount((masked >> np.uint64(58)).astype(int), minlength=8)
        usual = VALUES * KEYS / 8
        worst = max(worst, float(((octants - usual) ** 2 / usual).sum(axis=1).max()))
    return worst
