"""Errands: done once for all who wanted them meanwhile, never by a caller, again after an error."""

import threading
from threading import Event, get_ident

import pytest

from core.errands import Errand
from tests.waiting import PATIENCE_S, eventually


def test_an_errand_is_done_once_for_all_who_want_it_meanwhile() -> None:
    begun, go_on = Event(), Event()
    done: list[int] = []

    def deed() -> None:
        done.append(get_ident())
        begun.set()
        go_on.wait(PATIENCE_S)

    errand = Errand("test", deed, breath_s=0.0)
    errand.want()
    assert begun.wait(PATIENCE_S)
    for _ in range(10):
        errand.want()
    go_on.set()
    eventually(lambda: len(done) == 2)
    assert get_ident() not in done


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_an_errand_that_failed_is_done_when_wanted_again() -> None:
    done: list[int] = []

    def deed() -> None:
        done.append(len(done))
        if len(done) == 1:
            raise ValueError("as planned")

    errand = Errand("errand that fails", deed, breath_s=0.0)
    errand.want()
    # Its thread has to be over, else pytest hears of the error only in the next test.
    eventually(lambda: done == [0] and "errand that fails" not in {thread.name for thread in threading.enumerate()})
    errand.want()
    eventually(lambda: done == [0, 1])
