"""The thousand resamples: which columns each half-sample selects, and how its coefficients scatter.

All half-samples' Gram matrices are one product: (resamples, blocks) masks times (blocks, products) block sums. Then all
regressions advance together. What is kept of each resample are whole numbers (counts, coefficients in fixed point), so
that sums do not depend on who adds them in which order: any shards give the same bytes.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from core.workloads.causal import forward, halves
from core.workloads.causal.arrays import Floats, Ints
from core.workloads.causal.fitting import MOST_CHOSEN, Fit
from core.workloads.causal.forward import Elimination
from core.workloads.causal.layers import Regressions
from core.workloads.causal.links import Links

FIXED_POINT = float(1 << 16)
_LARGEST = 64.0
BINS = 48
REACH = 4.0
"""Histograms span so many standard errors to either side."""
_GROUP_FLOATS = 1 << 21


@dataclass(frozen=True, slots=True)
class Tally:
    """What so many resamples add up to, for every target and candidate: whole numbers throughout."""

    resamples: int
    selected: Ints
    """(targets, edges): how often some candidate that stands for the edge was selected."""
    sums: Ints
    """(targets, candidates): deviations from the whole window's coefficient, in fixed-point standard errors."""
    squares: Ints
    """(targets, candidates): their squares."""
    bins: Ints
    """(targets, model columns, BINS): the deviations' histogram, for the columns of the model."""

    def plus(self, other: "Tally") -> "Tally":
        """Add two tallies of the same fits."""
        return Tally(
            self.resamples + other.resamples,
            self.selected + other.selected,
            self.sums + other.sums,
            self.squares + other.squares,
            self.bins + other.bins,
        )


