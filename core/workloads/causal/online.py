"""Sufficient statistics of a stream of windows: one more window costs milliseconds, and the answer is the batch's.

Kept are the sums and products of lagged and present values, decayed by age: all that least squares needs. So folding in
windows one by one gives the same as all of them at once. A window that the model so far does not foretell (a score test
of its coefficients over all variables, Rao 1948) begins a new regime: what came before is given up.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy import stats

from core.workloads.causal import evidence, forward, steadiness, stream_state
from core.workloads.causal.arrays import Flags, Floats
from core.workloads.causal.order import Span
from core.workloads.causal.stream_state import State

_ENTRY_T = 3.0
_MOST_CHOSEN = 12
_REGIME_LEVEL = 1e-6
_SETTLED_ROWS = 5
"""A regime is judged once it has so many rows for each coefficient of one variable."""
_STILL = 1e-13
"""A column whose variance is less than this share of its mean square does not vary, but for rounding."""
_RECENT = 0.1
"""Weight of the newest window in the share of windows that select an edge."""


@dataclass(frozen=True, slots=True)
class Answer:
    """Every candidate beside its target's model: (variables, lagged columns) each, in the units of the series."""

    effect: Floats
    error: Floats
    standardized: Floats
    p: Floats
    q: Floats
    chosen: Flags
    freedom: Floats
    """(variables,)"""


def treat(state: State, values: Floats) -> Floats:
    """Take out of a window (rows, variables) what the stream says: all else of this module takes it thus treated."""
    return steadiness.treat(state.treatment, values)


def watch(state: State, values: Floats, index: int, *, decay: float) -> State:
    """See what the next window, as it came, tells of seasons and trends; begin anew where something else is to go.

    What was learned beside a season or trend that nobody knew of is given up with it.
    """
    if state.told is not None:
        return state
    if state.last < 0:
        treatment = steadiness.untreated(len(state.names), steadiness.first_look(values))
        state = replace(state, treatment=treatment)
    weight = decay ** max(0, index - state.last)
    signs = steadiness.see(state.signs, state.treatment, values, weight)
    treatment, signs = steadiness.judge(signs, state.treatment)
    if treatment is state.treatment:
        return replace(state, signs=signs)
    return replace(_begin_anew(state, index), regime=state.regime, treatment=treatment, signs=signs)


def lay_out(values: Floats, max_lag: int) -> Floats:
    """Return the window's rows with all their lags: (rows, columns); rows with a missing value are left out."""
    rows = len(values) - max_lag
    joined = np.hstack([values[max_lag - lag : max_lag - lag + rows] for lag in (*range(1, max_lag + 1), 0)])
    return joined[~np.isnan(joined).any(axis=1)]


def fold(state: State, values: Floats, index: int, *, decay: float) -> State:
    """Fold in one window (rows, variables); older ones lose `1 - decay` of their weight for each index since."""
    joined, aged = lay_out(values, state.max_lag), pass_over(state, index, decay=decay)
    return replace(
        aged,
        rows=aged.rows + len(joined),
        sums=aged.sums + joined.sum(axis=0),
        products=aged.products + joined.T @ joined,
        windows=state.windows + 1,
    )


def fold_late(state: State, values: Floats, index: int, *, decay: float) -> State:
    """Fold in a window that others came before, with the weight that it would have by now.

    One from before the regime began teaches nothing any more.
    """
    if index < state.began:
        return state
    joined, weight = lay_out(values, state.max_lag), decay ** (state.last - index)
    return replace(
        state,
        rows=state.rows + weight * len(joined),
        sums=state.sums + weight * joined.sum(axis=0),
        products=state.products + weight * (joined.T @ joined),
        windows=state.windows + 1,
    )


def pass_over(state: State, index: int, *, decay: float) -> State:
    """Go past a window without folding it in; a late one leaves all as it is."""
    weight = decay ** max(0, index - state.last)
    return replace(
        state,
        rows=weight * state.rows,
        sums=weight * state.sums,
        products=weight * state.products,
        last=max(state.last, index),
    )


def await_missing(state: State, missing: Sequence[Span]) -> State:
    """Remember which windows may still come."""
    return replace(state, missing=tuple(missing))


def restart(state: State, index: int) -> State:
    """Give up what was known: with the window `index` a new regime begins."""
    return replace(_begin_anew(state, index), regime=state.regime + 1)


