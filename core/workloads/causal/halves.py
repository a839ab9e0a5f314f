"""Which blocks of rows make up each half-sample: complementary pairs, each from a stream of its own.

Complementary pairs stability selection: Shah and Samworth 2013, "Variable selection with error control: another look at
stability selection", J. R. Stat. Soc. B 75. Blocks instead of rows: Kuensch 1989. Block length: Politis and White 2004,
"Automatic block-length selection for the dependent bootstrap", with the correction of Patton, Politis and White 2009.
"""

import math

import numpy as np

from core.workloads.causal.arrays import Floats, Ints

CHUNK = 50
"""Resamples that are computed together: always the same ones, so that shards change nothing."""
MOST_BLOCKS = 128
"""More blocks than this sharpen nothing that a thousand resamples could show, and cost time."""
FEWEST_BLOCKS = 16


def block_length(scores: Floats) -> int:
    """Choose the length of blocks for rows of these scores (rows, series): the median over the series.

    Scores are products of residual and regressor, whose dependence is what the blocks have to keep. The length is that
    of Politis and White for the circular bootstrap, and such that there are 16 to 128 blocks.
    """
    rows = len(scores)
    wanted = float(np.median([politis_white(series) for series in scores.T])) if scores.size else 1.0
    shortest = math.ceil(rows / MOST_BLOCKS)
    longest = max(1, rows // FEWEST_BLOCKS)
    return max(1, min(max(round(wanted), shortest), longest))


def politis_white(series: Floats) -> float:
    """Return the block length that is optimal for the mean's circular block bootstrap, at least 1."""
    rows = len(series)
    centered = series - series.mean()
    variance = float(centered @ centered) / rows
    if variance <= 0 or rows < 8:  # noqa: PLR2004 - nothing can be said of a handful of rows
        return 1.0
    quiet = max(5, math.ceil(math.sqrt(math.log10(rows))))
    most = min(rows - 1, math.ceil(math.sqrt(rows)) + quiet)
    covariance = np.array([centered[lag:] @ centered[: rows - lag] for lag in range(most + 1)]) / rows
    limit = 2.0 * math.sqrt(math.log10(rows) / rows)
    loud = np.flatnonzero(np.abs(covariance[1:]) / variance > limit) + 1
    last = int(loud[-1]) if len(loud) else 0
    run = next((lag for lag in range(most - quiet + 1) if not np.any((loud > lag) & (loud <= lag + quiet))), last)
    width = min(2 * max(run, 1), most)
    lags = np.arange(-width, width + 1)
    window = np.clip(2.0 * (1.0 - np.abs(lags) / width), 0.0, 1.0)
    around = window * covariance[np.abs(lags)]
    spread = float(np.sum(around * np.abs(lags)))
    spectrum = float(np.sum(around))
    if spectrum <= 0:
        return 1.0
    best = (2.0 * spread**2 / (4.0 / 3.0 * spectrum**2)) ** (1 / 3) * rows ** (1 / 3)
    return float(max(1.0, min(best, math.ceil(min(3.0 * math.sqrt(rows), rows / 3.0)))))


def block_of_rows(trajectory: Ints, length: int) -> Ints:
    """Return each row's block by number; no block spans two trajectories."""
    fresh = np.ones(len(trajectory), dtype=np.bool_)
    fresh[1:] = trajectory[1:] != trajectory[:-1]
    start = np.maximum.accumulate(np.where(fresh, np.arange(len(trajectory)), 0))
    within = (np.arange(len(trajectory)) - start) // length
    fresh[1:] |= within[1:] != within[:-1]
    return np.asarray(np.cumsum(fresh) - 1, dtype=np.int64)


def masks(key: int, chunk: int, blocks: int) -> Floats:
    """Return which blocks each resample of one chunk takes: (CHUNK, blocks) of 0 and 1.

    Resamples 2k and 2k + 1 are each other's complement; one stream for each chunk, keyed by (key, chunk).
    """
    rng = np.random.Generator(np.random.Philox(key=key, counter=[0, 0, 0, chunk]))
    order = rng.random((CHUNK // 2, blocks)).argsort(axis=1)
    first = order < blocks // 2
    return np.stack([first, ~first], axis=1).reshape(CHUNK, blocks).astype(np.float64)
