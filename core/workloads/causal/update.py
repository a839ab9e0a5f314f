"""`causal.update`: what is known of a stream, with new windows folded in."""

from collections.abc import Mapping
from typing import Any

from core.jobs.context import JobContext
from core.workloads.causal import advancing, following, series, soundness, stream_state
from core.workloads.causal.results import Result
from core.workloads.causal.stream_state import State

STATE = "state.bin"


def compute(params: dict[str, Any], context: JobContext) -> Result:
    """Fold a domain's new windows into what is remembered of it, or one window into the state that the params name.

    Raises `SeriesUnfit` where a window, or a setting, does not fit the state.
    """
    if params["domain"] is not None:
        return following.follow(params, context)
    loaded = series.load(params["series"], None, context)
    state = _state(params, loaded.names, context)
    soundness.check_window(loaded, state.names, state.max_lag, state.treatment.seasons)
    index = params["index"] if params["index"] is not None else state.last + 1
    state, step = advancing.advance(state, loaded.values, index, params)
    context.save_artifact(STATE, stream_state.dump(state), "application/octet-stream")
    return {
        "edges": advancing.describe(state, step.answer, params),
        "added": [advancing.name_edge(state, key) for key in step.added],
        "removed": [advancing.name_edge(state, key) for key in step.removed],
        "index": index,
        "windows": state.windows,
        "rows": state.rows,
        "regime": state.regime,
        "new_regime": step.new_regime,
        "new_treatment": step.new_treatment,
        "treated": advancing.describe_treatment(state),
        "surprise_p": step.surprise_p,
        "folded": 1,
        "passed_over": [],
        "awaited": None,
    }


def _state(params: Mapping[str, Any], names: tuple[str, ...], context: JobContext) -> State:
    if params["state"] is None:
        return stream_state.begin(names, params["max_lag"], params["seasons"])
    with context.open_artifact(params["state"]["artifact"]) as stream:
        try:
            return stream_state.load(stream.read())
        except (ValueError, KeyError, TypeError) as error:
            raise series.refuse("/state", f"The artifact is no state of causal.update: {error}") from error
