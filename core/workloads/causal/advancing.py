"""One more window of a stream: judged by what is known, folded in, and what it changed."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from core.workloads.causal import online
from core.workloads.causal.arrays import Flags, Floats
from core.workloads.causal.online import Answer
from core.workloads.causal.results import Result
from core.workloads.causal.stream_state import State

_REACH = 1.96
Key = tuple[int, int, int]
"""Source, target, lag."""


@dataclass(frozen=True, slots=True)
class Step:
    """What became of one window."""

    index: int
    added: tuple[Key, ...]
    removed: tuple[Key, ...]
    new_regime: bool
    new_treatment: bool
    """Whether a season or trend was found, so that what is known began anew."""
    surprise_p: float
    answer: Answer


def advance(state: State, values: Floats, index: int, params: Mapping[str, Any]) -> tuple[State, Step]:
    """Fold in the next window (rows, variables) as it came, and say which accepted edges came and went with it."""
    treated_before = state.treatment
    state = online.watch(state, values, index, decay=params["decay"])
    values = online.treat(state, values)
    p = online.surprise(state, values) if state.windows else 1.0
    fresh = online.is_new_regime(p)
    if fresh:
        state = online.restart(state, index)
    before = set(state.accepted)
    state = online.fold(state, values, index, decay=params["decay"])
    answer = online.answer(state)
    state = online.conclude(state, answer)
    accepted = _accepted(state, answer, params)
    state = online.conclude_accepted(state, sorted(accepted))
    came, gone = tuple(sorted(accepted - before)), tuple(sorted(before - accepted))
    step = Step(index, came, gone, fresh, state.treatment is not treated_before, p, answer)
    return state, step


def describe(state: State, answer: Answer, params: Mapping[str, Any]) -> list[Result]:
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
                **name_edge(state, (source, target, lag)),
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


def describe_treatment(state: State) -> Result:
    """Name what is taken out of each window."""

    def named(flags: Flags) -> list[str]:
        return [name for name, flag in zip(state.names, flags, strict=True) if flag]

    treatment = state.treatment
    return {
        "seasons": [round(period, 4) for period in treatment.seasons],
        "levels": named(treatment.degree == 0),
        "trends": named(treatment.degree > 0),
        "differenced": named(treatment.differenced),
    }


def name_edge(state: State, key: Key) -> Result:
    """Name an edge by its variables."""
    return {"source": state.names[key[0]], "target": state.names[key[1]], "lag": key[2]}


def _accepted(state: State, answer: Answer, params: Mapping[str, Any]) -> set[Key]:
    """Return what `describe` calls accepted; own lags have q = 1 and never are."""
    variables = len(state.names)
    taken = (answer.q <= params["q"]) & (state.selected >= params["stability_threshold"])
    return {
        (int(column % variables), int(target), int(column // variables + 1))
        for target, column in zip(*np.nonzero(taken), strict=True)
        if column % variables != target
    }
