"""Stations: those shipped and the tenant's own; how each is operated."""

from typing import Any

from flask import Response
from flask_smorest import Blueprint

from core.clock import database_now
from core.workloads.pumping.operations import plants
from webapp.operations import Answer, Body, Call, json_answer, operation, page_answer
from webapp.plants import plant_document
from webapp.schemas.plants import PlantChange, PlantDocument, PlantList, PlantRequest

blueprint = Blueprint("plants", __name__, description="Pumping stations, their measurements and prices")


@operation(blueprint, "GET /plants", "plants:read", answers={200: Answer("All stations by name", PlantList)})
def list_plants(call: Call) -> Response:
    """List stations: those shipped with the product and your own."""
    with call.database.transaction() as session:
        wall = database_now(session)
        found = plants.list_stations(session, call.principal.tenant_id)
    return page_answer([plant_document(station, wall) for station in found])


@operation(
    blueprint,
    "POST /plants",
    "plants:write",
    body=Body(PlantRequest),
    answers={201: Answer("The station", PlantDocument, headers={"Location": "Address of the station"})},
    problems=(409, 413, 415),
)
def put_plant(call: Call) -> Response:
    """Keep a station's document under its own name, in place of the one before."""
    with call.database.transaction() as session:
        station = plants.put(session, call.principal, call.body["document"])
        document = _whole(station, database_now(session))
    return json_answer(document, 201, {"Location": document["links"]["self"]})


@operation(
    blueprint,
    "GET /plants/<name>",
    "plants:read",
    answers={200: Answer("The station", PlantDocument)},
    problems=(404,),
)
def read_plant(call: Call, name: str) -> Response:
    """Read a station and how it is operated."""
    with call.database.transaction() as session:
        return json_answer(_whole(plants.find(session, call.principal.tenant_id, name), database_now(session)))


@operation(
    blueprint,
    "PATCH /plants/<name>",
    "plants:write",
    body=Body(PlantChange),
    answers={200: Answer("The station as it is now", PlantDocument)},
    problems=(404, 413, 415),
)
def change_plant(call: Call, name: str) -> Response:
    """Change how a station is operated: whether plans are made for it, by themselves or not, and by what."""
    asked = dict(call.body)
    with call.database.transaction() as session:
        wall = database_now(session)
        changes: dict[str, Any] = {"active": asked.pop("active")} if "active" in asked else {}
        if "clock" in asked:
            clock = asked.pop("clock")
            changes["clock_wall_at"] = wall if clock else None
            changes["clock_plant_at"] = clock["plant_at"] if clock else None
            changes["clock_rate"] = clock["rate"] if clock else 1.0
        station = plants.change(session, call.principal.tenant_id, name, {**changes, "settings": asked})
        return json_answer(_whole(station, wall))


@operation(
    blueprint,
    "DELETE /plants/<name>",
    "plants:write",
    answers={204: Answer("It is gone")},
    problems=(404,),
)
def delete_plant(call: Call, name: str) -> Response:
    """Forget a station with its measurements, prices, orders and plans; a shipped one is as it was shipped again."""
    with call.database.transaction() as session:
        plants.remove(session, call.principal.tenant_id, name)
    return Response(status=204)


def _whole(station: plants.Station, wall: Any) -> dict[str, Any]:
    document = plant_document(station, wall)
    return document if station.document is None else {**document, "document": dict(station.document)}
