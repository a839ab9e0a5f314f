from hypothesis import given
from hypothesis import strategies as st

from core.platform.supervisor.restarting import RestartPolicy, judge

POLICY = RestartPolicy(base_s=1.0, factor=2.0, cap_s=5.0, window_s=60.0, deaths=5, rest_s=300.0)


def test_delays_grow_up_to_the_cap_and_the_fifth_death_is_a_crash() -> None:
    deaths = [0.0, 1.0, 2.0, 3.0, 4.0]
    verdicts = [judge(deaths[:count], deaths[count - 1], POLICY) for count in range(1, 6)]
    assert [verdict.delay_s for verdict in verdicts] == [1.0, 2.0, 4.0, 5.0, 300.0]
    assert [verdict.crashed for verdict in verdicts] == [False, False, False, False, True]


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
    assert POLICY.base_s <= verdict.delay_s <= POLICY.rest_s
