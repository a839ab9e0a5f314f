"""How far a class is: what each student has solved, which cases fail most, and whose programs resemble each other."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from statistics import median
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.clock import rfc3339
from core.workloads.code.curriculum.fingerprints import pairs
from core.workloads.code.operations import submissions
from core.workloads.code.operations.classes import list_students
from core.workloads.code.operations.models import ClassRow, SubmissionRow

MOST_READ = 20_000
"""Submissions of a class that are looked at, the newest."""
MOST_FAILING = 10


def class_progress(session: Session, row: ClassRow) -> dict[str, Any]:
    """Return for each student what was tried and solved, and for each exercise how it went for the class."""
    students = {one.member_id: one for one in list_students(session, row)}
    handed_in = _handed_in(session, row, list(students))
    by_student: dict[UUID, list[SubmissionRow]] = defaultdict(list)
    by_exercise: dict[str, list[SubmissionRow]] = defaultdict(list)
    for one in handed_in:
        by_student[one.member_id].append(one)
        by_exercise[one.exercise].append(one)
    return {
        "students": [{"member_id": str(member_id), **_of_student(by_student[member_id])} for member_id in students],
        "exercises": [{"exercise": name, **_of_exercise(mine)} for name, mine in sorted(by_exercise.items())],
    }


def similarity(session: Session, row: ClassRow, exercise: str, *, at_least: float) -> list[dict[str, Any]]:
    """Return pairs of students whose best programs for an exercise in one language resemble each other."""
    handed_in = _handed_in(session, row, [one.member_id for one in list_students(session, row)], exercise)
    best: dict[tuple[str, UUID], SubmissionRow] = {}
    for one in handed_in:
        known = best.get((one.language, one.member_id))
        if known is None or one.points >= known.points:
            best[one.language, one.member_id] = one
    found = []
    for language in sorted({name for name, _ in best}):
        mine = {one.member_id: one for (name, _), one in best.items() if name == language}
        for pair in pairs({author: one.fingerprints for author, one in mine.items()}, at_least):
            both = [{"member_id": str(author), "submission": str(mine[author].id)} for author in (pair.one, pair.other)]
            found.append({"language": language, "similarity": pair.similarity, "shared": pair.shared, "students": both})
    return sorted(found, key=lambda one: -one["similarity"])


def _handed_in(
    session: Session, row: ClassRow, members: Sequence[UUID], exercise: str | None = None
) -> Sequence[SubmissionRow]:
    """Return what members of a class have handed in, settled, the oldest first."""
    query = select(SubmissionRow).where(SubmissionRow.tenant_id == row.tenant_id, SubmissionRow.member_id.in_(members))
    if exercise is not None:
        query = query.where(SubmissionRow.exercise == exercise)
    found = session.scalars(query.order_by(SubmissionRow.id.desc()).limit(MOST_READ)).all()[::-1]
    submissions.settle(session, row.tenant_id, found)
    return found


def _of_student(mine: Sequence[SubmissionRow]) -> dict[str, Any]:
    best: dict[str, float] = {}
    for one in mine:
        best[one.exercise] = max(one.points, best.get(one.exercise, 0.0))
    return {
        "submissions": len(mine),
        "attempted": len(best),
        "solved": sorted({one.exercise for one in mine if one.solved}),
        "points": sum(best.values()),
        "last_at": rfc3339(mine[-1].created_at) if mine else None,
    }


def _of_exercise(mine: Sequence[SubmissionRow]) -> dict[str, Any]:
    authors = {one.member_id for one in mine}
    ways = [way for author in authors if (way := _way(one for one in mine if one.member_id == author)) is not None]
    failing = Counter(name for one in mine for name in one.failed_cases)
    return {
        "submissions": len(mine),
        "students": len(authors),
        "solved": len(ways),
        "median_attempts": median(attempts for attempts, _ in ways) if ways else None,
        "median_seconds_to_solve": median(seconds for _, seconds in ways) if ways else None,
        "failing": [{"case": name, "submissions": count} for name, count in failing.most_common(MOST_FAILING)],
    }


def _way(mine: Iterable[SubmissionRow]) -> tuple[int, float] | None:
    """Return attempts and seconds from a student's first submission to the first that was accepted."""
    began = None
    for attempts, one in enumerate(mine, 1):
        began = began or one.created_at
        if one.solved:
            return attempts, (one.created_at - began).total_seconds()
    return None
