"""The regressions of a study: on the past, within the row, and on the past beside the row's neighbors."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from core.workloads.causal import features, fitting, knowledge, links
from core.workloads.causal.arrays import Flags, Floats, Ints
from core.workloads.causal.fitting import Fit
from core.workloads.causal.lagging import Columns, Design
from core.workloads.causal.layers import Regressions

_RESIDUE = 0.04


@dataclass(frozen=True, slots=True)
class Known:
    """What is known beforehand, and of whom."""

    names: Sequence[str]
    constraints: Mapping[str, Any]


def on_the_past(design: Design, observed: Floats, known: Known) -> Regressions:
    """Regress each variable on everybody's past; `observed` (rows, variables) is 0 where a value is missing."""
    variables = len(known.names)
    present = design.present - (design.present * observed).sum(axis=0) / observed.sum(axis=0)
    own = own_columns(design.columns, variables)
    allowed = knowledge.allowed_columns(known.constraints, known.names, design.columns)
    required = knowledge.required_columns(known.constraints, known.names, design.columns)
    fits = fitting.fit_all(design.lagged, present, observed, own, allowed, required, design.trajectory)
    everyone = np.arange(variables)[:, None]
    alone = (design.columns.first == everyone) & (design.columns.second == everyone)
    return _discounted(_regressions(design.columns, design.lagged, fits, allowed, allowed & ~alone, required))


def own_columns(columns: Columns, variables: int) -> Ints:
    """Return where each variable's own past is: (variables, lags)."""
    plain = columns.form == features.LINEAR
    return np.array([np.flatnonzero(plain & (columns.first == place)) for place in range(variables)])


def within_the_row(fits: Sequence[Fit], observed: Floats, trajectory: Ints, known: Known) -> Regressions:
    """Regress what the past leaves of each variable on what it leaves of the others."""
    residual = np.column_stack([fit.residual for fit in fits])
    columns = _present_columns(len(fits))
    allowed = knowledge.allowed_columns(known.constraints, known.names, columns)
    allowed = (allowed | allowed.T) & ~np.eye(len(fits), dtype=np.bool_)
    within = {"required": [edge for edge in known.constraints["required"] if edge["lag"] == 0]}
    required = knowledge.required_columns(within, known.names, columns)
    own = np.zeros((len(fits), 0), dtype=np.int64)
    found = fitting.fit_all(residual, residual, observed, own, allowed, required, trajectory)
    part = _regressions(columns, residual, found, allowed, allowed, required)
    smaller = np.where(np.abs(part.t) <= np.abs(part.t.T), part.t, part.t.T)
    return _with_t(part, smaller)


def beside_neighbors(
    past: Regressions, design: Design, observed: Floats, neighbors: Flags, known: Known
) -> Regressions:
    """Regress on the past beside the present values of those that move with the target: (variables, variables) flags.

    Children of one hidden cause tell of it within the row; given them, an edge that only stood for it fades. (PCMCI+,
    Runge 2020, conditions on neighbors of the same time in this way.)
    """
    variables = len(known.names)
    present = design.present - (design.present * observed).sum(axis=0) / observed.sum(axis=0)
    same = _present_columns(variables)
    columns = Columns(
        *(np.concatenate([getattr(past.columns, name), getattr(same, name)]) for name in Columns.__slots__)
    )
    lagged = np.hstack([past.lagged, present * observed])
    allowed, required = np.hstack([past.allowed, neighbors]), np.hstack([past.required, neighbors])
    own = own_columns(past.columns, variables)
    touched = np.flatnonzero(neighbors.any(axis=1))
    fits = fitting.fit_all(lagged, present, observed, own, allowed, required, design.trajectory, touched)
    tested = np.hstack([past.tested, np.zeros_like(neighbors)])
    return _regressions(columns, lagged, fits, allowed, tested, required)


def weaker(past: Regressions, beside: Regressions) -> Regressions:
    """Believe of each candidate the weaker of its two t values."""
    t = past.t.copy()
    for fit in beside.fits:
        other = fit.t[: t.shape[1]]
        t[fit.target] = np.where(np.abs(other) < np.abs(t[fit.target]), other, t[fit.target])
    return _with_t(past, t)


def _present_columns(variables: int) -> Columns:
    everyone, none = np.arange(variables), np.zeros(variables, dtype=np.int64)
    return Columns(everyone, everyone, none, none)


def _regressions(
    columns: Columns, lagged: Floats, fits: list[Fit], allowed: Flags, tested: Flags, required: Flags
) -> Regressions:
    named = [links.of_candidates(columns, fit.candidates) for fit in fits]
    return Regressions(columns, lagged, fits, np.array([fit.t for fit in fits]), allowed, tested, required, named)


def _discounted(part: Regressions) -> Regressions:
    """Discount small t values of targets whose strongest effect is not linear.

    No shape fits exactly, and what a strong effect's shape leaves over is easily explained by other columns: a twenty-
    fifth of its squared t value is held for such a residue.
    """
    strongest = np.abs(part.t).argmax(axis=1)
    bent = part.columns.form[strongest] != features.LINEAR
    residue = np.where(bent, _RESIDUE * (part.t**2).max(axis=1), 0.0)
    return _with_t(part, np.sign(part.t) * np.sqrt(np.maximum(part.t**2 - residue[:, None], 0.0)))


def _with_t(part: Regressions, t: Floats) -> Regressions:
    return Regressions(part.columns, part.lagged, part.fits, t, part.allowed, part.tested, part.required, part.links)
