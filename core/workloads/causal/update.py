"""`causal.update`: one more window of a stream, folded into what is known of it."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from core.jobs.context import JobContext
from core.workloads.causal import online, series, soundness
from core.workloads.causal.online import Answer, State
from core.workloads.causal.results import Result

STATE = "state.bin"
_REACH = 1.96
Key = tuple[int, int, int]


def compute(params: dict[str, Any], context: JobContext) -> Result:
    """Fold a window into the state and tell the edges; leaves the new state as an artifact.

    Raises `SeriesUnfit` where the window does not fit the state.
    """
    loaded = series.load(params["series"], None, context)
    state = _state(params, loaded.names, context)
    soundness.check_window(loaded, state.names, state.max_lag)
    index = params["index"] if params["index"] is not None else state.last + 1
    p = online.surprise(state, online.answer(state), loaded.values) if state.windows else 1.0
    fresh = online.is_new_regime(p)
    if fresh:
        state = online.restart(state)
    before = set(state.accepted)
    state = online.fold(state, loaded.values, index, decay=params["decay"])
    answer = online.answer(state)
    state = online.conclude(state, answer)
    found = _edges(state, answer, params)
    accepted = {_key(state, edge) for edge in found if edge["verdict"] == "accepted"}
    state = online.conclude_accepted(state, sorted(accepted))
    context.save_artifact(STATE, online.dump(state), "application/octet-stream")
    return {
        "edges": found,
        "added": [_told(state, key) for key in sorted(accepted - before)],
        "removed": [_told(state, key) for key in sorted(before - accepted)],
        "index": index,
        "windows": state.windows,
        "rows": state.rows,
        "regime": state.regime,
        "new_regime": fresh,
        "surprise_p": p,
    }


def _state(params: Mapping[str, Any], names: tuple[str, ...], context: JobContext) -> State:
    if params["state"] is None:
        return online.begin(names, params["max_lag"])
    with context.open_artifact(params["state"]["artifact"]) as stream:
        try:
            return online.load(stream.read())
        except (ValueError, KeyError, TypeError) as error:
            raise series.refuse("/state", f"The artifact is no state of causal.update: {error}") from error


def _edges(state: State, answer: Answer, params: Mapping[str, Any]) -> list[Result]:
    """Describe every candidate, accepted ones first, then by p."""
    variables, found = len(state.names), []
    for target, column in np.ndindex(answer.p.shape):
        source, lag = column % variables, column // variables + 1
        if source == target:
            continue
        effect, reach = float(answer.effect[target, column]), float(_REACH * answer.error[target, column])
        q, stability = float(answer.q[target, column]), float(state.selected[target, column])
        stable = stability >= params["stability_threshold"]
        found.append(
            {
                "source": state.names[source],
                "target": state.names[target],
                "lag": lag,
                "effect": effect,
                "effect_standardized": float(answer.standardized[target, column]),
                "ci_low": effect - reach,
                "ci_high": effect + reach,
                "p": float(answer.p[target, column]),
                "q": q,
                "stability": stability,
                "verdict": "not significant" if q > params["q"] else "accepted" if stable else "unstable",
            }
        )
    order = {"accepted": 0, "unstable": 1, "not significant": 2}
    found.sort(key=lambda edge: (order[edge["verdict"]], edge["p"], edge["target"], edge["source"], edge["lag"]))
    return found[: params["most_edges"]]


def _key(state: State, edge: Mapping[str, Any]) -> Key:
    return state.names.index(edge["source"]), state.names.index(edge["target"]), edge["lag"]


def _told(state: State, key: Key) -> Result:
    return {"source": state.names[key[0]], "target": state.names[key[1]], "lag": key[2]}
