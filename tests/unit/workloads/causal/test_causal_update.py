"""Windows one by one: the same as all at once, a change noticed, old evidence forgotten."""

import io
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from core.jobs.context import MemoryRecorder
from core.workloads.causal import kinds, online, stream_state, update
from core.workloads.causal.series import SeriesUnfit
from tests.unit.workloads.causal.windows import COEFFICIENTS, EDGES, NAMES, context, edges_of, simulate

VALUES = simulate(3000, 21)
WINDOWS = [VALUES[first : first + 100] for first in range(0, 3000, 100)]


def run(values: Any, state: bytes | None, names: list[str] = NAMES, **params: Any) -> tuple[dict[str, Any], bytes]:
    """Run `causal.update` on one window; return its result and the state that it left."""
    recorder = MemoryRecorder(inputs={} if state is None else {"before": io.BytesIO(state)})
    given = {"series": {"names": names, "values": np.asarray(values).tolist()}, **params}
    if state is not None:
        given["state"] = {"artifact": "before"}
    result = update.compute(kinds.UPDATE.params().load(given), context(recorder))
    return result, recorder.artifacts["state.bin"][0]


def stream(windows: Any, **params: Any) -> list[dict[str, Any]]:
    state, found = None, []
    for values in windows:
        result, state = run(values, state, **params)
        found.append(result)
    return found


def test_one_by_one_is_the_same_as_all_at_once() -> None:
    """The batch: the same rows in one table, regressed by numpy on the columns that were selected."""
    last = stream(WINDOWS, decay=1.0)[-1]
    rows = np.vstack([online.lay_out(values, 2) for values in WINDOWS])
    begun = stream_state.begin(NAMES, 2)
    whole = replace(begun, rows=float(len(rows)), sums=rows.sum(axis=0), products=rows.T @ rows)
    batch = online.answer(whole)
    for edge in last["edges"]:
        target, column = NAMES.index(edge["target"]), NAMES.index(edge["source"]) + 4 * (edge["lag"] - 1)
        assert edge["effect"] == pytest.approx(batch.effect[target, column], abs=1e-9)
        assert edge["p"] == pytest.approx(batch.p[target, column], abs=1e-9)
    chosen = np.flatnonzero(batch.chosen[1])
    centered = rows - rows.mean(axis=0)
    expected = np.linalg.lstsq(centered[:, chosen], centered[:, 8 + 1], rcond=None)[0]
    assert batch.effect[1, chosen] == pytest.approx(expected, abs=1e-9)


def test_the_truth_is_found_and_edges_settle() -> None:
    found = stream(WINDOWS, decay=1.0)
    assert edges_of(found[-1]) >= EDGES
    assert not any(result["new_regime"] for result in found)
    assert found[0]["windows"] == 1
    assert all(not result["added"] and not result["removed"] for result in found[-3:])


def test_a_changed_cause_begins_a_new_regime_at_once() -> None:
    """Given 20 windows of one dynamics and then another, no false alarm before and the alarm within 5 windows."""
    changed = COEFFICIENTS.copy()
    changed[0, 1, 0], changed[0, 0, 3] = -0.4, 0.4
    after = simulate(500, 22, changed)
    found = stream([*WINDOWS[:20], *(after[first : first + 100] for first in range(0, 500, 100))], decay=1.0)
    assert [number for number, result in enumerate(found[:20]) if result["new_regime"]] == []
    alarms = [number for number, result in enumerate(found) if result["new_regime"]]
    assert alarms[0] < 25
    effect = {(edge["source"], edge["target"], edge["lag"]): edge["effect"] for edge in found[-1]["edges"]}
    assert effect["a", "b", 1] == pytest.approx(-0.4, abs=0.15)
    assert effect["d", "a", 1] == pytest.approx(0.4, abs=0.15)


def test_old_evidence_decays() -> None:
    rows = [result["rows"] for result in stream(WINDOWS, decay=0.5)]
    assert rows[0] == 98
    assert rows[-1] == pytest.approx(2 * 98, rel=1e-6)


def test_a_state_survives_being_written() -> None:
    state = online.fold(stream_state.begin(NAMES, 2), WINDOWS[0], 7, decay=1.0)
    state = online.conclude_accepted(online.conclude(state, online.answer(state)), [(0, 1, 1)])
    again = stream_state.load(stream_state.dump(state))
    assert stream_state.dump(again) == stream_state.dump(state)
    assert (again.last, again.accepted) == (7, ((0, 1, 1),))


def test_rows_with_missing_values_are_left_out() -> None:
    values = WINDOWS[0].copy()
    values[50, 2] = np.nan
    assert len(online.lay_out(values, 2)) == 98 - 3


def test_a_window_of_other_variables_is_refused() -> None:
    _, state = run(WINDOWS[0], None)
    with pytest.raises(SeriesUnfit, match="'z'"):
        run(WINDOWS[1], state, ["a", "b", "c", "z"])
