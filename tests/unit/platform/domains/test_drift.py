"""The watch for drift: quiet on what only varies, quick on what changes."""

import random
from collections.abc import Iterator
from typing import Any

import pytest

from core.platform.domains.drift import LEARNED_FROM, observe, score


def summaries(rng: random.Random, count: int, *, mean: float = 0.0, sd: float = 1.0) -> Iterator[dict[str, Any]]:
    """Windows of 100 values each of eight variables; only the first changes."""
    for _ in range(count):
        yield {
            f"v{number}": {
                "rows": 100,
                "missing": 0,
                "mean": rng.gauss(mean if number == 0 else 0.0, 0.1),
                "sd": (sd if number == 0 else 1.0) * rng.gauss(1.0, 0.07),
            }
            for number in range(8)
        }


def alarms(given: Iterator[dict[str, Any]], state: dict[str, Any]) -> tuple[list[int], dict[str, Any]]:
    raised = []
    for place, summary in enumerate(given):
        state, drifted = observe(state, summary)
        if drifted:
            raised.append(place)
    return raised, state


@pytest.mark.parametrize("seed", range(20))
def test_no_alarm_in_a_thousand_windows_that_only_vary(seed: int) -> None:
    assert alarms(summaries(random.Random(seed), 1000), {})[0] == []


@pytest.mark.parametrize("change", [{"mean": 0.5}, {"mean": -0.7}, {"sd": 1.5}, {"sd": 0.6}])
@pytest.mark.parametrize("seed", range(20, 30))
def test_a_change_is_told_within_five_windows_and_once(seed: int, change: dict[str, float]) -> None:
    rng = random.Random(seed)
    _, state = alarms(summaries(rng, 100), {})
    raised, _ = alarms(summaries(rng, 100, **change), state)
    assert len(raised) == 1
    assert raised[0] < 5


def test_missing_values_are_watched() -> None:
    def gappy(missing: int) -> dict[str, Any]:
        return {"x": {"rows": 100, "missing": missing, "mean": 0.0, "sd": 1.0}}

    state: dict[str, Any] = {}
    for number in range(60):
        state, drifted = observe(state, gappy(number % 3))
        assert not drifted
    raised, _ = alarms(iter([gappy(20)] * 3), state)
    assert raised


def test_one_strange_window_is_no_drift() -> None:
    rng = random.Random(1)
    _, state = alarms(summaries(rng, 100), {})
    raised, _ = alarms(summaries(rng, 1, mean=50.0), state)
    assert raised == []


def test_a_variable_that_never_varied_may_vary_a_little() -> None:
    state: dict[str, Any] = {}
    for _ in range(LEARNED_FROM + 5):
        state, _ = observe(state, {"x": {"rows": 10, "missing": 0, "mean": 5.0, "sd": 1.0}})
    for _ in range(5):
        state, drifted = observe(state, {"x": {"rows": 10, "missing": 0, "mean": 5.0005, "sd": 1.0}})
        assert not drifted


def test_the_score_is_there_once_the_watch_has_learned() -> None:
    rng = random.Random(3)
    state: dict[str, Any] = {}
    assert score(state) is None
    _, state = alarms(summaries(rng, 100), state)
    calm = score(state)
    assert calm is not None
    assert calm < 0.5
