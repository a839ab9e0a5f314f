"""The line to a platform waits where it is asked to, tries again where nothing was done, and never else."""

from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from core.errors import PenstockError
from core.platform.breakers.breaker import BreakerOpen, Breakers
from core.platform.breakers.memory import MemoryStore
from core.workloads.customers.connectors.base import OutcomeUnknown, PlatformAway, PlatformBusy, PlatformRefused
from core.workloads.customers.operations.lines import PATIENCE_S, TRIES, Line


@dataclass
class Told:
    """A platform that raises these one after the other, then answers; and a clock that naps move."""

    troubles: list[PenstockError]
    now: float = 0.0
    asked: int = 0
    line: Line = field(init=False)

    def __post_init__(self) -> None:
        self.line = Line("platform:t", Breakers(MemoryStore()), pause=self.nap, clock=lambda: self.now)

    def nap(self, seconds: float) -> None:
        self.now += seconds

    def deed(self) -> int:
        self.asked += 1
        if self.troubles:
            raise self.troubles.pop(0)
        return 7


def away() -> PenstockError:
    return PlatformAway()


@pytest.mark.parametrize("times", range(TRIES))
def test_who_is_away_is_tried_again(times: int) -> None:
    told = Told([away() for _ in range(times)])
    assert told.line.ask(told.deed) == 7
    assert told.asked == times + 1


def test_who_stays_away_is_let_alone_in_the_end() -> None:
    told = Told([away() for _ in range(9)])
    with pytest.raises(PlatformAway):
        told.line.ask(told.deed)
    with pytest.raises(BreakerOpen):
        told.line.ask(told.deed)
    assert told.asked == 5


@pytest.mark.parametrize("make", [OutcomeUnknown, PlatformRefused])
def test_what_may_have_been_done_or_is_refused_is_not_said_again(make: Callable[[], PenstockError]) -> None:
    told = Told([make()])
    with pytest.raises(type(make())):
        told.line.ask(told.deed)
    assert told.asked == 1


def test_a_rate_limit_is_waited_for_as_long_as_patience_lasts() -> None:
    told = Told([PlatformBusy(retry_after_s=PATIENCE_S / 2), PlatformBusy(retry_after_s=PATIENCE_S / 2)])
    assert told.line.ask(told.deed) == 7
    assert told.now == pytest.approx(PATIENCE_S)
    longer = Told([PlatformBusy(retry_after_s=PATIENCE_S + 0.1)])
    with pytest.raises(PlatformBusy):
        longer.line.ask(longer.deed)
    assert longer.now == 0
