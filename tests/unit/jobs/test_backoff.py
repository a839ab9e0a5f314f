"""Back-off: never negative, never beyond the cap, spread over the whole span, the same for the same chance."""

import random

from hypothesis import given
from hypothesis import strategies as st

from core.jobs.kind import RetryPolicy
from core.jobs.retrying import backoff_s

spans = st.floats(0, 1e6)
policies = st.builds(RetryPolicy, base_s=spans, factor=st.floats(1, 10), cap_s=spans)


@given(policies, st.integers(1, 5_000), st.integers())
def test_a_delay_lies_between_nothing_and_the_ceiling(policy: RetryPolicy, attempt: int, seed: int) -> None:
    delay_s = backoff_s(policy, attempt, random.Random(seed))
    assert 0.0 <= delay_s <= policy.cap_s
    assert delay_s <= policy.base_s * policy.factor ** min(attempt - 1, 100)
    assert delay_s == backoff_s(policy, attempt, random.Random(seed))


@given(st.integers(1, 20))
def test_delays_fill_the_whole_span(attempt: int) -> None:
    policy = RetryPolicy(base_s=1.0, factor=2.0, cap_s=64.0)
    ceiling_s = min(64.0, 2.0 ** (attempt - 1))
    rng = random.Random(attempt)
    delays_s = [backoff_s(policy, attempt, rng) for _ in range(500)]
    assert min(delays_s) < 0.05 * ceiling_s
    assert max(delays_s) > 0.95 * ceiling_s
