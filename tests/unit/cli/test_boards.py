"""How jobs on their way are shown to people."""

import io
from typing import Any

import pytest
from penstock_client import Job

from webapp.cli._progress import Bars, Lines, describe, opened_board


def job(state: str, fraction: float | None = None, **fields: Any) -> Job:
    progress = {"fraction": fraction, "step": "s", "message": "step 1", "eta_s": 3.4} if fraction is not None else None
    document = {
        "id": "j",
        "kind": "platform.sleep",
        "state": state,
        "attempt": 1,
        "max_attempts": 3,
        "progress": progress,
        "error": None,
        "created_at": "2026-01-01T00:00:00Z",
        "started_at": "2026-01-01T00:00:01Z",
        "finished_at": "2026-01-01T00:00:03.5Z" if state == "succeeded" else None,
    }
    return Job.read({**document, **fields})


@pytest.mark.parametrize(
    ("shown", "said"),
    [
        (job("queued"), "queued"),
        (job("running", 0.25), "running 25% step 1 - 3 s left"),
        (job("running", 0.25, attempt=2), "running (attempt 2 of 3) 25% step 1 - 3 s left"),
        (job("succeeded", 1.0), "succeeded in 2.50 s"),
        (job("failed", error={"code": "time_limit", "message": "too slow"}), "failed - time_limit: too slow"),
    ],
)
def test_a_few_words_say_how_a_job_is(shown: Job, said: str) -> None:
    assert describe(shown) == said


def test_lines_tell_states_and_quarters_and_no_more() -> None:
    stream = io.StringIO()
    with opened_board(stream) as board:
        for each in (
            job("queued"),
            *(job("running", n / 100) for n in (*range(100), 30, 60)),
            job("succeeded"),
            job("succeeded"),
        ):
            board.show("sleep", each)
    assert isinstance(board, Lines)
    assert len(stream.getvalue().splitlines()) == 6


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


def test_a_bar_fills_up_and_keeps_brackets_in_messages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "200")
    stream = Terminal()
    with opened_board(stream) as bars:
        assert isinstance(bars, Bars)
        error = {"code": "unexpected_error", "message": "KeyError: [/red]"}
        for each in (job("running", 0.5), job("failed", 0.5, error=error)):
            bars.show("sleep", each)
        (row,) = bars.progress.tasks
        assert (row.completed, row.stop_time is not None) == (0.5, True)
        bars.progress.refresh()
        assert "KeyError: [/red]" in stream.getvalue()
        bars.show("sleep", job("succeeded"))
        assert row.completed == 1.0