def chunks(resamples: int) -> int:
    """Return how many chunks of work there are."""
    return -(-resamples // halves.CHUNK)


def group_targets(fits: Sequence[Fit], block: Ints) -> list[slice]:
    """Group targets so that what one group's resamples take stays small; the same groups wherever this is asked."""
    width = max(len(fit.candidates) for fit in fits) + 1
    each = max(1, _GROUP_FLOATS // (max(int(block[-1]) + 1, halves.CHUNK) * width * width))
    return [slice(first, min(first + each, len(fits))) for first in range(0, len(fits), each)]


def sum_blocks(fits: Sequence[Fit], group: slice, lagged: Floats, block: Ints) -> Floats:
    """Sum the weighted products of one group's candidates and responses over blocks of rows.

    Returns (blocks, targets, columns + 1, columns + 1), the responses last, padded with columns of zeros.
    """
    width = max(len(fit.candidates) for fit in fits) + 1
    blocks = int(block[-1]) + 1
    starts = np.searchsorted(block, np.arange(blocks))
    sums = np.zeros((blocks, group.stop - group.start, width, width))
    for place, fit in enumerate(fits[group]):
        sums[:, place] = _products(fit, lagged, starts, width)
    return sums


def _products(fit: Fit, lagged: Floats, starts: Ints, width: int) -> Floats:
    """Return one target's products by block: (blocks, width, width)."""
    rows, count = len(lagged), len(fit.candidates)
    root = np.sqrt(fit.noise.weight)[:, None]
    joined = np.zeros((rows, width))
    joined[:, :count] = lagged[:, fit.candidates] * root
    joined[:, -1] = fit.noise.response * root[:, 0]
    ends = np.append(starts[1:], rows)
    longest = int((ends - starts).max())
    place = starts[:, None] + np.arange(longest)
    inside = place < ends[:, None]
    stacked = np.where(inside[:, :, None], joined[np.minimum(place, rows - 1)], 0.0)
    sums: Floats = np.matmul(stacked.transpose(0, 2, 1), stacked)
    return sums


def run(
    part: Regressions,
    penalty: Floats,
    block: Ints,
    *,
    key: int,
    resamples: int,
    which: Sequence[int],
    pulse: Callable[[float], None],
) -> Tally:
    """Compute the resamples of these chunks.

    `penalty` is (targets, candidates), `block` (rows,); `pulse` is called between steps with the share that is done.
    """
    tally, groups = empty(part.fits, part.links), group_targets(part.fits, block)
    for number, group in enumerate(groups):
        sums = sum_blocks(part.fits, group, part.lagged, block)
        for step, chunk in enumerate(which):
            pulse((number + step / len(which)) / len(groups))
            masks = halves.masks(key, chunk, len(sums))
            size = min(halves.CHUNK, resamples - chunk * halves.CHUNK)
            _add(tally, part, group, _grams(masks, sums), masks, penalty[group], size)
    done = sum(min(halves.CHUNK, resamples - chunk * halves.CHUNK) for chunk in which)
    return Tally(done, tally.selected, tally.sums, tally.squares, tally.bins)


def empty(fits: Sequence[Fit], links: Sequence[Links]) -> Tally:
    """Return the tally of no resamples."""
    width, edges = max(len(fit.candidates) for fit in fits), max(len(one.source) for one in links)
    selected = np.zeros((len(fits), edges), dtype=np.int64)
    sums, squares = (np.zeros((len(fits), width), dtype=np.int64) for _ in range(2))
    model = max(fit.chosen for fit in fits)
    return Tally(0, selected, sums, squares, np.zeros((len(fits), model, BINS), dtype=np.int64))


def coefficients(fits: Sequence[Fit], sums: Floats, masks: Floats) -> Floats:
    """Return each half-sample's coefficients of one group of targets: (masks, targets, candidates)."""
    return _coefficients(fits, _beside_own(_grams(masks, sums), fits[0].own))


def _beside_own(grams: Floats, own: int) -> Elimination:
    """Begin each half-sample's regression, from Gram matrices with the response last, with the target's own past."""
    elimination = forward.begin(grams[:, :-1, :-1], grams[:, :-1, -1], grams[:, -1, -1])
    for column in range(own):
        elimination.take(np.full(len(grams), column), np.arange(len(grams)))
    return elimination


def _grams(masks: Floats, sums: Floats) -> Floats:
    """Add up each half-sample's blocks; every second mask is the complement of the one before it."""
    blocks, targets, width, _ = sums.shape
    flat = sums.reshape(blocks, -1)
    found = np.vstack([masks[::2], np.ones(blocks)]) @ flat
    both = np.empty((len(masks) // 2, 2, flat.shape[1]))
    both[:, 0] = found[:-1]
    np.subtract(found[-1], found[:-1], out=both[:, 1])
    return both.reshape(len(masks) * targets, width, width)


def _add(
    tally: Tally, part: Regressions, group: slice, grams: Floats, masks: Floats, penalty: Floats, size: int
) -> None:
    """Add one chunk's resamples of one group of targets."""
    fits = part.fits[group]
    targets, width = penalty.shape
    own = fits[0].own
    rows = np.repeat(masks.sum(axis=1) / masks.shape[1], targets) * np.tile([fit.rows for fit in fits], len(masks))
    elimination = _beside_own(grams, own)
    forced = np.broadcast_to(np.arange(own), (len(grams), own))
    many = np.tile(penalty, (len(masks), 1))
    taken = forward.select_beside(elimination.copied(), rows, many, forced=forced, most=MOST_CHOSEN)
    chosen = taken.reshape(-1, targets, width)[:size].astype(np.float64)
    for target, one in enumerate(part.links[group]):
        hits = chosen[:, target, : len(one.members)] @ one.members
        tally.selected[group.start + target, : len(one.source)] += (hits > 0).sum(axis=0)
    deviation = _deviations(fits, elimination).reshape(-1, targets, width)[:size]
    tally.sums[group] += deviation.sum(axis=0)
    tally.squares[group] += (deviation**2).sum(axis=0)
    tally.bins[group] += _histogram(deviation[:, :, : tally.bins.shape[1]])


def _histogram(deviation: Ints) -> Ints:
    """Count deviations (resamples, targets, columns) in bins: (targets, columns, BINS)."""
    _, targets, columns = deviation.shape
    place = np.floor((deviation / FIXED_POINT + REACH) * (BINS / (2.0 * REACH)))
    place = np.clip(place, 0, BINS - 1).astype(np.int64)
    flat = place + BINS * np.arange(targets * columns).reshape(targets, columns)
    return np.bincount(flat.ravel(), minlength=targets * columns * BINS).reshape(targets, columns, BINS)


def _deviations(fits: Sequence[Fit], elimination: Elimination) -> Ints:
    """Return how far each half-sample's coefficients are from the whole window's, in fixed-point standard errors."""
    coefficient = _coefficients(fits, elimination)
    whole, error = np.zeros(coefficient.shape[1:]), np.full(coefficient.shape[1:], np.inf)
    for place, fit in enumerate(fits):
        whole[place, : len(fit.candidates)] = fit.coefficient
        error[place, : len(fit.candidates)] = fit.error
    scaled = np.clip((coefficient - whole) / error, -_LARGEST, _LARGEST)
    fixed: Ints = np.rint(scaled * FIXED_POINT).astype(np.int64)
    return fixed


def _coefficients(fits: Sequence[Fit], elimination: Elimination) -> Floats:
    """Regress every half-sample on its target's model: each candidate beside the model's others.

    The elimination has taken the targets' own past, and goes on to the whole model.
    """
    targets, problems, width = len(fits), *elimination.products.shape
    sizes = np.tile([fit.chosen for fit in fits], problems // targets)
    model = int(sizes.max())
    for column in range(len(elimination.rows), model):
        among = np.flatnonzero(sizes > column)
        elimination.take(np.full(len(among), column), among)
    usable = elimination.left > elimination.floor
    found = np.where(usable, elimination.products / np.where(usable, elimination.left, 1.0), 0.0)
    inside = np.zeros((problems, model))
    for column in reversed(range(model)):
        row = elimination.rows[column]
        own = row[:, column]
        known = elimination.responses[column] - np.einsum(
            "bc,bc->b", row[:, column + 1 : model], inside[:, column + 1 :]
        )
        inside[:, column] = np.where(own > 0, known / np.where(own > 0, own, 1.0), 0.0)
    within = np.arange(model) < sizes[:, None]
    found[:, :model] = np.where(within, inside, found[:, :model])
    return found.reshape(-1, targets, width)
