"""One private release: updates clipped, summed and noised (McMahan et al. 2018, arXiv:1710.06963, algorithm 1).

Beside the mean the share of clipped updates is released, of which the next clip may follow; both together cost what
the noise multiplier says (Andrew et al. 2021, arXiv:1905.03871, theorem 1).
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from core.workloads.federated.arrays import Floats, Rows, Values
from core.workloads.federated.mixing import mix
from core.workloads.federated.privacy.chance import CHUNK, Chance

_FOR_THE_SHARE = 0.01
"""The part of 1 / multiplier^2 that the noise on the share of clipped updates takes."""
_RATE = 0.2
"""How far the clip follows the quantile in one round (Andrew et al. 2021, section 3)."""


@dataclass(frozen=True, slots=True)
class Release:
    """What may be told."""

    mean: Values
    noise: float
    """Standard deviation on each value of the mean."""
    clipped: float
    clipped_error: float
    next_clip: float


def release(rows: Rows, lengths: Floats, clients: int, terms: Mapping[str, Any], chance: Chance) -> Release:
    """Release the mean of changes, clients by rows, whose L2 lengths are given.

    `clients` were asked, of whom each counts with probability `terms["sampling"]`: the sum is divided by how many are
    expected to count, and who sent nothing good counts as zero. Equal chance, equal bytes.
    """
    clip, noise, sampling = terms["clip"], terms["noise_multiplier"], terms["sampling"]
    expected = clients * sampling
    drawn = chance.uniforms("sampling", rows.clients) < sampling
    factors = np.where(drawn, np.minimum(1.0, clip / np.maximum(lengths, np.finfo(float).tiny)), 0.0)
    mean = mix(rows, factors / expected)
    scale = noise / math.sqrt(1.0 - _FOR_THE_SHARE) * clip / expected
    for chunk, start in enumerate(range(0, rows.size, CHUNK)):
        part = mean[start : start + CHUNK]
        part += (scale * chance.normals("noise", chunk)[: len(part)]).astype(mean.dtype)
    error = noise / (2.0 * math.sqrt(_FOR_THE_SHARE)) / expected
    longer = float(((lengths > clip) - 0.5)[drawn].sum()) / expected + 0.5
    clipped = min(1.0, max(0.0, longer + error * float(chance.normals("clipped", 0)[0])))
    return Release(mean, scale, clipped, error, _adapted(clip, clipped, terms["quantile"]))


def _adapted(clip: float, clipped: float, quantile: float | None) -> float:
    return clip if quantile is None else float(clip * math.exp(-_RATE * ((1.0 - clipped) - quantile)))
