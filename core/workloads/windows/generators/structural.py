"""A structural causal model in time: x_j(t) = sum of effect * form(x_i(t - lag)) over its causes, plus noise.

Every window is a stretch of its own, begun from rest and run for `BURN_IN` rows that nobody sees: time is broken
between windows, which is what makes each independent of the others and of who made it. A linear model is one
triangular banded system (forward substitution, LAPACK's dtbtrs); others step through time, for many windows at once.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import lapack

from core.workloads.windows import noise
from core.workloads.windows.generators.base import Chart, Columns, Draw, Truth
from core.workloads.windows.specs.structural import spectral_radius, with_own

BURN_IN = 200
SAFE_RADIUS = 0.95
"""To which random graphs are damped."""
LARGEST_BAND = 20_000_000
"""Numbers in a banded system; a larger one is stepped through instead."""
TOGETHER = 64
QUADRATIC_CAP = 9.0
HIDDEN_OWN = 0.5


@dataclass(frozen=True, slots=True)
class Model:
    """A model with its hidden variables behind the seen ones, edges sorted by their targets."""

    seen: int
    count: int
    effects: NDArray[np.float64]
    sources: NDArray[np.intp]
    lags: NDArray[np.intp]
    forms: list[str]
    starts: NDArray[np.intp]
    """Where each target's edges begin; every variable has at least the one of itself."""

    @property
    def is_linear(self) -> bool:
        """Tell whether it is one linear system."""
        return set(self.forms) == {"linear"}


def prepare(spec: Mapping[str, Any], chart: Chart) -> Draw:
    """Draw what is random of the model from the domain's seed."""
    edges, hidden = make_graph(spec, chart)
    names = [*chart.names, *(one["name"] for one in hidden)]
    model = _model(edges, names, len(chart.names))
    truth = {"edges": [edge for edge in edges if edge["source"] in chart.names], "hidden": hidden}
    rows = chart.window_size + BURN_IN
    band = _band(model, rows) if model.is_linear else None

    def draw(indices: Sequence[int]) -> Iterator[tuple[Columns, Truth]]:
        for first in range(0, len(indices), TOGETHER):
            some = indices[first : first + TOGETHER]
            moved = [noise.draw(chart.stream("noise", index), (model.count, rows), spec["noise"]) for index in some]
            runs = [_solve(band, one) for one in moved] if band is not None else _step(model, moved)
            yield from ((np.ascontiguousarray(run[: model.seen, BURN_IN:]), dict(truth)) for run in runs)

    return draw


