"""What a tenant was given lately is remembered, and fades."""

from uuid import UUID

import pytest

from tasks.shares import HALF_LIFE_S, Shares

ANT, BEE = ("default", UUID(int=1)), ("default", UUID(int=2))


def test_what_was_given_adds_up_and_fades_by_half() -> None:
    shares = Shares()
    shares.note({ANT: 60, BEE: 4}, 100.0)
    shares.note({ANT: 40}, 100.0)
    assert shares.lately(100.0) == {ANT: 100, BEE: 4}
    assert shares.lately(100.0 + HALF_LIFE_S) == {ANT: 50, BEE: 2}


def test_who_was_given_nothing_for_long_is_forgotten() -> None:
    shares = Shares()
    shares.note({ANT: 100, BEE: 1}, 0.0)
    assert shares.lately(HALF_LIFE_S) == {ANT: 50}
    assert shares.lately(20 * HALF_LIFE_S) == {}


@pytest.mark.parametrize("back_s", [0.0, 5.0])
def test_a_clock_that_stands_still_or_goes_back_takes_nothing_away(back_s: float) -> None:
    shares = Shares()
    shares.note({ANT: 10}, 100.0)
    assert shares.lately(100.0 - back_s) == {ANT: 10}