def _begin_anew(state: State, index: int) -> State:
    return replace(
        stream_state.begin(state.names, state.max_lag, state.told),
        last=state.last,
        accepted=state.accepted,
        missing=state.missing,
        treatment=state.treatment,
        signs=state.signs,
        began=index,
    )


def conclude(state: State, answer: Answer) -> State:
    """Remember what was selected."""
    share = 1.0 if state.windows <= 1 else max(_RECENT, 1.0 / state.windows)
    selected = (1.0 - share) * state.selected + share * answer.chosen
    return replace(state, selected=selected, model=np.where(answer.chosen, answer.effect, 0.0))


def conclude_accepted(state: State, accepted: Sequence[tuple[int, int, int]]) -> State:
    """Remember which edges (source, target, lag) are accepted."""
    return replace(state, accepted=tuple(accepted))


def answer(state: State) -> Answer:
    """Regress every variable on everybody's past, from the sums and products alone."""
    variables, lagged = len(state.names), len(state.names) * state.max_lag
    mean = state.sums / state.rows
    centered = state.products - state.rows * np.outer(mean, mean)
    moves = np.diag(centered) > _STILL * np.diag(state.products)
    scale = np.sqrt(np.where(moves, np.diag(centered), 1.0))
    scaled = np.where(np.outer(moves, moves), centered / np.outer(scale, scale), 0.0)
    gram, products = scaled[:lagged, :lagged], scaled[:lagged, lagged:].T
    own = np.arange(variables)[:, None] + variables * np.arange(state.max_lag)
    rest, rows = np.ones(variables), np.full(variables, state.rows)
    penalty = np.full((variables, lagged), _ENTRY_T**2)
    shared = np.broadcast_to(gram, (variables, lagged, lagged))
    chosen = forward.select(shared, products, rest, rows, penalty, forced=own, most=_MOST_CHOSEN)
    beside = forward.conditional_all(gram, products, rest, state.rows, chosen)
    effect, error, freedom = beside.coefficient, beside.error, beside.freedom
    p = np.asarray(2.0 * stats.t.sf(np.abs(beside.t), freedom[:, None]), dtype=np.float64)
    tested = np.arange(lagged) % variables != np.arange(variables)[:, None]
    q = np.ones_like(p)
    q[tested] = evidence.adjusted(p[tested])
    unit = scale[lagged:, None] / scale[:lagged]
    spread = np.where(moves, np.sqrt(np.maximum(np.diag(centered), 0.0) / state.rows), 1.0)
    return Answer(
        effect * unit,
        error * unit,
        effect * unit * spread[:lagged] / spread[lagged:, None],
        p,
        q,
        chosen,
        freedom,
    )


def surprise(state: State, values: Floats) -> float:
    """Return the p value of the new window under the model so far; 1 where too little is known to tell.

    For each variable the products of its residuals with the model's columns are compared with their variance; under the
    model their quadratic form is about chi-squared, with as many degrees of freedom as the model has columns.
    """
    lagged = len(state.names) * state.max_lag
    chosen = state.model != 0.0
    most = int(chosen.sum(axis=1).max(initial=0))
    if state.rows < _SETTLED_ROWS * (most + 1) * 2:
        return 1.0
    joined = lay_out(values, state.max_lag) - state.sums / state.rows
    residual = joined[:, lagged:] - joined[:, :lagged] @ state.model.T
    able = residual.std(axis=0) > 0
    place, there = forward.packed(chosen[able])
    columns = np.where(there[:, None, :], joined[:, place].transpose(1, 0, 2), 0.0)
    # Each row by its own residual (White 1980): where volatility comes in clusters, loud rows go together.
    loud = columns * residual.T[able][:, :, None]
    score = loud.sum(axis=1)
    inverse = np.linalg.pinv(loud.transpose(0, 2, 1) @ loud, hermitian=True)
    # The model's own error adds the share of the window's rows in those it was learned from.
    inflation = 1.0 + len(joined) / state.rows
    statistic = float(np.einsum("vs,vst,vt->", score, inverse, score, optimize=True)) / inflation
    degrees = int(there.sum())
    return float(stats.chi2.sf(statistic, degrees)) if degrees else 1.0


def is_new_regime(p: float) -> bool:
    """Tell whether a window is too surprising to be of the same regime."""
    return p < _REGIME_LEVEL