def make_graph(spec: Mapping[str, Any], chart: Chart) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return all edges, those of hidden variables included, and the hidden variables with their children."""
    rng = chart.stream("graph")
    low, high = spec["own"]
    own = rng.uniform(low, high, len(chart.names))
    edges_given = _random_edges(spec, chart.names, rng) if spec["edges"] is None else spec["edges"]
    given = [dict(edge) for edge in edges_given]
    edges = [dict(edge) for edge in with_own(given, chart.names, 0.0)]
    for edge in edges[len(given) :]:
        edge["effect"] = round(float(own[chart.names.index(edge["target"])]), 6)
    hidden = _hidden(spec["hidden"], chart.names, rng) if spec["hidden"] else []
    if spec["edges"] is None:
        _damp(edges, chart.names)
    for one in hidden:
        edges.append({"source": one["name"], "target": one["name"], "lag": 1, "effect": HIDDEN_OWN, "form": "linear"})
        edges += [{"source": one["name"], "form": "linear", **child} for child in one["children"]]
    return edges, hidden


def _random_edges(spec: Mapping[str, Any], names: list[str], rng: np.random.Generator) -> list[dict[str, Any]]:
    of = spec["random"]
    pairs = [(source, target) for source in names for target in names if source != target]
    count = round(of["density"] * len(pairs))
    low, high = sorted(of["effect"])
    edges = []
    for place in sorted(rng.choice(len(pairs), count, replace=False)) if count else ():
        effect = rng.uniform(low, high) * (1 if rng.random() < 1 / 2 else -1)
        lag, form = int(rng.integers(1, spec["lags"] + 1)), of["forms"][int(rng.integers(len(of["forms"])))]
        source, target = pairs[place]
        edges.append({"source": source, "target": target, "lag": lag, "effect": round(effect, 6), "form": form})
    return edges


def _hidden(of: Mapping[str, Any], names: list[str], rng: np.random.Generator) -> list[dict[str, Any]]:
    hidden = []
    for number in range(of["count"]):
        children = sorted(rng.choice(len(names), of["children"], replace=False))
        told = [
            {"target": names[child], "lag": 1 + place % 2, "effect": of["effect"]}
            for place, child in enumerate(children)
        ]
        hidden.append({"name": f"(hidden {number + 1})", "children": told})
    return hidden


def _damp(edges: list[dict[str, Any]], names: list[str]) -> None:
    """Make effects between variables smaller until the model is surely stationary."""
    while spectral_radius(edges, names) > SAFE_RADIUS:
        for edge in edges:
            if edge["source"] != edge["target"]:
                edge["effect"] = round(edge["effect"] * 0.9, 6)


def _model(edges: Sequence[Mapping[str, Any]], names: list[str], seen: int) -> Model:
    ordered = sorted(edges, key=lambda edge: (names.index(edge["target"]), names.index(edge["source"]), edge["lag"]))
    targets = [names.index(edge["target"]) for edge in ordered]
    return Model(
        seen,
        len(names),
        np.array([edge["effect"] for edge in ordered], dtype=float),
        np.array([names.index(edge["source"]) for edge in ordered], dtype=np.intp),
        np.array([edge["lag"] for edge in ordered], dtype=np.intp),
        [edge["form"] for edge in ordered],
        np.searchsorted(targets, np.arange(len(names))).astype(np.intp),
    )


def _band(model: Model, rows: int) -> NDArray[np.float64] | None:
    """Write the model as (I - A) in LAPACK's lower band storage, time by time; None where that would be too large."""
    below = int(model.lags.max()) * model.count + model.count - 1
    size = rows * model.count
    if (below + 1) * size > LARGEST_BAND:
        return None
    band = np.zeros((below + 1, size), order="F")
    band[0] = 1.0
    ends = np.append(model.starts[1:], len(model.effects))
    for target, (start, end) in enumerate(zip(model.starts, ends, strict=True)):
        for edge in range(start, end):
            source, lag = int(model.sources[edge]), int(model.lags[edge])
            band[lag * model.count + target - source, source :: model.count] -= model.effects[edge]
    return band


def _solve(band: NDArray[np.float64], moved: Columns) -> Columns:
    solved, _info = lapack.dtbtrs(band, moved.T.reshape(-1, 1), uplo="L", trans="N", diag="U")
    values: Columns = solved.reshape(moved.T.shape).T
    return values


def _step(model: Model, moved: Sequence[Columns]) -> list[Columns]:
    """Step through time, all windows at once; each sum runs over a target's edges in their order."""
    # One window alone would be summed in another order than among others: then it is given company.
    together = np.stack([*moved, *([moved[0]] if len(moved) == 1 else [])], axis=-1).transpose(1, 0, 2).copy()
    longest = int(model.lags.max())
    kinds = {form: np.array([one == form for one in model.forms]) for form in sorted(set(model.forms) - {"linear"})}
    effects = model.effects[:, None]
    values = np.concatenate([np.zeros((longest, *together.shape[1:])), together])
    for now in range(longest, len(values)):
        past = values[now - model.lags, model.sources]
        for form, chosen in kinds.items():
            past[chosen] = FORMS[form](past[chosen])
        past *= effects
        values[now] += np.add.reduceat(past, model.starts, axis=0)
    return [values[longest:, :, place].T for place in range(len(moved))]


FORMS: dict[str, Callable[[Columns], Columns]] = {
    "tanh": np.tanh,
    "quadratic": lambda x: np.minimum(x * x, QUADRATIC_CAP) - 1.0,
    "threshold": lambda x: (x > 0).astype(float),
}
"""Forms other than the straight line; all are bounded, so that they never make a model explode."""
