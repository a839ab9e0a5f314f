"""A domain followed: each of its windows folded into what is remembered of it, exactly once and in order.

The memory is written with the outcome of the job and names the version that it was made from, so that an attempt that
is killed leaves nothing, and of two jobs that fold the same windows one is computed anew and finds nothing left to do.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from core.jobs.context import JobContext
from core.platform.domains import frames
from core.platform.domains.facts import DomainFacts, DomainMissing
from core.platform.domains.memories import LARGEST_BYTES, Learned, Memory
from core.workloads.causal import advancing, online, order, series, soundness, stream_state
from core.workloads.causal.advancing import Key, Step
from core.workloads.causal.arrays import Floats
from core.workloads.causal.order import Turn
from core.workloads.causal.results import Result
from core.workloads.causal.series import Series, SeriesUnfit
from core.workloads.causal.stream_state import State
from core.workloads.causal.topics import EDGES_CHANGED

MOST_WINDOWS = 5_000
"""How many windows one job folds in; the next one goes on."""
READ_TOGETHER = 64
MOST_TOLD = 100


def memory_name(params: Mapping[str, Any]) -> str:
    """Return the name under which a domain's causes are remembered."""
    return f"causal.update:{params['memory']}"


def follow(params: Mapping[str, Any], context: JobContext) -> Result:
    """Fold in what is new of a domain, remember it, and publish which edges changed at which window."""
    facts = _find(params["domain"], context)
    memory = context.domains.recall(str(facts.id), memory_name(params))
    state = _state(params, facts, memory)
    turn = _turn(params, facts, state, context)
    begun, steps, passed_over = state, [], []
    for done, (index, window) in enumerate(_windows(facts, turn, context), 1):
        context.progress(done / (len(turn.late) + len(turn.next)), "folding in", f"window {index}")
        values = _fitting(window, state)
        if isinstance(values, str):
            passed_over.append({"index": index, "reason": values})
            state = online.pass_over(state, index, decay=params["decay"])
        elif index <= state.last:
            state = online.fold_late(state, online.treat(state, values), index, decay=params["decay"])
        else:
            state, step = advancing.advance(state, values, index, params)
            steps.append(step)
            _publish(facts, params, state, step, context)
    state = online.await_missing(state, turn.missing)
    result = _result(params, begun, state, steps, passed_over, turn)
    if turn.late or turn.next:
        told = _told(state, result)
        context.domains.remember(Learned(facts.id, memory_name(params), memory, stream_state.dump(state), told))
    return result


def _find(domain: str, context: JobContext) -> DomainFacts:
    try:
        return context.domains.find(domain)
    except DomainMissing as error:
        raise series.refuse("/domain", error.detail) from error


def _state(params: Mapping[str, Any], facts: DomainFacts, memory: Memory) -> State:
    if not memory.content:
        lag = params["max_lag"]
        if stream_state.size_of(len(facts.variables), lag) > LARGEST_BYTES:
            fault = f"{len(facts.variables)} variables with lags up to {lag} are more than a memory holds."
            raise series.refuse("/max_lag", fault)
        return stream_state.begin(facts.variables, lag, params["seasons"])
    state = stream_state.load(memory.content)
    told = None if state.told is None else list(state.told)
    for name, known in (("max_lag", state.max_lag), ("seasons", told)):
        if known != params[name]:
            fault = f"The domain is followed with {name} {json.dumps(known)}: name another memory, or forget this one."
            raise series.refuse(f"/{name}", fault)
    return state


def _turn(params: Mapping[str, Any], facts: DomainFacts, state: State, context: JobContext) -> Turn:
    oldest = max(0, facts.next_index - facts.retention_windows)
    first = max(oldest, min(state.last + 1, *(span[0] for span in state.missing), facts.next_index))
    there = context.domains.indices(str(facts.id), first, max(first, facts.next_index))
    return order.take_turn(
        state.last, state.missing, there, oldest=oldest, patience=params["patience"], most=MOST_WINDOWS
    )


