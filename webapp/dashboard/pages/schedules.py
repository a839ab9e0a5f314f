"""Schedules: what fires within the next day, what became of fire times; pausing, running now, changing."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from itertools import islice
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, request
from sqlalchemy.orm import Session

from core.clock import database_now
from core.errors import Invalid, PenstockError
from core.jobs import firing, quotas, schedule_queries, schedules
from core.jobs.schedule_documents import schedule_document
from webapp.api.v1.kinds import find_kind
from webapp.dashboard.forms import Field, fields_of, place, take, walk
from webapp.dashboard.frame import led_on, page, rendered
from webapp.dashboard.strips import Strip, hours_of, strip_of
from webapp.openapi import json_schema
from webapp.operations import Call
from webapp.parsing import load
from webapp.problems import status_of
from webapp.schemas.schedules import DEFAULTS, ScheduleChange, ScheduleRequest, SchedulesQuery

blueprint = Blueprint("schedules", __name__)

RUNS_SHOWN = 30
NEXT_SHOWN = 8
FORM = (
    *("name", "cron", "every_s", "timezone", "params", "missed", "overlap", "jitter_s", "priority", "tags"),
    *("timeout_s", "max_attempts", "starts_at", "ends_at"),
)
_RULES = frozenset({"cron", "every_s"})


@page(blueprint, "GET /schedules", "schedules:read", query=SchedulesQuery)
def list_schedules(call: Call) -> Response:
    """List schedules with the day ahead of each."""
    query, tenant_id, limit = call.query, call.principal.tenant_id, call.query["limit"]
    with call.database.transaction() as session:
        now = database_now(session)
        rows = schedule_queries.list_schedules(
            session, tenant_id, limit=limit + 1, after=query["cursor"], kind=query["kind"], paused=query["paused"]
        )
        strips = {row.id: _strip(session, tenant_id, row.id, now) for row in rows[:limit] if not row.paused}
    return rendered(
        "schedules.html",
        schedules=rows[:limit],
        strips=strips,
        hours=hours_of(now),
        next_cursor=rows[limit - 1].id if len(rows) > limit else None,
        kinds=list(call.process.catalogue.kinds),
    )


@page(blueprint, "GET /schedules/<uuid:schedule_id>", "schedules:read")
def show_schedule(call: Call, schedule_id: UUID) -> Response:
    """Show a schedule: its rule, when it fires next, what became of the last fire times."""
    return _schedule(call, schedule_id)


@page(blueprint, "GET /schedules/new/<kind>", "schedules:write")
def show_new(call: Call, kind: str) -> Response:
    """Show the form of a new schedule of a kind."""
    found = find_kind(call.process.catalogue, kind)
    return rendered("schedule_new.html", kind=kind, fields=_fields({**DEFAULTS, "params": found.example}), left=())


@page(blueprint, "POST /schedules/new/<kind>", "schedules:write")
def create_schedule(call: Call, kind: str) -> Response:
    """Make a schedule, or show what is wrong with it."""
    fields = _fields({})
    try:
        asked = load(ScheduleRequest(), {**_taken(fields), "kind": kind})
        with call.database.transaction() as session:
            find, now = call.process.catalogue.find, database_now(session)
            schedule_id = schedules.create(session, call.principal, find, asked, now=now)
    except Invalid as error:
        left = place(fields, error.errors, below="")
        return rendered(
            "schedule_new.html", status=status_of(type(error)), kind=kind, fields=fields, left=left, error=error
        )
    return led_on("schedules.show_schedule", "schedule-made", schedule_id=schedule_id)


@page(blueprint, "POST /schedules/<uuid:schedule_id>", "schedules:write")
def change_schedule(call: Call, schedule_id: UUID) -> Response:
    """Change what was changed in the form, or show what is wrong with it."""
    fields = _fields({})
    try:
        taken = _taken(fields)
        with call.database.transaction() as session:
            row = schedule_queries.get_schedule(session, call.principal.tenant_id, schedule_id)
            _change(call, session, schedule_id, load(ScheduleChange(), _changes(schedule_document(row), taken)))
    except Invalid as error:
        return _schedule(call, schedule_id, fields=fields, error=error)
    return led_on("schedules.show_schedule", "schedule-changed", schedule_id=schedule_id)


@page(blueprint, "POST /schedules/<uuid:schedule_id>/pause", "schedules:write")
def pause_schedule(call: Call, schedule_id: UUID) -> Response:
    """Pause a schedule."""
    with call.database.transaction() as session:
        _change(call, session, schedule_id, {"paused": True})
    return led_on("schedules.show_schedule", "paused", schedule_id=schedule_id)


@page(blueprint, "POST /schedules/<uuid:schedule_id>/resume", "schedules:write")
def resume_schedule(call: Call, schedule_id: UUID) -> Response:
    """Have a schedule fire again."""
    with call.database.transaction() as session:
        _change(call, session, schedule_id, {"paused": False})
    return led_on("schedules.show_schedule", "resumed", schedule_id=schedule_id)


@page(blueprint, "POST /schedules/<uuid:schedule_id>/run", "schedules:write")
def run_schedule(call: Call, schedule_id: UUID) -> Response:
    """Submit a schedule's job now."""
    with call.database.transaction() as session:
        find, now = call.process.catalogue.find, database_now(session)
        job_id = firing.run_now(session, call.principal, find, schedule_id, now=now)
        call.hold_to_quotas(session, quotas.JOBS)
    return led_on("job.show_job", "fired", job_id=job_id)


