"""Submissions: programs handed in for an exercise, graded by jobs, read by authors and their teachers."""

import secrets
from uuid import UUID

from flask import Response
from flask_smorest import Blueprint

from core.jobs import quotas
from core.platform.audit import entries
from core.workloads.code.operations import submissions
from webapp.course import find_exercise, submission_brief, submission_document
from webapp.operations import Answer, Body, Call, json_answer, operation, page_answer
from webapp.schemas.classes import SubmissionDocument, SubmissionList, SubmissionRequest, SubmissionsQuery

blueprint = Blueprint("handing_in", __name__, description="Programs handed in for exercises")


@operation(
    blueprint,
    "GET /submissions",
    "submissions:read",
    query=SubmissionsQuery,
    answers={200: Answer("One page of submissions", SubmissionList)},
)
def list_submissions(call: Call) -> Response:
    """List one's own submissions, and those of students whom one teaches, newest first."""
    limit = call.query["limit"]
    with call.database.transaction() as session:
        found = submissions.list_submissions(
            session,
            call.principal,
            limit=limit + 1,
            after=call.query["cursor"],
            exercise=call.query["exercise"],
            member_id=call.query["member_id"],
        )
        page = [submission_brief(row) for row in found[:limit]]
    return page_answer(page, str(page[-1]["id"]) if len(found) > limit else None)


@operation(
    blueprint,
    "POST /submissions",
    "submissions:write",
    body=Body(SubmissionRequest),
    answers={
        202: Answer("The submission, which is being graded", SubmissionDocument, headers={"Location": "Its address"})
    },
    problems=(404, 413, 415),
)
def hand_in(call: Call) -> Response:
    """Hand in a program.

    A job of `code.grade` runs the exercise's cases, hidden ones among them. The source is sealed at rest; whoever may
    look at jobs reads neither it nor what is told case by case.
    """
    asked = call.body
    exercise = find_exercise(asked["exercise"])
    with call.database.transaction() as session:
        row = submissions.hand_in(
            session,
            call.principal,
            exercise,
            asked["language"],
            asked["source"],
            answer_key=secrets.token_hex(32),
            clock=call.process.clock,
        )
        call.hold_to_quotas(session, quotas.JOBS)
        document = submission_document(session, row)
        entries.append(session, call.foretell(202, document["links"]["self"]))
    call.process.waker.wake()
    return json_answer(document, 202, {"Location": document["links"]["self"]})


@operation(
    blueprint,
    "GET /submissions/<uuid:submission_id>",
    "submissions:read",
    answers={200: Answer("The submission", SubmissionDocument)},
    problems=(404,),
)
def read_submission(call: Call, submission_id: UUID) -> Response:
    """Read a submission: the program, and how each case went.

    Of hidden cases nothing that is read or printed is told.
    """
    with call.database.transaction() as session:
        row = submissions.read_submission(session, call.principal, submission_id)
        return json_answer(submission_document(session, row))
