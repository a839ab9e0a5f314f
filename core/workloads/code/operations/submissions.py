"""Submissions: handed in, graded by a job, settled, read by their authors and these authors' teachers alone.

The job's params have the source as a secret, and its result is enclosed with a key that is kept here: whoever may look
at the tenant's jobs reads neither. What the job leaves is settled once, by whoever looks next.
"""

import json
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from core.clock import Clock
from core.crypto import CiphertextRefused
from core.errors import Missing
from core.ids import uuid7
from core.jobs.models import Job
from core.jobs.states import FINAL, State
from core.jobs.submission import JobRequest, submit
from core.platform.access import Principal
from core.platform.sealing.values import Place, Sealed, open_sealed, seal
from core.workloads.code import kinds
from core.workloads.code.curriculum.fingerprints import fingerprints
from core.workloads.code.curriculum.parts import Exercise
from core.workloads.code.envelopes import disclose
from core.workloads.code.operations.classes import taught_by
from core.workloads.code.operations.models import SubmissionRow

TAG = "course"
_TOLD = ("cases", "diagnostics", "notes")


class SubmissionMissing(Missing):
    """There is no such submission, or it is another student's."""

    code = "submission_missing"


def hand_in(
    session: Session,
    principal: Principal,
    exercise: Exercise,
    language: str,
    source: str,
    *,
    answer_key: str,
    clock: Clock,
) -> SubmissionRow:
    """Keep a program sealed and have it graded by a job; raises what submitting raises."""
    params = {"exercise": exercise.name, "language": language, "sealed_source": source, "answer_key": answer_key}
    job_id = submit(session, principal, JobRequest(kinds.GRADE, params, tags=(TAG,)), clock=clock, quiet=True).job_id
    made = uuid7()
    row = SubmissionRow(
        id=made,
        tenant_id=principal.tenant_id,
        member_id=principal.id,
        exercise=exercise.name,
        language=language,
        job_id=job_id,
        source=_seal(session, principal.tenant_id, principal.id, made, "source", source),
        answer_key=_seal(session, principal.tenant_id, principal.id, made, "answer_key", answer_key),
        points_possible=exercise.points,
        fingerprints=fingerprints(language, source),
        failed_cases=[],
    )
    session.add(row)
    session.flush()
    session.refresh(row)
    return row


def list_submissions(
    session: Session,
    principal: Principal,
    *,
    limit: int,
    after: UUID | None = None,
    exercise: str | None = None,
    member_id: UUID | None = None,
) -> Sequence[SubmissionRow]:
    """Return what the caller may read, newest first, beginning behind `after`, settled as far as it can be."""
    query = select(SubmissionRow).where(_readable(principal))
    if after is not None:
        query = query.where(SubmissionRow.id < after)
    if exercise is not None:
        query = query.where(SubmissionRow.exercise == exercise)
    if member_id is not None:
        query = query.where(SubmissionRow.member_id == member_id)
    found = session.scalars(query.order_by(SubmissionRow.id.desc()).limit(limit)).all()
    settle(session, principal.tenant_id, found)
    return found


def read_submission(session: Session, principal: Principal, submission_id: UUID) -> SubmissionRow:
    """Return one, settled if it can be; raises `SubmissionMissing`."""
    found = session.scalar(select(SubmissionRow).where(SubmissionRow.id == submission_id, _readable(principal)))
    if found is None:
        raise SubmissionMissing(f"there is no submission {submission_id}")
    settle(session, principal.tenant_id, [found])
    return found


def source_of(session: Session, row: SubmissionRow) -> str:
    """Open the program."""
    return open_sealed(session, _place(row.tenant_id, row.id, "source"), row.source)


def answer_of(session: Session, row: SubmissionRow) -> dict[str, Any] | None:
    """Open what was told case by case; None until it is graded."""
    if row.answer is None:
        return None
    told: dict[str, Any] = json.loads(open_sealed(session, _place(row.tenant_id, row.id, "answer"), row.answer))
    return told


def settle(session: Session, tenant_id: UUID, rows: Sequence[SubmissionRow]) -> None:
    """Take over what the jobs of submissions have left, as far as they are final."""
    grading = {row.job_id: row for row in rows if row.status == "grading"}
    if not grading:
        return
    known = {
        job.id: job
        for job in session.execute(
            select(Job.id, Job.state, Job.result, Job.error).where(Job.id.in_(grading), Job.tenant_id == tenant_id)
        )
    }
    for job_id, row in grading.items():
        job = known.get(job_id)
        if job is not None and job.state not in FINAL:
            continue
        row.settled_at = session.scalar(select(func.now()))
        if job is None or job.state != State.SUCCEEDED or job.result is None:
            told = None if job is None else job.error
            row.status, row.reason = "failed", (told or {}).get("message", "Its job left nothing.")
        else:
            _take_over(session, row, job.result)
        row.answer_key = None
    session.flush()


def _take_over(session: Session, row: SubmissionRow, result: dict[str, Any]) -> None:
    assert row.answer_key is not None, "the key is kept until the answer is opened"
    try:
        told = disclose(result, open_sealed(session, _place(row.tenant_id, row.id, "answer_key"), row.answer_key))
    except CiphertextRefused as error:
        row.status, row.reason = "failed", error.detail
        return
    kept = json.dumps({name: told[name] for name in _TOLD})
    row.answer = _seal(session, row.tenant_id, row.member_id, row.id, "answer", kept)
    row.failed_cases = [case["name"] for case in told["cases"] if case["verdict"] != "accepted"]
    row.status, row.verdict, row.points = "graded", told["verdict"], told["points"]


def _readable(principal: Principal) -> ColumnElement[bool]:
    whose = SubmissionRow.member_id == principal.id
    if principal.may("classes:read"):
        whose = or_(whose, SubmissionRow.member_id.in_(taught_by(principal)))
    return and_(SubmissionRow.tenant_id == principal.tenant_id, whose)


def _seal(session: Session, tenant_id: UUID, member_id: UUID, row: UUID, column: str, value: str) -> Sealed:
    return seal(session, _place(tenant_id, row, column), value, subject=member_id)


def _place(tenant_id: UUID, row: UUID, column: str) -> Place:
    return Place(tenant_id, "course_submissions", column, row)
