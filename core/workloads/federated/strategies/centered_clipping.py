"""Centered clipping: updates are drawn in towards where the last step was (Karimireddy, He and Jaggi 2021).

arXiv:2012.10333, algorithm 2: v <- v + mean((x - v) * min(1, radius / |x - v|)), some times, from the aggregate of the
round before (nothing at the beginning). Made with scalar products alone. Weights count in the mean.
"""

import numpy as np

from core.workloads.federated.mixing import mix
from core.workloads.federated.products import products
from core.workloads.federated.rounds import Aggregate, Round


class CenteredClipping:
    """`radius` 0 stands for the median distance to the center, taken anew for each step."""

    needs: frozenset[str] = frozenset()

    def aggregate(self, given: Round) -> Aggregate:
        """Return the center after its steps; it is what the next round begins from."""
        rows, moments, share = given.rows, given.moments, given.share()
        before = moments.first if moments.first is not None else np.zeros(rows.size, rows.dtype)
        pairs = products(rows, before)
        center = np.zeros(rows.clients + 1)
        center[-1] = 1.0
        for _ in range(int(given.settings["iterations"])):
            towards = pairs @ center
            away = np.sqrt(np.maximum(np.diagonal(pairs) - 2.0 * towards + center @ towards, 0.0))[:-1]
            radius = given.settings["radius"] or float(np.median(away))
            pull = share * np.minimum(1.0, radius / np.maximum(away, np.finfo(float).tiny))
            center *= 1.0 - pull.sum()
            center[:-1] += pull
        change = mix(rows, center[:-1])
        change += (center[-1] * before).astype(rows.dtype, copy=False)
        moments.first, moments.steps = change, moments.steps + 1
        return Aggregate(change, center[:-1])


STRATEGY = CenteredClipping()
