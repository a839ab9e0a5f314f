from hypothesis import given
from hypothesis import strategies as st

from core.platform.supervisor.restarting import RestartPolicy, judge

POLICY = RestartPolicy(base_s=1.0, factor=2.0, cap_s=5.0, window_s=60.0, deaths=5)


def test_delays_grow_up_to_the_cap_and_the_fifth_death_makes_a_crash_loop() -> None:
    deaths = [0.0, 1.0, 2.0, 3.0, 4.0, 5.0]
    verdicts = [judge(deaths[:count], deaths[count - 1], POLICY) for count in range(1, 7)]
    assert [verdict.delay_s for verdict in verdicts] == [1.0, 2.0, 4.0, 5.0, 5.0, 5.0]
    assert [verdict.crashed for verdict in verdicts] == [False, False, False, False, True, True]


def test_nobody_waits_long_for_a_process_that_somebody_kills_on_purpose() -> None:
    """Given a process that dies as soon as it is started, each start comes within half a minute of the death."""
    policy, deaths, now = RestartPolicy(), [0.0], 0.0
    for _ in range(200):
        delay_s = judge(deaths, now, policy).delay_s
        assert delay_s <= 30.0
        now += delay_s
        deaths.append(now)
    assert judge(deaths, now, policy).crashed


def test_old_deaths_are_forgotten() -> None:
    verdict = judge([0.0, 1.0, 2.0, 3.0, 100.0], 100.0, POLICY)
    assert not verdict.crashed
    assert verdict.delay_s == POLICY.base_s


@given(st.lists(st.floats(0, 1e6), min_size=1, max_size=50).map(sorted))
def test_it_never_restarts_more_often_than_the_window_allows(deaths: list[float]) -> None:
    now = deaths[-1]
    within = [died_at for died_at in deaths if now - died_at < POLICY.window_s]
    verdict = judge(deaths, now, POLICY)
    assert verdict.crashed == (len(within) >= POLICY.deaths)
    assert POLICY.base_s <= verdict.delay_s <= POLICY.cap_s
