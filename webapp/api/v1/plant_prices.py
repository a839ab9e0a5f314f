"""Prices of stations' electricity: published ahead, kept by instant."""

from datetime import timedelta

from flask import Response
from flask_smorest import Blueprint

from core.clock import database_now, rfc3339
from core.workloads.pumping.operations import plants, prices
from webapp.operations import Answer, Body, Call, json_answer, operation, page_answer
from webapp.schemas.plants import PriceList, PricesAnswer, PricesRequest, StretchQuery

blueprint = Blueprint("plant_prices", __name__, description="What stations' electricity costs")


@operation(
    blueprint,
    "GET /plants/<name>/prices",
    "plants:read",
    query=StretchQuery,
    answers={200: Answer("Prices in order of time", PriceList)},
    problems=(404,),
)
def list_prices(call: Call, name: str) -> Response:
    """List the prices of a stretch; unless given from yesterday to two days ahead."""
    with call.database.transaction() as session:
        station = plants.find(session, call.principal.tenant_id, name)
        now = station.now(database_now(session))
        since, until = call.query["since"] or now - timedelta(days=1), call.query["until"] or now + timedelta(days=2)
        found = prices.between(session, station, since, until)
    return page_answer([{"time": rfc3339(at), "eur_per_mwh": value} for at, value in found])


@operation(
    blueprint,
    "PUT /plants/<name>/prices",
    "plants:ingest",
    body=Body(PricesRequest),
    answers={200: Answer("Kept", PricesAnswer)},
    problems=(404, 413, 415),
)
def put_prices(call: Call, name: str) -> Response:
    """Keep prices in EUR/MWh, each in place of the one before of its instant; the next plan looks at them."""
    with call.database.transaction() as session:
        station = plants.find(session, call.principal.tenant_id, name)
        kept = prices.put(session, station, [(one["time"], one["eur_per_mwh"]) for one in call.body["prices"]])
    return json_answer({"kept": kept})
