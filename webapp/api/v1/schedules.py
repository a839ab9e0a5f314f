"""Schedules: rules that submit jobs at times; made, read, changed and deleted."""

from uuid import UUID

from flask import Response
from flask_smorest import Blueprint
from sqlalchemy.orm import Session

from core.clock import database_now
from core.jobs import schedule_queries, schedules
from core.jobs.schedule_documents import schedule_document
from webapp.operations import Answer, Body, Call, json_answer, operation, page_answer
from webapp.schemas.schedules import ScheduleChange, ScheduleDocument, ScheduleList, ScheduleRequest, SchedulesQuery

blueprint = Blueprint("schedules", __name__, description="Rules that submit jobs at times")


@operation(
    blueprint,
    "GET /schedules",
    "schedules:read",
    query=SchedulesQuery,
    answers={200: Answer("One page of schedules", ScheduleList)},
)
def list_schedules(call: Call) -> Response:
    """List schedules, newest first."""
    query, limit = call.query, call.query["limit"]
    with call.database.statements() as session:
        rows = schedule_queries.list_schedules(
            session,
            call.principal.tenant_id,
            limit=limit + 1,
            after=query["cursor"],
            kind=query["kind"],
            paused=query["paused"],
        )
    page, more = rows[:limit], len(rows) > limit
    return page_answer([schedule_document(row) for row in page], str(page[-1].id) if more else None)


@operation(
    blueprint,
    "POST /schedules",
    "schedules:write",
    body=Body(ScheduleRequest),
    answers={201: Answer("The schedule", ScheduleDocument, headers={"Location": "Address of the schedule"})},
    problems=(413, 415),
)
def create_schedule(call: Call) -> Response:
    """Make a schedule.

    Its params are checked now and at each fire time; its jobs are submitted with the role that you have now.
    """
    with call.database.transaction() as session:
        schedule_id = schedules.create(
            session, call.principal, call.process.catalogue.find, call.body, now=database_now(session)
        )
        answer = _answer(call, session, schedule_id, 201)
    answer.headers["Location"] = f"/api/v1/schedules/{schedule_id}"
    return answer


@operation(
    blueprint,
    "GET /schedules/<uuid:schedule_id>",
    "schedules:read",
    answers={200: Answer("The schedule", ScheduleDocument)},
    problems=(404,),
)
def read_schedule(call: Call, schedule_id: UUID) -> Response:
    """Read a schedule: its rule, when it fires next, what became of the last fire time."""
    with call.database.statements() as session:
        return _answer(call, session, schedule_id)


@operation(
    blueprint,
    "PATCH /schedules/<uuid:schedule_id>",
    "schedules:write",
    body=Body(ScheduleChange),
    answers={200: Answer("The schedule as it is now", ScheduleDocument)},
    problems=(404, 413, 415),
)
def change_schedule(call: Call, schedule_id: UUID) -> Response:
    """Change some fields of a schedule.

    A new rule counts from now on. Whoever changes kind, params or timeout lends the schedule the own role.
    """
    with call.database.transaction() as session:
        find_kind, now = call.process.catalogue.find, database_now(session)
        schedules.change(session, call.principal, find_kind, schedule_id, call.body, now=now)
        return _answer(call, session, schedule_id)


@operation(
    blueprint,
    "DELETE /schedules/<uuid:schedule_id>",
    "schedules:write",
    answers={204: Answer("It is gone")},
    problems=(404,),
)
def delete_schedule(call: Call, schedule_id: UUID) -> Response:
    """Delete a schedule with the history of its fire times; its jobs stay."""
    with call.database.transaction() as session:
        schedules.delete(session, call.principal.tenant_id, schedule_id)
    return Response(status=204)


def _answer(call: Call, session: Session, schedule_id: UUID, status: int = 200) -> Response:
    row = schedule_queries.get_schedule(session, call.principal.tenant_id, schedule_id)
    return json_answer(schedule_document(row), status)
