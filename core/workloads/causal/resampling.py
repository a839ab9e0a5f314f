"""The thousand resamples: which columns each half-sample selects, and how its coefficients scatter.

All half-samples' Gram matrices are one product: (resamples, blocks) masks times (blocks, products) block sums. Then all
regressions advance together. What is kept of each resample are whole numbers (counts, coefficients in fixed point), so
that sums do not depend on who adds them in which order: any shards give the same bytes.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from core.workloads.causal import forward, halves
from core.workloads.causal.arrays import Floats, Ints
from core.workloads.causal.fitting import MOST_CHOSEN, Fit
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


@dataclass(frozen=True, slots=True)
class BlockSums:
    """The products of one group of targets' columns, summed over each block of rows."""

    first: int
    sums: Floats
    """(blocks, targets, columns + 1, columns + 1), the response last; padded with unit columns that explain nothing."""


def chunks(resamples: int) -> int:
    """Return how many chunks of work there are."""
    return -(-resamples // halves.CHUNK)


def sum_blocks(fits: Sequence[Fit], lagged: Floats, block: Ints) -> list[BlockSums]:
    """Sum the weighted products of every target's candidates and response over blocks of rows, in groups."""
    width = max(len(fit.candidates) for fit in fits) + 1
    blocks = int(block[-1]) + 1
    starts = np.searchsorted(block, np.arange(blocks))
    each = max(1, _GROUP_FLOATS // (max(blocks, halves.CHUNK) * width * width))
    groups = []
    for first in range(0, len(fits), each):
        part = fits[first : first + each]
        sums = np.zeros((blocks, len(part), width, width))
        for place, fit in enumerate(part):
            sums[:, place] = _products(fit, lagged, starts, width)
        groups.append(BlockSums(first, sums))
    return groups


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
    fits: Sequence[Fit],
    links: Sequence[Links],
    groups: Sequence[BlockSums],
    penalty: Floats,
    *,
    key: int,
    resamples: int,
    which: Iterable[int],
    pulse: Callable[[], None],
) -> Tally:
    """Compute the resamples of these chunks; `penalty` is (targets, candidates), `pulse` is called between steps."""
    tally = empty(fits, links)
    for chunk in which:
        size = min(halves.CHUNK, resamples - chunk * halves.CHUNK)
        for group in groups:
            pulse()
            part = slice(group.first, group.first + group.sums.shape[1])
            masks = halves.masks(key, chunk, len(group.sums))
            _add(tally, fits[part], links[part], part, _grams(masks, group), masks, penalty[part], size)
        tally = Tally(tally.resamples + size, tally.selected, tally.sums, tally.squares, tally.bins)
    return tally


def empty(fits: Sequence[Fit], links: Sequence[Links]) -> Tally:
    """Return the tally of no resamples."""
    width, edges = max(len(fit.candidates) for fit in fits), max(len(one.source) for one in links)
    selected = np.zeros((len(fits), edges), dtype=np.int64)
    sums, squares = (np.zeros((len(fits), width), dtype=np.int64) for _ in range(2))
    model = max(fit.chosen for fit in fits)
    return Tally(0, selected, sums, squares, np.zeros((len(fits), model, BINS), dtype=np.int64))


def _grams(masks: Floats, group: BlockSums) -> Floats:
    blocks, targets, width, _ = group.sums.shape
    whole = masks @ group.sums.reshape(blocks, -1)
    return whole.reshape(len(masks) * targets, width, width)


def _add(
    tally: Tally,
    fits: Sequence[Fit],
    links: Sequence[Links],
    part: slice,
    grams: Floats,
    masks: Floats,
    penalty: Floats,
    size: int,
) -> None:
    """Add one chunk's resamples of one group of targets."""
    targets, width = penalty.shape
    own = fits[0].own
    rows = np.repeat(masks.sum(axis=1) / masks.shape[1], targets) * np.tile([fit.rows for fit in fits], len(masks))
    inner, products, rest = grams[:, :-1, :-1], grams[:, :-1, -1], grams[:, -1, -1]
    forced = np.broadcast_to(np.arange(own), (len(grams), own))
    many = np.tile(penalty, (len(masks), 1))
    taken = forward.select(inner, products, rest, rows, many, forced=forced, most=MOST_CHOSEN)
    chosen = taken.reshape(-1, targets, width)[:size].astype(np.float64)
    for target, one in enumerate(links):
        hits = chosen[:, target, : len(one.members)] @ one.members
        tally.selected[part.start + target, : len(one.source)] += (hits > 0).sum(axis=0)
    deviation = _deviations(fits, inner, products, rest).reshape(-1, targets, width)[:size]
    tally.sums[part] += deviation.sum(axis=0)
    tally.squares[part] += (deviation**2).sum(axis=0)
    model = tally.bins.shape[1]
    place = np.floor((deviation[:, :, :model] / FIXED_POINT + REACH) * (BINS / (2.0 * REACH)))
    place = np.clip(place, 0, BINS - 1).astype(np.int64)
    flat = place + BINS * np.arange(targets * model).reshape(targets, model)
    counted = np.bincount(flat.ravel(), minlength=targets * model * BINS)
    tally.bins[part] += counted.reshape(targets, model, BINS)


def _deviations(fits: Sequence[Fit], grams: Floats, products: Floats, rest: Floats) -> Ints:
    """Return how far each half-sample's coefficients are from the whole window's, in fixed-point standard errors."""
    coefficient = _coefficients(fits, grams, products, rest)
    whole, error = np.zeros(coefficient.shape[1:]), np.full(coefficient.shape[1:], np.inf)
    for place, fit in enumerate(fits):
        whole[place, : len(fit.candidates)] = fit.coefficient
        error[place, : len(fit.candidates)] = fit.error
    scaled = np.clip((coefficient - whole) / error, -_LARGEST, _LARGEST)
    fixed: Ints = np.rint(scaled * FIXED_POINT).astype(np.int64)
    return fixed


def _coefficients(fits: Sequence[Fit], grams: Floats, products: Floats, rest: Floats) -> Floats:
    """Regress every half-sample on its target's model: each candidate beside the model's others."""
    targets, width = len(fits), grams.shape[1]
    problems = len(grams)
    sizes = np.tile([fit.chosen for fit in fits], problems // targets)
    elimination = forward.begin(grams, products, rest)
    model = int(sizes.max())
    for column in range(model):
        elimination.take(np.full(problems, column), sizes > column)
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
