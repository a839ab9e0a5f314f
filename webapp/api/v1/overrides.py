"""Operators' orders: one pump, why, until when; the next plan respects them."""

from datetime import timedelta
from uuid import UUID

from flask import Response
from flask_smorest import Blueprint

from core.clock import database_now
from core.workloads.pumping.operations import overrides, plants
from webapp.operations import Answer, Body, Call, json_answer, operation, page_answer
from webapp.plants import override_document, turned
from webapp.schemas.plans import OverrideDocument, OverrideList, OverrideRequest, OverridesQuery

blueprint = Blueprint("overrides", __name__, description="Orders of operators")


@operation(
    blueprint,
    "GET /overrides",
    "plans:read",
    query=OverridesQuery,
    answers={200: Answer("One page of orders", OverrideList)},
    problems=(404,),
)
def list_overrides(call: Call) -> Response:
    """List orders, newest first, those that ended among them."""
    limit, tenant_id = call.query["limit"], call.principal.tenant_id
    with call.database.transaction() as session:
        wall = database_now(session)
        rows = overrides.list_overrides(
            session, tenant_id, call.query["plant"], limit=limit + 1, after=call.query["cursor"]
        )
        clocks = {row.plant: plants.find(session, tenant_id, row.plant).now(wall) for row in rows}
    page = [override_document(row, clocks[row.plant]) for row in rows[:limit]]
    return page_answer(page, page[-1]["id"] if len(rows) > limit else None)


@operation(
    blueprint,
    "POST /overrides",
    "overrides:write",
    body=Body(OverrideRequest),
    answers={201: Answer("The order", OverrideDocument, headers={"Location": "Address of the order"})},
    problems=(404, 409, 413, 415),
)
def give_override(call: Call) -> Response:
    """Order what one pump does for some time; a plan that respects it is made at once."""
    asked = dict(call.body)
    with call.database.transaction() as session:
        station = plants.find(session, call.principal.tenant_id, asked["plant"])
        now = station.now(database_now(session))
        asked["until"] = asked["until"] or now + timedelta(minutes=asked["minutes"])
        override_id = overrides.give(session, call.principal, station, asked, now=now)
        plan_id = turned(session, call.principal.tenant_id, station.name, "override")
        row = overrides.get(session, call.principal.tenant_id, override_id)
        answer = json_answer(override_document(row, now, plan_id), 201)
    answer.headers["Location"] = f"/api/v1/overrides/{override_id}"
    return answer


@operation(
    blueprint,
    "GET /overrides/<uuid:override_id>",
    "plans:read",
    answers={200: Answer("The order", OverrideDocument)},
    problems=(404,),
)
def read_override(call: Call, override_id: UUID) -> Response:
    """Read one order."""
    with call.database.transaction() as session:
        row = overrides.get(session, call.principal.tenant_id, override_id)
        station = plants.find(session, call.principal.tenant_id, row.plant)
        return json_answer(override_document(row, station.now(database_now(session))))


@operation(
    blueprint,
    "DELETE /overrides/<uuid:override_id>",
    "overrides:write",
    answers={200: Answer("The order as it ended", OverrideDocument)},
    problems=(404,),
)
def end_override(call: Call, override_id: UUID) -> Response:
    """End an order before its time; a plan without it is made at once. It stays in the list."""
    tenant_id = call.principal.tenant_id
    with call.database.transaction() as session:
        row = overrides.get(session, tenant_id, override_id)
        now = plants.find(session, tenant_id, row.plant).now(database_now(session))
        overrides.end(session, call.principal, override_id, now=now)
        plan_id = turned(session, tenant_id, row.plant, "override") if row.ended_at is None else None
        return json_answer(override_document(overrides.get(session, tenant_id, override_id), now, plan_id))
