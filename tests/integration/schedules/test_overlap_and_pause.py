"""What a fire time does while a job is still open, and what a pause leaves out."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row

from core.jobs.leases import Claimed
from tests.integration.schedules.conftest import NOON

Make = Callable[..., UUID]
Fire = Callable[..., int]
Runs = Callable[[UUID], list[tuple[float, str]]]
Jobs = Callable[[UUID], list[Row[Any]]]
MINUTE = timedelta(minutes=1)


def outcomes(runs: list[tuple[float, str]]) -> list[str]:
    return [outcome for _, outcome in runs]


def test_jobs_may_overlap(make: Make, fire: Fire, jobs: Jobs) -> None:
    schedule_id = make(overlap="allow")
    for minute in (1, 2, 3):
        fire(NOON + minute * MINUTE)
    assert [job.state for job in jobs(schedule_id)] == ["queued"] * 3


def test_a_fire_time_is_left_out_while_a_job_is_open(
    make: Make, fire: Fire, runs: Runs, jobs: Jobs, put: Callable[..., None]
) -> None:
    schedule_id, other = make(overlap="skip"), make(overlap="skip")
    fire(NOON + 1 * MINUTE)
    fire(NOON + 2 * MINUTE)
    put(jobs(schedule_id)[0].id, state="succeeded")
    fire(NOON + 3 * MINUTE)
    assert outcomes(runs(schedule_id)) == ["submitted", "overlapped", "submitted"]
    assert outcomes(runs(other)) == ["submitted", "overlapped", "overlapped"]


def test_of_many_at_once_the_first_is_submitted_and_the_others_overlap(make: Make, fire: Fire, runs: Runs) -> None:
    schedule_id = make(overlap="skip", missed="all")
    fire(NOON + 4 * MINUTE)
    assert outcomes(runs(schedule_id)) == ["submitted", "overlapped", "overlapped", "overlapped"]


def test_a_fire_time_takes_the_place_of_the_open_jobs(
    make: Make,
    fire: Fire,
    runs: Runs,
    jobs: Jobs,
    take: Callable[..., Claimed],
    history: Callable[[UUID], list[str]],
) -> None:
    schedule_id = make(overlap="cancel")
    fire(NOON + 1 * MINUTE)
    fire(NOON + 2 * MINUTE)
    take(jobs(schedule_id)[1].id)
    fire(NOON + 3 * MINUTE)
    assert [job.state for job in jobs(schedule_id)] == ["cancelled", "running", "queued"]
    assert history(jobs(schedule_id)[1].id)[-1] == "job.cancel_requested"
    assert outcomes(runs(schedule_id)) == ["submitted"] * 3


def test_of_many_at_once_only_the_last_takes_the_place(make: Make, fire: Fire, runs: Runs, jobs: Jobs) -> None:
    schedule_id = make(overlap="cancel", missed="all")
    fire(NOON + 4 * MINUTE)
    assert outcomes(runs(schedule_id)) == ["overlapped", "overlapped", "overlapped", "submitted"]
    assert [job.run_at for job in jobs(schedule_id)] == [NOON + 4 * MINUTE]


def test_what_falls_into_a_pause_is_not_made_up_for(
    make: Make, fire: Fire, runs: Runs, change: Callable[..., None]
) -> None:
    schedule_id = make(missed="all")
    fire(NOON + 1 * MINUTE)
    change(schedule_id, now=NOON + 1 * MINUTE, paused=True)
    assert fire(NOON + 5 * MINUTE) == 0
    change(schedule_id, now=NOON + 5.5 * MINUTE, paused=False)
    fire(NOON + 6 * MINUTE)
    assert runs(schedule_id) == [(60, "submitted"), (360, "submitted")]
