"""Measurements of stations: taken in as JSON or CSV, the latest with its age, all of them, plan against actual."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from flask import Response, request
from flask_smorest import Blueprint

from core.clock import database_now, rfc3339
from core.workloads.pumping.operations import performance, plants, readings_csv, states
from core.workloads.pumping.operations.gathering import Reading
from webapp.operations import JSON, Answer, Call, json_answer, operation, page_answer
from webapp.parsing import load, read_body
from webapp.plants import reading_document, state_document, turned
from webapp.schemas.plants import (
    PerformanceAnswer,
    ReadingList,
    ReadingRequest,
    ReadingsRequest,
    StateAnswer,
    StatesQuery,
    StretchQuery,
    TakenAnswer,
)

blueprint = Blueprint("plant_states", __name__, description="What stations measure")

CSV = "text/csv"
_BODY = {
    "requestBody": {
        "required": True,
        "content": {
            JSON: {"schema": ReadingsRequest},
            CSV: {"schema": {"type": "string", "description": "A header line, then one line a measurement"}},
        },
    }
}


@operation(
    blueprint,
    "GET /plants/<name>/state",
    "plants:read",
    answers={200: Answer("The latest measurement", StateAnswer)},
    problems=(404,),
)
def read_state(call: Call, name: str) -> Response:
    """Read the latest measurement, and whether it is too old to plan by."""
    with call.database.transaction() as session:
        station = plants.find(session, call.principal.tenant_id, name)
        return json_answer(state_document(station, states.latest(session, station), database_now(session)))


@operation(
    blueprint,
    "POST /plants/<name>/state",
    "plants:ingest",
    answers={202: Answer("Taken in", TakenAnswer)},
    problems=(404, 413, 415),
    documentation=_BODY,
)
def take_state(call: Call, name: str) -> Response:
    """Take in measurements: `{"readings": [...]}`, a single one, or CSV; all or none.

    One sent again takes the place of the one before. The first makes the station active: from then on it is planned
    for each quarter of an hour, at once when its measurement arrives.
    """
    tenant_id = call.principal.tenant_id
    csv = request.mimetype == CSV
    readings = [] if csv else _from_json(call)
    with call.database.transaction() as session:
        station = plants.find(session, tenant_id, name)
        if csv:
            readings = readings_csv.read(
                request.get_data(cache=False), station.zone, limit=call.process.settings.max_body_bytes
            )
        taken = states.take(session, station, readings, now=station.now(database_now(session)))
        plants.activate(session, tenant_id, name)
        plan_id = turned(session, tenant_id, name, "schedule")
    return json_answer(
        {
            "received": taken.received,
            "new": taken.new,
            "latest": rfc3339(taken.latest),
            "plan_id": _text(plan_id),
        },
        202,
    )


@operation(
    blueprint,
    "GET /plants/<name>/states",
    "plants:read",
    query=StatesQuery,
    answers={200: Answer("One page of measurements", ReadingList)},
    problems=(404,),
)
def list_states(call: Call, name: str) -> Response:
    """List measurements, newest first."""
    limit = call.query["limit"]
    with call.database.transaction() as session:
        station = plants.find(session, call.principal.tenant_id, name)
        found = states.read(session, station, limit=limit + 1, before=call.query["cursor"])
    page = [reading_document(reading) for reading in found[:limit]]
    return page_answer(page, page[-1]["time"] if len(found) > limit else None)


@operation(
    blueprint,
    "GET /plants/<name>/performance",
    "plants:read",
    query=StretchQuery,
    answers={200: Answer("Plan against actual", PerformanceAnswer)},
    problems=(404,),
)
def read_performance(call: Call, name: str) -> Response:
    """Compare what was measured with what was planned.

    EUR, kWh, kWh/m3, starts, kg CO2, smoothness, time above the alarm.
    """
    with call.database.transaction() as session:
        station = plants.find(session, call.principal.tenant_id, name)
        until = call.query["until"] or station.now(database_now(session))
        since = call.query["since"] or until - timedelta(days=1)
        told = performance.compare(session, station, since, until)
    return json_answer({**told, "since": rfc3339(since), "until": rfc3339(until)})


def _from_json(call: Call) -> Sequence[Reading]:
    sent = read_body(request, limit=call.process.settings.max_body_bytes)
    if isinstance(sent, dict) and "readings" not in sent and sent:
        asked = [load(ReadingRequest(), sent)]
    else:
        asked = load(ReadingsRequest(), {} if sent is None else sent)["readings"]
    return [
        Reading(
            one["time"],
            one["level_m"],
            one["inflow_m3_per_h"],
            one["outflow_m3_per_h"],
            one["power_kw"],
            one["pumps"],
        )
        for one in asked
    ]


def _text(value: UUID | None) -> str | None:
    return None if value is None else str(value)
