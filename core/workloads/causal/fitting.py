"""The sparse regression of each variable on everybody's past: on the whole window, own past always included."""

from dataclasses import dataclass

import numpy as np

from core.workloads.causal import forward
from core.workloads.causal.arrays import Flags, Floats, Ints
from core.workloads.causal.forward import Model
from core.workloads.causal.noise import Noise, adapt

MOST_CANDIDATES = 40
"""Columns that a target's resamples choose from; with more, those with the largest t values."""
MOST_CHOSEN = 16
"""Columns that a model takes beside the target's own past."""
ENTRY_T = 3.0
_ROUNDS = 2


@dataclass(frozen=True, slots=True)
class Fit:
    """One target's regression. Candidates are ordered: own past, other columns of the model, the rest."""

    target: int
    candidates: Ints
    """(candidates,): columns of the design."""
    own: int
    chosen: int
    """The first so many candidates are the model."""
    noise: Noise
    rows: float
    """Observed rows."""
    coefficient: Floats
    """(candidates,): each beside the model's others."""
    error: Floats
    """(candidates,): the ordinary standard error."""
    t: Floats
    """(columns,): of every column of the design, candidate or not."""
    residual: Floats
    """(rows,): of the model, in the units of the target."""
    rest: float
    """Sum of squared residuals of the adapted response, weighted."""


def fit_all(
    lagged: Floats,
    present: Floats,
    observed: Floats,
    own: Ints,
    allowed: Flags,
    required: Flags,
    trajectory: Ints,
    only: Ints | None = None,
) -> list[Fit]:
    """Fit every target, or `only` some: `lagged` (rows, columns) centered, `present` and `observed` (rows, variables).

    `own` (variables, lags) are the columns of each target's own past; `allowed` and `required` (variables, columns) are
    what constraints say of a column; `trajectory` (rows,) is the number of each row's trajectory.
    """
    gram = lagged.T @ lagged
    seen = present * observed
    products = (lagged.T @ seen).T
    rest = np.einsum("tv,tv->v", seen, seen)
    penalty = np.where(required, -1.0, np.where(allowed, ENTRY_T**2, forward.NEVER))
    shared = np.broadcast_to(gram, (len(own), *gram.shape))
    taken = forward.select(shared, products, rest, observed.sum(axis=0), penalty, forced=own, most=MOST_CHOSEN)
    fits = []
    for target in range(len(own)) if only is None else only.tolist():
        past = own[target]
        first = forward.solve(gram, products[target], float(rest[target]), _own_first(past, taken[target]))
        rows = float(observed[:, target].sum())
        _, _, t = forward.conditional(gram, products[target], first, rows)
        candidates = _candidates(past, first.chosen, np.where(allowed[target], np.abs(t), -1.0))
        data = _Data(
            np.ascontiguousarray(lagged[:, candidates]),
            present[:, target],
            observed[:, target],
            len(past),
            rows,
            penalty[target, candidates],
            trajectory,
        )
        fits.append(_settle(target, candidates, data, t))
    return fits


@dataclass(frozen=True, slots=True)
class _Data:
    """One target's part of the data."""

    columns: Floats
    present: Floats
    observed: Floats
    own: int
    rows: float
    penalty: Floats
    trajectory: Ints


def _settle(target: int, candidates: Ints, data: _Data, t: Floats) -> Fit:
    """Choose the model and adapt to its noise in turn; `t` is of all columns, and replaced for the candidates."""
    noise = Noise(data.observed, data.present, None, volatile=False)
    gram, products, model = _regress(data, noise)
    for _ in range(_ROUNDS):
        fitted = data.columns[:, model.chosen] @ model.coefficient
        adapted = adapt(fitted, data.present - fitted, data.observed, data.trajectory)
        if adapted.plain and noise.plain:
            break
        noise = adapted
        gram, products, model = _regress(data, noise)
    residual = (data.present - data.columns[:, model.chosen] @ model.coefficient) * data.observed
    order = np.concatenate([model.chosen, np.setdiff1d(np.arange(len(candidates)), model.chosen)])
    coefficient, error, inner = forward.conditional(gram, products, model, data.rows)
    t = t.copy()
    t[candidates] = inner
    return Fit(
        target,
        candidates[order],
        data.own,
        len(model.chosen),
        noise,
        data.rows,
        coefficient[order],
        error[order],
        t,
        residual,
        model.rest,
    )


def _regress(data: _Data, noise: Noise) -> tuple[Floats, Floats, Model]:
    """Choose columns forward and drop backward, with rows weighted and the response adapted to the noise."""
    weighted = data.columns * noise.weight[:, None]
    gram, products = weighted.T @ data.columns, weighted.T @ noise.response
    rest = float(noise.weight @ noise.response**2)
    taken = forward.select(
        gram[None],
        products[None],
        np.array([rest]),
        np.array([data.rows]),
        data.penalty[None],
        forced=np.arange(data.own)[None],
        most=MOST_CHOSEN,
    )[0]
    chosen = np.concatenate([np.arange(data.own), np.flatnonzero(taken[data.own :]) + data.own])
    return gram, products, forward.prune(gram, products, rest, data.rows, chosen, kept=data.own, penalty=data.penalty)


def _own_first(own: Ints, taken: Flags) -> Ints:
    others = taken.copy()
    others[own] = False
    return np.concatenate([own, np.flatnonzero(others)])


def _candidates(own: Ints, chosen: Ints, size: Floats) -> Ints:
    """Return the columns to choose from: own past, the model's, and of the rest those with the largest t values."""
    others = chosen[len(own) :]
    rest = np.setdiff1d(np.flatnonzero(size >= 0), chosen)
    room = max(MOST_CANDIDATES - len(chosen), 0)
    best = rest[np.argsort(-size[rest], kind="stable")[:room]]
    return np.concatenate([own, np.sort(np.concatenate([others, best]))])