def _windows(facts: DomainFacts, turn: Turn, context: JobContext) -> Iterator[tuple[int, Series | None]]:
    """Yield the windows whose turn it is; None for one that was forgotten."""
    todo = (*turn.late, *turn.next)
    for begin in range(0, len(todo), READ_TOGETHER):
        indices = todo[begin : begin + READ_TOGETHER]
        stored = {one.index: one for one in _read(facts, indices, context)}
        for index in indices:
            if index not in stored:
                yield index, None
                continue
            frame = frames.decode(stored[index].content)
            yield index, Series(tuple(frame.names), frame.values, (len(frame.values),))


def _fitting(window: Series | None, state: State) -> Floats | str:
    """Return a window's values, or why it cannot be folded in."""
    if window is None:
        return "it was forgotten"
    try:
        soundness.check_window(window, state.names, state.max_lag, state.treatment.seasons)
    except SeriesUnfit as error:
        return error.detail
    return window.values


def _read(facts: DomainFacts, indices: Sequence[int], context: JobContext) -> Iterator[Any]:
    """Read a batch; late windows may lie far apart, so that each run of indices is a span of its own."""
    first = indices[0]
    for before, index in zip(indices, [*indices[1:], None], strict=True):
        if index != before + 1:
            yield from context.domains.read(str(facts.id), first, before)
            first = index if index is not None else first


def _publish(facts: DomainFacts, params: Mapping[str, Any], state: State, step: Step, context: JobContext) -> None:
    if not (step.added or step.removed):
        return
    data = {
        "name": facts.name,
        "memory": params["memory"],
        "index": step.index,
        "added": [{**advancing.name_edge(state, key), "effect": _effect(state, step, key)} for key in step.added],
        "removed": [advancing.name_edge(state, key) for key in step.removed],
        "accepted": len(state.accepted),
        "regime": state.regime,
        "new_regime": step.new_regime,
    }
    context.publish(EDGES_CHANGED, str(facts.id), data)


def _effect(state: State, step: Step, key: Key) -> float:
    source, target, lag = key
    return float(step.answer.effect[target, source + len(state.names) * (lag - 1)])


def _result(
    params: Mapping[str, Any],
    begun: State,
    state: State,
    steps: Sequence[Step],
    passed_over: Sequence[Mapping[str, Any]],
    turn: Turn,
) -> Result:
    """Tell how the domain stands; edges come and gone are those of all windows together."""
    before, after = set(begun.accepted), set(state.accepted)
    answer = online.answer(state) if state.windows else None
    return {
        "edges": [] if answer is None else advancing.describe(state, answer, params),
        "added": [advancing.name_edge(state, key) for key in sorted(after - before)],
        "removed": [advancing.name_edge(state, key) for key in sorted(before - after)],
        "index": state.last,
        "windows": state.windows,
        "rows": state.rows,
        "regime": state.regime,
        "new_regime": state.regime > begun.regime,
        "new_treatment": any(step.new_treatment for step in steps),
        "treated": advancing.describe_treatment(state),
        "surprise_p": min((step.surprise_p for step in steps), default=1.0),
        "folded": len(turn.late) + len(turn.next) - len(passed_over),
        "passed_over": list(passed_over)[:MOST_TOLD],
        "awaited": None if turn.awaited is None else list(turn.awaited),
    }


def _told(state: State, result: Result) -> dict[str, Any]:
    accepted = [edge for edge in result["edges"] if edge["verdict"] == "accepted"]
    kept = ("source", "target", "lag", "effect", "ci_low", "ci_high", "q", "stability")
    return {
        "edges": [{name: edge[name] for name in kept} for edge in accepted],
        "index": state.last,
        "windows": state.windows,
        "regime": state.regime,
        "began": state.began,
        "treated": result["treated"],
    }
