"""The course: modules, lessons whose programs run, exercises with an editor, and what came of a submission."""

import secrets
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, request

from core.errors import Invalid
from core.jobs import quotas
from core.platform.audit import entries
from core.workloads.code.curriculum.parts import Exercise
from core.workloads.code.curriculum.reading import curriculum
from core.workloads.code.operations import submissions
from core.workloads.code.operations.models import SubmissionRow
from webapp.course import find_exercise, find_lesson, submission_document
from webapp.dashboard.frame import led_on, page, rendered
from webapp.dashboard.prose import prose, stretches
from webapp.operations import Call
from webapp.parsing import load
from webapp.problems import status_of
from webapp.schemas.classes import SubmissionRequest

blueprint = Blueprint("course", __name__)

LATEST = 10
MOST_COUNTED = 1_000
"""Submissions of one's own that progress is told from."""


@page(blueprint, "GET /course", "courses:read")
def list_modules(call: Call) -> Response:
    """Show the modules, with what one has solved already."""
    solved: set[str] = set()
    if call.principal.may("submissions:read"):
        with call.database.transaction() as session:
            mine = submissions.list_submissions(
                session, call.principal, limit=MOST_COUNTED, member_id=call.principal.id
            )
            solved = {row.exercise for row in mine if row.solved}
    return rendered("course/modules.html", modules=curriculum().modules, solved=solved)


@page(blueprint, "GET /course/lessons/<lesson>", "courses:read")
def show_lesson(_call: Call, lesson: str) -> Response:
    """Show a lesson; each program in it can be run in the playground."""
    module, found = find_lesson(lesson)
    return rendered("course/lesson.html", module=module, lesson=found, stretches=list(stretches(found)))


@page(blueprint, "GET /course/exercises/<exercise>", "courses:read")
def show_exercise(call: Call, exercise: str) -> Response:
    """Show an exercise, what one has handed in for it, and an editor."""
    found = find_exercise(exercise)
    latest: list[SubmissionRow] = []
    source = ""
    if call.principal.may("submissions:read"):
        with call.database.transaction() as session:
            latest = [
                *submissions.list_submissions(
                    session, call.principal, limit=LATEST, exercise=found.name, member_id=call.principal.id
                )
            ]
            source = submissions.source_of(session, latest[0]) if latest else ""
    return _exercise(found, latest, {"source": source, "language": latest[0].language if latest else None})


@page(blueprint, "POST /course/exercises/<exercise>", "submissions:write")
def hand_in(call: Call, exercise: str) -> Response:
    """Hand a program in, and go on to what comes of it."""
    found = find_exercise(exercise)
    form = {name: request.form.get(name, "").replace("\r\n", "\n") for name in ("language", "source")}
    try:
        asked = load(SubmissionRequest(), {"exercise": found.name, **form})
        with call.database.transaction() as session:
            key = secrets.token_hex(32)
            language, source, clock = asked["language"], asked["source"], call.process.clock
            row = submissions.hand_in(session, call.principal, found, language, source, answer_key=key, clock=clock)
            call.hold_to_quotas(session, quotas.JOBS)
            entries.append(session, call.foretell(303, f"/api/v1/submissions/{row.id}"))
            made = row.id
    except Invalid as error:
        return _exercise(found, [], form, error)
    call.process.waker.wake()
    return led_on("course.show_submission", submission_id=made)


@page(blueprint, "GET /course/submissions/<uuid:submission_id>", "submissions:read")
def show_submission(call: Call, submission_id: UUID) -> Response:
    """Show how a submission went, case by case; while it is graded the page loads itself anew."""
    with call.database.transaction() as session:
        row = submissions.read_submission(session, call.principal, submission_id)
        told = submission_document(session, row)
    return rendered("course/submission.html", told=told, exercise=find_exercise(row.exercise))


def _exercise(
    exercise: Exercise, latest: list[SubmissionRow], form: dict[str, Any], error: Invalid | None = None
) -> Response:
    return rendered(
        "course/exercise.html",
        status=200 if error is None else status_of(type(error)),
        exercise=exercise,
        statement=prose(exercise.statement),
        latest=latest,
        form=form,
        error=error,
    )
