"""The schedule: the recommendation of now, what people decide about it, and the plans before it."""

from uuid import UUID

from flask import Response
from flask_smorest import Blueprint
from sqlalchemy.orm import Session

from core.clock import database_now
from core.workloads.pumping.operations import loop, plans, plants
from webapp.operations import Answer, Body, Call, json_answer, operation, page_answer
from webapp.plants import forecast_document, plan_document, plan_summary, turned
from webapp.schemas.plans import Decision, ForecastList, PlanDocument, PlanList, PlansQuery, PlantQuery

blueprint = Blueprint("plans", __name__, description="Plans of pumping stations")


@operation(
    blueprint,
    "GET /schedule",
    "plans:read",
    query=PlantQuery,
    answers={200: Answer("The newest recommendation", PlanDocument)},
    problems=(404,),
)
def read_schedule_in_force(call: Call) -> Response:
    """Read a station's current recommendation: each pump's frequency at each quarter of an hour, with its reasons."""
    with call.database.transaction() as session:
        station = plants.find(session, call.principal.tenant_id, call.query["plant"])
        turned(session, call.principal.tenant_id, station.name, "schedule")
        row = plans.current(session, station)
        return json_answer(plan_document(row, in_force=_is_in_force(session, station, row.id)))


@operation(
    blueprint,
    "POST /schedule",
    "plans:decide",
    query=PlantQuery,
    answers={202: Answer("The plan that will be made", PlanDocument)},
    problems=(404, 409),
)
def call_for_plan(call: Call) -> Response:
    """Have a station planned anew now, whatever was planned for this quarter of an hour."""
    with call.database.transaction() as session:
        plan_id = turned(session, call.principal.tenant_id, call.query["plant"], "asked")
        if plan_id is None:
            raise plans.PlanImpossible
        row = plans.get(session, call.principal.tenant_id, plan_id)
        return json_answer(plan_document(row, in_force=False), 202)


@operation(
    blueprint,
    "GET /schedule/plans",
    "plans:read",
    query=PlansQuery,
    answers={200: Answer("One page of plans", PlanList)},
    problems=(404,),
)
def list_plans(call: Call) -> Response:
    """List a station's plans without their steps, newest first."""
    limit = call.query["limit"]
    with call.database.transaction() as session:
        station = plants.find(session, call.principal.tenant_id, call.query["plant"])
        rows = plans.list_plans(session, station, limit=limit + 1, after=call.query["cursor"])
    page = [plan_summary(row) for row in rows[:limit]]
    return page_answer(page, page[-1]["id"] if len(rows) > limit else None)


@operation(
    blueprint,
    "GET /schedule/<uuid:plan_id>",
    "plans:read",
    answers={200: Answer("The plan", PlanDocument)},
    problems=(404,),
)
def read_plan(call: Call, plan_id: UUID) -> Response:
    """Read one plan."""
    with call.database.transaction() as session:
        row = plans.get(session, call.principal.tenant_id, plan_id)
        station = plants.find(session, call.principal.tenant_id, row.plant)
        if row.status == "planning":
            now = database_now(session)
            loop.settle(session, station, clock=lambda: now)
            session.flush()
            row = plans.get(session, call.principal.tenant_id, plan_id)
        return json_answer(plan_document(row, in_force=_is_in_force(session, station, row.id)))


@operation(
    blueprint,
    "POST /schedule/<uuid:plan_id>/accept",
    "plans:decide",
    body=Body(Decision, required=False),
    answers={200: Answer("The plan as it is now", PlanDocument)},
    problems=(404, 409, 413, 415),
)
def accept_plan(call: Call, plan_id: UUID) -> Response:
    """Accept a recommendation: it is followed from now on."""
    return _decided(call, plan_id, "accepted")


@operation(
    blueprint,
    "POST /schedule/<uuid:plan_id>/reject",
    "plans:decide",
    body=Body(Decision, required=False),
    answers={200: Answer("The plan as it is now", PlanDocument)},
    problems=(404, 409, 413, 415),
)
def reject_plan(call: Call, plan_id: UUID) -> Response:
    """Reject a recommendation: the station is on its own control until the next plan."""
    return _decided(call, plan_id, "rejected")


@operation(
    blueprint,
    "GET /forecasts",
    "plans:read",
    query=PlantQuery,
    answers={200: Answer("What the newest plan was made by", ForecastList)},
    problems=(404,),
)
def list_forecasts(call: Call) -> Response:
    """List the present forecast of a station's inflow, with its band, and of its prices."""
    with call.database.transaction() as session:
        station = plants.find(session, call.principal.tenant_id, call.query["plant"])
        turned(session, call.principal.tenant_id, station.name, "schedule")
        return page_answer([forecast_document(plans.newest_made(session, station))])


def _decided(call: Call, plan_id: UUID, status: str) -> Response:
    with call.database.transaction() as session:
        row = plans.get(session, call.principal.tenant_id, plan_id)
        station = plants.find(session, call.principal.tenant_id, row.plant)
        now = database_now(session)
        loop.settle(session, station, clock=lambda: now)
        session.flush()
        row = plans.decide(session, call.principal, plan_id, status, note=call.body["note"], now=now)
        return json_answer(plan_document(row, in_force=_is_in_force(session, station, row.id)))


def _is_in_force(session: Session, station: plants.Station, plan_id: UUID) -> bool:
    row = plans.in_force(session, station)
    return row is not None and row.id == plan_id and loop.follows(row, station.now(database_now(session)))
