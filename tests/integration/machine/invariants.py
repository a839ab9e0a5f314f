"""What must hold between any two steps, whatever was done."""

from collections import Counter
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import Row

from core.jobs.states import FINAL, IDLE, MOVES, TRANSITIONS, State
from tests.integration.machine.snapshot import Snapshot

_TARGETS = {
    event: frozenset(move.target for move in MOVES if move.event == event) for event in {move.event for move in MOVES}
}
_REMARKS = {"job.progress", "job.cancel_requested"}
_FIRST = {State.SCHEDULED, State.WAITING, State.QUEUED}
_ENDS = {f"job.{state}" for state in FINAL}


def check(now: Snapshot, taken: Mapping[UUID, int]) -> None:
    """Check one state of affairs; `taken` is the version each job had when its latest message was carried away."""
    for job in now.jobs.values():
        history = _check_history(now, job)
        _check_columns(job)
        if job.state in FINAL:
            latest = history[_last(history, {"job.retried"}) + 1 :]
            assert [event for event in latest if event in _ENDS] == [f"job.{job.state}"] == latest[-1:], history
        elif job.state == State.QUEUED:
            queued_by = {event for event, targets in _TARGETS.items() if State.QUEUED in targets}
            queued_as = _last(history, queued_by) + 1
            assert job.id in now.with_message or taken.get(job.id, 0) >= queued_as, f"{job.id} has no message"
        elif job.state == State.WAITING:
            hoped_for = [one for one in now.awaited(job.id) if now.is_open(one) or one in now.unsettled]
            assert hoped_for, f"{job.id} waits for nothing: {history}"
    assert set(now.events) == set(now.jobs)
    _check_keys(now)
    for message in now.messages:
        job = now.jobs.get(message.job_id, message)
        assert (job.tenant_id, job.queue, job.priority) == (message.tenant_id, message.queue, message.priority)


def check_step(before: Snapshot, now: Snapshot, *, tenant_id: UUID | None, pruning: bool) -> None:
    """Check what one step changed: one that acted for a tenant touched nobody else's jobs."""
    for job_id, was in before.jobs.items():
        job = now.jobs.get(job_id)
        if job is None:
            assert pruning, f"{job_id} vanished"
            assert was.state in FINAL
            assert was.aged
            continue
        assert job.version >= was.version
        assert job.fence >= was.fence
        assert (job.tenant_id, job.kind, job.parent_id, job.created_at <= was.created_at) == (
            *(was.tenant_id, was.kind, was.parent_id),
            True,
        )
        if tenant_id not in {None, job.tenant_id}:
            assert tuple(job)[:-1] == tuple(was)[:-1], f"{job_id} is somebody else's"
        if was.state == State.WAITING and job.state in {State.QUEUED, State.SCHEDULED}:
            assert not [one for one in now.awaited(job_id) if now.is_open(one)], f"{job_id} went on too early"
    for gate, most in now.limits.items():
        assert now.running_at.get(gate, 0) <= max(most, before.running_at.get(gate, 0)), f"too many at {gate}"


def _check_history(now: Snapshot, job: Row[Any]) -> list[str]:
    """Check that events are numbered without gaps and lead along the transitions to where the job is."""
    events = now.events[job.id]
    assert [seq for seq, _ in events] == list(range(1, job.version + 1))
    history = [event for _, event in events]
    assert history[0] == "job.submitted"
    states = _FIRST
    for event in history[1:]:
        if event not in _REMARKS:
            states = {target for target in _TARGETS[event] if any(target in TRANSITIONS[state] for state in states)} | (
                {State.QUEUED} if states is _FIRST and event == "job.queued" else set()
            )
    assert job.state in states, f"{job.state} after {history}"
    return history


def _check_columns(job: Row[Any]) -> None:
    assert (job.finished_at is not None) == (job.state in FINAL)
    assert (job.lease_expires_at is not None) == (job.state == State.RUNNING)
    assert (job.due_at is not None) or job.state not in {State.SCHEDULED, State.RETRYABLE}
    assert (job.result is not None) == (job.state == State.SUCCEEDED)
    assert 0 <= job.attempt <= job.max_attempts
    if job.state == State.RUNNING:
        assert job.worker
        assert job.fence
        assert job.started_at
    if job.state in IDLE:
        assert job.worker is None
        assert job.cancel_requested_at is None, "a job that was to be cancelled goes on"


def _check_keys(now: Snapshot) -> None:
    holders = Counter((job.tenant_id, job.unique_key) for job in now.jobs.values() if now.is_open(job.id))
    assert not [key for key, count in holders.items() if key[1] is not None and count > 1]


def _last(history: list[str], events: set[str]) -> int:
    """Return where the last of these events is; -1 when there is none."""
    return max((place for place, event in enumerate(history) if event in events), default=-1)
