"""Sufficient statistics of a stream of windows: one more window costs milliseconds, and the answer is the batch's.

Kept are the sums and products of lagged and present values, decayed by age: all that least squares needs. So folding in
windows one by one gives the same as all of them at once. A window that the model so far does not foretell (a score test
of its coefficients over all variables, Rao 1948) begins a new regime: what came before is given up.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy import stats

from core.workloads.causal import evidence, forward
from core.workloads.causal.arrays import Flags, Floats

_ENTRY_T = 3.0
_MOST_CHOSEN = 12
_REGIME_LEVEL = 1e-6
_SETTLED_ROWS = 5
"""A regime is judged once it has so many rows for each coefficient of one variable."""
_RECENT = 0.1
"""Weight of the newest window in the share of windows that select an edge."""


@dataclass(frozen=True, slots=True)
class State:
    """What is known of a stream. Columns: lag 1 of all variables, lag 2, …, and the present values."""

    names: tuple[str, ...]
    max_lag: int
    rows: float
    """Rows in the regime, decayed."""
    sums: Floats
    """(columns,)"""
    products: Floats
    """(columns, columns)"""
    selected: Floats
    """(variables, lagged columns): decayed share of windows after which an edge was selected."""
    chosen: Flags
    """(variables, lagged columns): the model that the next window is foretold by."""
    windows: int
    """In the regime."""
    regime: int
    last: int
    """Index of the newest window."""
    accepted: tuple[tuple[int, int, int], ...]
    """Accepted edges: source, target, lag."""


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


def begin(names: Sequence[str], max_lag: int) -> State:
    """Begin without any window."""
    variables, columns = len(names), len(names) * (max_lag + 1)
    shape = (variables, variables * max_lag)
    return State(
        tuple(names),
        max_lag,
        0.0,
        np.zeros(columns),
        np.zeros((columns, columns)),
        np.zeros(shape),
        np.zeros(shape, dtype=np.bool_),
        0,
        0,
        -1,
        (),
    )


def lay_out(values: Floats, max_lag: int) -> Floats:
    """Return the window's rows with all their lags: (rows, columns); rows with a missing value are left out."""
    rows = len(values) - max_lag
    joined = np.hstack([values[max_lag - lag : max_lag - lag + rows] for lag in (*range(1, max_lag + 1), 0)])
    return joined[~np.isnan(joined).any(axis=1)]


def fold(state: State, values: Floats, index: int, *, decay: float) -> State:
    """Fold in one window (rows, variables); older ones lose `1 - decay` of their weight."""
    joined = lay_out(values, state.max_lag)
    return replace(
        state,
        rows=decay * state.rows + len(joined),
        sums=decay * state.sums + joined.sum(axis=0),
        products=decay * state.products + joined.T @ joined,
        windows=state.windows + 1,
        last=index,
    )


def restart(state: State) -> State:
    """Give up what was known: a new regime."""
    fresh = begin(state.names, state.max_lag)
    return replace(fresh, regime=state.regime + 1, last=state.last, accepted=state.accepted)


def conclude(state: State, answer: Answer) -> State:
    """Remember what was selected."""
    share = 1.0 if state.windows <= 1 else max(_RECENT, 1.0 / state.windows)
    selected = (1.0 - share) * state.selected + share * answer.chosen
    return replace(state, selected=selected, chosen=answer.chosen)


def conclude_accepted(state: State, accepted: Sequence[tuple[int, int, int]]) -> State:
    """Remember which edges (source, target, lag) are accepted."""
    return replace(state, accepted=tuple(accepted))


