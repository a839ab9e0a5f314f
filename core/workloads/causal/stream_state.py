"""What is known of a stream of windows, and how it is written down."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from core.workloads.causal import steadiness
from core.workloads.causal.arrays import Floats
from core.workloads.causal.order import Span
from core.workloads.causal.steadiness import Signs, Treatment

_PLAIN = ("names", "max_lag", "rows", "windows", "regime", "last", "accepted", "began", "missing", "told")
_OWN = 4
"""Arrays beside those of the signs."""


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
    model: Floats
    """(variables, lagged columns): the effects that the next window is foretold by; 0 of what the model has not."""
    windows: int
    """In the regime."""
    regime: int
    last: int
    """Index of the newest window."""
    accepted: tuple[tuple[int, int, int], ...]
    """Accepted edges: source, target, lag."""
    began: int = 0
    """Index of the regime's first window."""
    missing: tuple[Span, ...] = ()
    """Windows before the newest one that may still come."""
    told: tuple[float, ...] | None = None
    """Periods of seasons, in rows, of which it was told; None: it finds out what to take out of windows."""
    treatment: Treatment = field(default_factory=lambda: steadiness.untreated(0))
    signs: Signs = field(default_factory=lambda: steadiness.no_signs(0))


def begin(names: Sequence[str], max_lag: int, told: Sequence[float] | None = None) -> State:
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
        np.zeros(shape),
        0,
        0,
        -1,
        (),
        told=None if told is None else tuple(told),
        treatment=steadiness.untreated(variables, told or ()),
        signs=steadiness.no_signs(variables),
    )


def size_of(variables: int, max_lag: int) -> int:
    """Return about how many bytes a written state has."""
    columns, shape = variables * (max_lag + 1), variables * variables * max_lag
    return 8 * (columns + columns**2 + 2 * shape + steadiness.size_of(variables))


def dump(state: State) -> bytes:
    """Write a state: a line of JSON, then the arrays."""
    head = {name: getattr(state, name) for name in _PLAIN}
    treatment, signs = state.treatment, state.signs
    head["treatment"] = [treatment.seasons, treatment.degree.tolist(), treatment.differenced.tolist()]
    head["signs"] = [signs.walked, signs.span]
    arrays = (*_arrays(state), signs.foretold, signs.bends, signs.walks)
    return json.dumps(head).encode() + b"\n" + b"".join(array.astype("<f8").tobytes() for array in arrays)


def load(content: bytes) -> State:
    """Read what `dump` wrote; one that was written before treatments were found begins to find them."""
    line, _, body = content.partition(b"\n")
    head = json.loads(line)
    told = head["told"] if "told" in head else head["seasons"] or None
    fresh = begin(head["names"], head["max_lag"], told)
    walked, span = head.get("signs", (0, 0))
    blank = steadiness.no_signs(len(fresh.names), span)
    shapes = [like.shape for like in (*_arrays(fresh), blank.foretold, blank.bends, blank.walks)]
    flat = np.frombuffer(body, dtype="<f8")
    arrays, first = [], 0
    for shape in shapes if "signs" in head else shapes[:_OWN]:
        size = int(np.prod(shape))
        arrays.append(flat[first : first + size].reshape(shape).astype(np.float64))
        first += size
    return replace(
        fresh,
        rows=head["rows"],
        windows=head["windows"],
        regime=head["regime"],
        last=head["last"],
        accepted=tuple(tuple(edge) for edge in head["accepted"]),
        began=head["began"],
        missing=tuple(tuple(span) for span in head["missing"]),
        sums=arrays[0],
        products=arrays[1],
        selected=arrays[2],
        model=arrays[3] if "signs" in head else fresh.model,
        treatment=_treatment(head["treatment"]) if "treatment" in head else fresh.treatment,
        signs=Signs(arrays[_OWN], arrays[_OWN + 1], arrays[_OWN + 2], walked, span) if "signs" in head else blank,
    )


def _arrays(state: State) -> tuple[Floats, ...]:
    return state.sums, state.products, state.selected, state.model


def _treatment(written: Sequence[Any]) -> Treatment:
    seasons, degree, differenced = written
    return Treatment(tuple(seasons), np.array(degree, dtype=np.int64), np.array(differenced, dtype=np.bool_))
