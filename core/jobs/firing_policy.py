"""Policies of schedules: what is to become of fire times that were missed, or come while a job is still open."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum

GRACE = timedelta(seconds=60)
"""A fire time is missed when it was not fired for so long."""


class Missed(StrEnum):
    """What is made up for, once schedules are fired again."""

    SKIP = "skip"
    ONCE = "once"
    """Only the latest fire time."""
    ALL = "all"


class Overlap(StrEnum):
    """What a fire time does while a job of its schedule is not final."""

    ALLOW = "allow"
    SKIP = "skip"
    CANCEL = "cancel"
    """It cancels the open jobs and takes their place."""


class Outcome(StrEnum):
    """What became of a fire time."""

    SUBMITTED = "submitted"
    MANUAL = "manual"
    MISSED = "missed"
    OVERLAPPED = "overlapped"
    REFUSED = "refused"


def decide(
    times: Sequence[datetime],
    now: datetime,
    *,
    missed: Missed,
    overlap: Overlap,
    is_busy: bool,
    are_all: bool,
) -> dict[datetime, Outcome]:
    """Decide what becomes of due fire times, given in order; `are_all` unless later ones are due as well."""
    wanted = _wanted(times, now, missed, are_all=are_all)
    chosen = _chosen(wanted, overlap, is_busy=is_busy)
    return {
        at: Outcome.SUBMITTED if at in chosen else Outcome.OVERLAPPED if at in wanted else Outcome.MISSED
        for at in times
    }


def _wanted(times: Sequence[datetime], now: datetime, missed: Missed, *, are_all: bool) -> frozenset[datetime]:
    in_time = [at for at in times if at >= now - GRACE]
    if missed is Missed.ALL or len(in_time) == len(times):
        return frozenset(times)
    if missed is Missed.SKIP:
        return frozenset(in_time)
    return frozenset(times[-1:] if are_all else ())


def _chosen(wanted: frozenset[datetime], overlap: Overlap, *, is_busy: bool) -> frozenset[datetime]:
    if overlap is Overlap.ALLOW or not wanted:
        return wanted
    if overlap is Overlap.CANCEL:
        return frozenset({max(wanted)})
    return frozenset(() if is_busy else {min(wanted)})
