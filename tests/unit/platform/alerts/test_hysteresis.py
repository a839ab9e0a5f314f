"""Rules fire after long enough, clear with a gap, and flutter never."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.platform.alerts.hysteresis import RuleState, Threshold, step

BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
OK, PENDING, FIRING = RuleState


def run(threshold: Threshold, values: list[float | None], every_s: float = 60.0) -> list[RuleState]:
    """Feed a figure a minute and return what the rule says each time."""
    state, since, said = OK, None, []
    for minute, value in enumerate(values):
        state, since = step(state, since, value, threshold, BEGIN + timedelta(seconds=minute * every_s))
        said.append(state)
    return said


@pytest.mark.parametrize(
    ("threshold", "values", "said"),
    [
        (Threshold(0.01, 0.005), [0.01, 0.011, 0.006, 0.005], [OK, FIRING, FIRING, OK]),
        (Threshold(0.01, 0.005, for_s=120), [0.02, 0.02, 0.02, 0.02], [PENDING, PENDING, FIRING, FIRING]),
        (Threshold(0.01, 0.005, for_s=120), [0.02, 0.02, 0.01, 0.02], [PENDING, PENDING, OK, PENDING]),
        (Threshold(0.01, 0.005, for_s=119), [0.02, 0.02, 0.02], [PENDING, PENDING, FIRING]),
        (Threshold(0.01, 0.005, for_s=121), [0.02, 0.02, 0.02], [PENDING, PENDING, PENDING]),
        (Threshold(0.8, 0.85, above=False), [0.8, 0.79, 0.84, 0.85], [OK, FIRING, FIRING, OK]),
        (Threshold(1.0, 1.0), [1.0, 1.1, 1.0], [OK, FIRING, OK]),
        (Threshold(1.0, 0.5), [2.0, None, None, 0.5], [FIRING, FIRING, FIRING, OK]),
        (Threshold(1.0, 0.5, for_s=120), [2.0, None, 2.0], [PENDING, OK, PENDING]),
        (Threshold(1.0, 0.5), [None], [OK]),
    ],
)
def test_what_a_rule_says(threshold: Threshold, values: list[float | None], said: list[RuleState]) -> None:
    assert run(threshold, values) == said


@given(st.lists(st.floats(0, 3), min_size=1, max_size=60), st.sampled_from([0, 60, 150]))
def test_between_the_thresholds_nothing_changes_its_mind(values: list[float], for_s: float) -> None:
    """It fires only on figures beyond the limit, and ends only on figures that have come back."""
    threshold = Threshold(2.0, 1.0, for_s=for_s)
    said = [OK, *run(threshold, list(values))]
    for (before, after), value in zip(pairwise(said), values, strict=True):
        if after is FIRING and before is not FIRING:
            assert value > 2.0
        if before is FIRING and after is not FIRING:
            assert value <= 1.0
