"""Fire times of schedules: the next ones, what became of the last ones, one just now, and none for a while."""

from itertools import islice
from typing import Any
from uuid import UUID

from flask import Response
from flask_smorest import Blueprint

from core.clock import database_now, rfc3339
from core.jobs import firing, queries, quotas, schedule_queries, schedules
from core.jobs.documents import job_document
from core.jobs.schedule_documents import run_document, schedule_document
from webapp.operations import Answer, Body, Call, json_answer, operation, page_answer
from webapp.schemas.jobs import JobDocument
from webapp.schemas.schedules import NextList, NextQuery, RunsQuery, ScheduleDocument, ScheduleRunList
from webapp.schemas.values import Nothing

blueprint = Blueprint("firing", __name__, description="Fire times of schedules")


@operation(
    blueprint,
    "GET /schedules/<uuid:schedule_id>/next",
    "schedules:read",
    query=NextQuery,
    answers={200: Answer("The next fire times, fewer if the schedule ends before", NextList)},
    problems=(404,),
)
def list_next_fire_times(call: Call, schedule_id: UUID) -> Response:
    """Tell when a schedule fires next; of a paused one, when it would if it were resumed now."""
    with call.database.transaction() as session:
        times = schedules.times_ahead(session, call.principal.tenant_id, schedule_id, now=database_now(session))
    return page_answer([rfc3339(at) for at in islice(times, call.query["n"])])


@operation(
    blueprint,
    "GET /schedules/<uuid:schedule_id>/runs",
    "schedules:read",
    query=RunsQuery,
    answers={200: Answer("One page of its history", ScheduleRunList)},
    problems=(404,),
)
def list_schedule_runs(call: Call, schedule_id: UUID) -> Response:
    """List what became of a schedule's fire times, newest first.

    `submitted`, `manual` (run now), `missed` (nobody fired it in time), `overlapped` (a job was still open), or
    `refused` (the job could not be submitted; the schedule was paused).
    """
    limit = call.query["limit"]
    with call.database.statements() as session:
        schedule_queries.get_schedule(session, call.principal.tenant_id, schedule_id)
        rows = schedule_queries.list_runs(session, schedule_id, limit=limit + 1, before=call.query["cursor"])
    page, more = rows[:limit], len(rows) > limit
    return page_answer([run_document(row) for row in page], rfc3339(page[-1].fire_at) if more else None)


@operation(
    blueprint,
    "POST /schedules/<uuid:schedule_id>/run",
    "schedules:write",
    body=Body(Nothing, required=False),
    answers={
        202: Answer(
            "Accepted: the job will reach a final state", JobDocument, headers={"Location": "Address of the job"}
        )
    },
    problems=(404, 413, 415),
)
def run_schedule(call: Call, schedule_id: UUID) -> Response:
    """Submit a schedule's job now, paused or not, whatever else of it is open; its fire times stay as they are."""
    tenant_id = call.principal.tenant_id
    with call.database.transaction() as session:
        find_kind, now = call.process.catalogue.find, database_now(session)
        job_id = firing.run_now(session, call.principal, find_kind, schedule_id, now=now)
        call.hold_to_quotas(session, quotas.JOBS)
        row = queries.get_job(session, tenant_id, job_id)
    document = job_document(row._asdict(), debug=call.principal.may("jobs:debug"))
    return json_answer(document, 202, {"Location": document["links"]["self"]})


@operation(
    blueprint,
    "POST /schedules/<uuid:schedule_id>/pause",
    "schedules:write",
    body=Body(Nothing, required=False),
    answers={200: Answer("The schedule, paused", ScheduleDocument)},
    problems=(404, 413, 415),
)
def pause_schedule(call: Call, schedule_id: UUID) -> Response:
    """Pause a schedule: it does not fire, and what falls into the pause is not made up for."""
    return _changed(call, schedule_id, {"paused": True})


@operation(
    blueprint,
    "POST /schedules/<uuid:schedule_id>/resume",
    "schedules:write",
    body=Body(Nothing, required=False),
    answers={200: Answer("The schedule, no longer paused", ScheduleDocument)},
    problems=(404, 413, 415),
)
def resume_schedule(call: Call, schedule_id: UUID) -> Response:
    """Resume a schedule: it fires from now on."""
    return _changed(call, schedule_id, {"paused": False})


def _changed(call: Call, schedule_id: UUID, changes: dict[str, Any]) -> Response:
    with call.database.transaction() as session:
        find_kind, now = call.process.catalogue.find, database_now(session)
        schedules.change(session, call.principal, find_kind, schedule_id, changes, now=now)
        row = schedule_queries.get_schedule(session, call.principal.tenant_id, schedule_id)
    return json_answer(schedule_document(row))