@page(blueprint, "POST /schedules/<uuid:schedule_id>/delete", "schedules:write")
def delete_schedule(call: Call, schedule_id: UUID) -> Response:
    """Delete a schedule; its jobs stay."""
    with call.database.transaction() as session:
        schedules.delete(session, call.principal.tenant_id, schedule_id)
    return led_on("schedules.list_schedules", "schedule-deleted")


def _schedule(
    call: Call, schedule_id: UUID, *, fields: Sequence[Field] | None = None, error: PenstockError | None = None
) -> Response:
    tenant_id = call.principal.tenant_id
    with call.database.transaction() as session:
        now = database_now(session)
        row = schedule_queries.get_schedule(session, tenant_id, schedule_id)
        runs = schedule_queries.list_runs(session, schedule_id, limit=RUNS_SHOWN)
        ahead = list(islice(schedules.times_ahead(session, tenant_id, schedule_id, now=now), NEXT_SHOWN))
        strip = _strip(session, tenant_id, schedule_id, now)
    document = schedule_document(row)
    return rendered(
        "schedule.html",
        status=HTTPStatus.OK if error is None else status_of(type(error)),
        schedule=document,
        runs=runs,
        ahead=ahead,
        ahead_strip=strip,
        hours=hours_of(now),
        fields=fields or _fields(document),
        error=error,
        left=place(fields, error.errors, below="") if fields and error else (),
    )


def _strip(session: Session, tenant_id: UUID, schedule_id: UUID, now: Any) -> Strip:
    return strip_of(schedules.times_ahead(session, tenant_id, schedule_id, now=now), now)


def _fields(values: Mapping[str, Any]) -> list[Field]:
    properties = json_schema(ScheduleChange)["properties"]
    return fields_of({"properties": {name: properties[name] for name in FORM}}, values)


def _taken(fields: Sequence[Field]) -> dict[str, Any]:
    """Return what was typed; raises `Invalid` where something of it cannot be read."""
    taken = take(fields, request.form)
    if any(each.errors for each in walk(fields)):
        raise Invalid("some fields cannot be read")
    return taken


def _changes(before: Mapping[str, Any], taken: Mapping[str, Any]) -> dict[str, Any]:
    """Return which fields are to become what; one that was emptied becomes nothing where it may."""
    changed = {name: value for name, value in taken.items() if value != before[name]}
    emptied = {name for name in FORM if name not in taken and before[name]}
    nothing = {name: None for name in emptied if "null" in json_schema(ScheduleChange)["properties"][name]["type"]}
    if _RULES & taken.keys():
        nothing = {name: value for name, value in nothing.items() if name not in _RULES}
    return {**changed, **nothing, **({"tags": []} if "tags" in emptied else {})}


def _change(call: Call, session: Session, schedule_id: UUID, changes: Mapping[str, Any]) -> None:
    find, now = call.process.catalogue.find, database_now(session)
    schedules.change(session, call.principal, find, schedule_id, changes, now=now)
