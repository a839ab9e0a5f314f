"""A domain followed in memory: order, gaps, misfits, events."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import numpy as np
import pytest
from marshmallow import ValidationError

from core.jobs.context import MemoryRecorder
from core.platform.domains import frames
from core.platform.domains.facts import DomainFacts
from core.platform.domains.windows import NewWindow
from core.workloads.causal import following, kinds, online, stream_state, update
from core.workloads.causal.series import SeriesUnfit
from tests.unit.workloads.causal.windows import COEFFICIENTS, EDGES, NAMES, context, edges_of, simulate

BEGAN = datetime(2026, 11, 26, tzinfo=UTC)
HOME = UUID(int=5)
VALUES = simulate(2400, 21)
WINDOWS = [VALUES[first : first + 100] for first in range(0, 2400, 100)]


def domain(retention: int = 1_000) -> MemoryRecorder:
    facts = DomainFacts(HOME, "shop", NAMES, None, 100, 1, retention, 0, None, "active", BEGAN)
    recorder = MemoryRecorder()
    recorder.domains.facts[str(HOME)] = facts
    return recorder


def arrive(recorder: MemoryRecorder, *windows: tuple[int, Any]) -> None:
    for index, values in windows:
        content = frames.encode(NAMES, np.ascontiguousarray(values.T), {})
        new = NewWindow(index, "manual", len(values), BEGAN, len(content), content)
        recorder.domains.keep([(HOME, new)])
        beyond = index + 1 - recorder.domains.find("shop").next_index
        if beyond > 0:
            recorder.domains.reserve("shop", beyond)


def follow(recorder: MemoryRecorder, **params: Any) -> dict[str, Any]:
    return update.compute(kinds.UPDATE.params().load({"domain": "shop", **params}), context(recorder))


def state_of(recorder: MemoryRecorder, memory: str = "default") -> bytes:
    return recorder.domains.learned[str(HOME), f"causal.update:{memory}"].content


def test_a_followed_domain_is_a_stream_of_its_windows() -> None:
    recorder = domain()
    for index, values in enumerate(WINDOWS):
        arrive(recorder, (index, values))
        found = follow(recorder)
        assert (found["folded"], found["index"], found["awaited"]) == (1, index, None)
    assert edges_of(found) >= EDGES
    assert follow(recorder)["folded"] == 0
    assert recorder.published[0].topic.name == "causal.edges_changed"
    accepted = 0
    for news in recorder.published:
        accepted += len(news.data["added"]) - len(news.data["removed"])
        assert news.data["accepted"] == accepted
    assert accepted == sum(edge["verdict"] == "accepted" for edge in found["edges"])


def test_the_order_of_arrival_changes_no_byte() -> None:
    in_order, mixed, at_once = domain(), domain(), domain()
    for index, values in enumerate(WINDOWS[:12]):
        arrive(in_order, (index, values))
        follow(in_order)
    for index in (1, 0, 3, 4, 2, 8, 7, 6, 5, 11, 9, 10):
        arrive(mixed, (index, WINDOWS[index]))
        follow(mixed)
    arrive(at_once, *enumerate(WINDOWS[:12]))
    assert follow(at_once)["folded"] == 12
    assert state_of(in_order) == state_of(mixed) == state_of(at_once)
    assert in_order.published == mixed.published == at_once.published


def test_a_window_that_comes_too_late_counts_as_if_it_had_not() -> None:
    recorder, in_order = domain(), domain()
    arrive(recorder, *((index, WINDOWS[index]) for index in (0, 2, 3)))
    assert follow(recorder, patience=1)["folded"] == 3
    assert stream_state.load(state_of(recorder)).missing == ((1, 1),)
    arrive(recorder, (1, WINDOWS[1]))
    assert follow(recorder, patience=1)["folded"] == 1
    arrive(in_order, *enumerate(WINDOWS[:4]))
    follow(in_order)
    late, early = stream_state.load(state_of(recorder)), stream_state.load(state_of(in_order))
    np.testing.assert_allclose(late.products, early.products, rtol=1e-12)
    assert (late.windows, late.last, late.missing) == (4, 3, ())
    assert late.rows == pytest.approx(early.rows, rel=1e-12)


def test_a_window_that_is_late_for_its_regime_teaches_nothing() -> None:
    state = online.restart(stream_state.begin(NAMES, 2), 9)
    assert online.fold_late(state, WINDOWS[0], 8, decay=0.9) == state


def test_a_gap_is_told_of() -> None:
    recorder = domain()
    arrive(recorder, (0, WINDOWS[0]), (3, WINDOWS[3]))
    assert follow(recorder)["awaited"] == [1, 2]


def test_a_window_that_does_not_fit_is_passed_over() -> None:
    recorder = domain()
    arrive(recorder, (0, WINDOWS[0]), (1, WINDOWS[1][:3]), (2, WINDOWS[2]))
    found = follow(recorder)
    assert (found["folded"], [one["index"] for one in found["passed_over"]]) == (2, [1])
    assert found["index"] == 2
    assert "4 are needed" in found["passed_over"][0]["reason"]


def test_a_job_that_cannot_fold_all_leaves_the_rest_to_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(following, "MOST_WINDOWS", 5)
    recorder = domain()
    arrive(recorder, *enumerate(WINDOWS[:8]))
    assert [follow(recorder)["folded"] for _ in range(3)] == [5, 3, 0]


def test_memories_have_settings_of_their_own() -> None:
    recorder = domain()
    arrive(recorder, (0, WINDOWS[0]))
    follow(recorder)
    with pytest.raises(SeriesUnfit, match="max_lag 2"):
        follow(recorder, max_lag=3)
    assert follow(recorder, max_lag=3, memory="longer")["folded"] == 1
    assert stream_state.load(state_of(recorder, "longer")).max_lag == 3


def test_seasons_are_taken_out_of_each_window() -> None:
    """Given a season in one variable, none of its shadows is taken for an edge, as without treatment some are."""
    season = np.zeros((100, 4))
    season[:, 0] = 1.5 * np.sin(2 * np.pi * np.arange(100) / 20)
    recorder = domain()
    arrive(recorder, *((index, values + season) for index, values in enumerate(WINDOWS)))
    assert edges_of(follow(recorder, seasons=[20], q=0.001)) == EDGES
    assert edges_of(follow(recorder, memory="untreated", seasons=[], q=0.001)) - EDGES
    found = follow(recorder, memory="by-itself", q=0.001)
    assert (edges_of(found), found["treated"]["seasons"]) == (EDGES, [20.0])
    with pytest.raises(SeriesUnfit, match=r"seasons \[20.0\]"):
        follow(recorder)


def test_a_window_too_short_for_its_season_is_passed_over() -> None:
    recorder = domain()
    arrive(recorder, (0, WINDOWS[0]), (1, WINDOWS[1][:40]), (2, WINDOWS[2][:39]))
    found = follow(recorder, seasons=[20])
    assert [one["index"] for one in found["passed_over"]] == [2]


def test_a_change_of_causes_is_published_as_a_new_regime() -> None:
    changed = COEFFICIENTS.copy()
    changed[0, 1, 0], changed[0, 0, 3] = -0.4, 0.4
    after = simulate(500, 22, changed)
    recorder = domain()
    arrive(recorder, *enumerate(WINDOWS[:20]))
    arrive(recorder, *((20 + place, after[100 * place : 100 * place + 100]) for place in range(5)))
    assert follow(recorder)["new_regime"]
    assert any(news.data["new_regime"] and news.data["index"] in range(20, 25) for news in recorder.published)


def test_what_a_memory_cannot_hold_is_refused() -> None:
    recorder = domain()
    recorder.domains.facts[str(HOME)] = DomainFacts(
        HOME, "shop", [f"v{number}" for number in range(256)], None, 100, 1, 10, 0, None, "active", BEGAN
    )
    assert follow(recorder, max_lag=6)["folded"] == 0
    with pytest.raises(SeriesUnfit, match="more than a memory holds"):
        follow(recorder, max_lag=7)


@pytest.mark.parametrize(
    "params", [{}, {"domain": "shop", "series": {"artifact": "a"}}, {"domain": "shop", "index": 3}, {"domain": ""}]
)
def test_params_that_mix_a_domain_with_a_series_are_refused(params: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        kinds.UPDATE.params().load(params)