def answer(state: State) -> Answer:
    """Regress every variable on everybody's past, from the sums and products alone."""
    variables, lagged = len(state.names), len(state.names) * state.max_lag
    mean = state.sums / state.rows
    centered = state.products - state.rows * np.outer(mean, mean)
    scale = np.sqrt(np.maximum(np.diag(centered), 1e-300))
    scaled = centered / np.outer(scale, scale)
    gram, products = scaled[:lagged, :lagged], scaled[:lagged, lagged:].T
    own = np.arange(variables)[:, None] + variables * np.arange(state.max_lag)
    rest, rows = np.ones(variables), np.full(variables, state.rows)
    penalty = np.full((variables, lagged), _ENTRY_T**2)
    shared = np.broadcast_to(gram, (variables, lagged, lagged))
    chosen = forward.select(shared, products, rest, rows, penalty, forced=own, most=_MOST_CHOSEN)
    effect, error, t, freedom = (np.zeros((variables, lagged)) for _ in range(4))
    for target in range(variables):
        model = forward.solve(gram, products[target], 1.0, np.flatnonzero(chosen[target]))
        effect[target], error[target], t[target] = forward.conditional(gram, products[target], model, state.rows)
        freedom[target] = max(state.rows - len(model.chosen) - 2.0, 1.0)
    p = np.asarray(2.0 * stats.t.sf(np.abs(t), freedom), dtype=np.float64)
    tested = np.arange(lagged) % variables != np.arange(variables)[:, None]
    q = np.ones_like(p)
    q[tested] = evidence.adjusted(p[tested])
    unit = scale[lagged:, None] / scale[:lagged]
    spread = np.sqrt(np.diag(centered) / state.rows)
    return Answer(
        effect * unit,
        error * unit,
        effect * unit * spread[:lagged] / spread[lagged:, None],
        p,
        q,
        chosen,
        freedom[:, 0],
    )


def surprise(state: State, known: Answer, values: Floats) -> float:
    """Return the p value of the new window under the model so far; 1 where too little is known to tell.

    For each variable the products of its residuals with the model's columns are compared with their variance; under the
    model their quadratic form is about chi-squared, with as many degrees of freedom as the model has columns.
    """
    variables, lagged = len(state.names), len(state.names) * state.max_lag
    most = int(state.chosen.sum(axis=1).max(initial=0))
    if state.rows < _SETTLED_ROWS * (most + 1) * 2:
        return 1.0
    joined = lay_out(values, state.max_lag) - state.sums / state.rows
    coefficient = np.where(state.chosen, known.effect, 0.0)
    residual = joined[:, lagged:] - joined[:, :lagged] @ coefficient.T
    within = residual.std(axis=0)
    statistic, degrees = 0.0, 0
    for target in range(variables):
        columns = joined[:, :lagged][:, state.chosen[target]]
        if not columns.shape[1] or within[target] <= 0:
            continue
        score = columns.T @ residual[:, target]
        inverse = np.linalg.pinv(columns.T @ columns, hermitian=True)
        # The model's own error adds the share of the window's rows in those it was learned from.
        inflation = 1.0 + len(joined) / state.rows
        statistic += float(score @ inverse @ score) / (within[target] ** 2 * inflation)
        degrees += columns.shape[1]
    return float(stats.chi2.sf(statistic, degrees)) if degrees else 1.0


def is_new_regime(p: float) -> bool:
    """Tell whether a window is too surprising to be of the same regime."""
    return p < _REGIME_LEVEL


def dump(state: State) -> bytes:
    """Write a state: a line of JSON, then the arrays."""
    head = {
        "names": state.names,
        "max_lag": state.max_lag,
        "rows": state.rows,
        "windows": state.windows,
        "regime": state.regime,
        "last": state.last,
        "accepted": state.accepted,
    }
    arrays = (state.sums, state.products, state.selected, state.chosen.astype(np.float64))
    return json.dumps(head).encode() + b"\n" + b"".join(array.astype("<f8").tobytes() for array in arrays)


def load(content: bytes) -> State:
    """Read what `dump` wrote."""
    line, _, body = content.partition(b"\n")
    head = json.loads(line)
    fresh = begin(head["names"], head["max_lag"])
    flat = np.frombuffer(body, dtype="<f8")
    arrays, first = [], 0
    for like in (fresh.sums, fresh.products, fresh.selected, fresh.chosen):
        arrays.append(flat[first : first + like.size].reshape(like.shape).astype(np.float64))
        first += like.size
    return replace(
        fresh,
        rows=head["rows"],
        windows=head["windows"],
        regime=head["regime"],
        last=head["last"],
        accepted=tuple(tuple(edge) for edge in head["accepted"]),
        sums=arrays[0],
        products=arrays[1],
        selected=arrays[2],
        chosen=arrays[3] > 0,
    )
