"""Adaptive server optimizers (Reddi et al. 2021, arXiv:2003.00295, algorithm 2), which differ in the second moment."""

from typing import Protocol

import numpy as np

from core.workloads.federated.arrays import Values
from core.workloads.federated.mixing import mix
from core.workloads.federated.rounds import Aggregate, Round

_COLUMNS = 1 << 16


class SecondMoment(Protocol):
    """How one optimizer goes on from the second moment before."""

    def __call__(self, before: Values, square: Values, decay: float) -> Values:
        """Return the second moment, given the squares of the mean update."""


def adapt(given: Round, advance: SecondMoment) -> Aggregate:
    """Return rate * m / (sqrt(v) + tau), by coordinate; the moments are brought forward in place.

    v begins with tau squared unless `initial` says otherwise. With `bias_correction` the rate is multiplied by
    sqrt(1 - beta2^t) / (1 - beta1^t), t being the steps made (Kingma and Ba 2015, section 2), which the paper leaves
    out.
    """
    shares, moments, settings = given.share(), given.moments, given.settings
    change = mix(given.rows, shares)
    tau, initial = settings["tau"], settings.get("initial", settings["tau"] ** 2)
    first = np.zeros_like(change) if moments.first is None else moments.first
    second = np.full_like(change, initial) if moments.second is None else moments.second
    moments.first, moments.second, moments.steps = first, second, moments.steps + 1
    beta1, beta2 = settings["beta1"], settings["beta2"]
    rate = settings["rate"]
    if settings.get("bias_correction"):
        rate *= np.sqrt(1.0 - beta2**moments.steps) / (1.0 - beta1**moments.steps)
    for start in range(0, len(change), _COLUMNS):
        part = slice(start, start + _COLUMNS)
        mean = change[part]
        first[part] = beta1 * first[part] + (1.0 - beta1) * mean
        second[part] = advance(second[part], mean * mean, beta2)
        change[part] = rate * first[part] / (np.sqrt(second[part]) + tau)
    return Aggregate(change, shares)
