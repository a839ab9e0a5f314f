"""Pumping: the stations, each with its plan against what was measured, and what-if questions to a plan."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, request

from core.clock import database_now
from core.errors import FieldError
from core.jobs import listing, queries
from core.jobs.queries import JobFilter
from core.jobs.submission import JobRequest
from core.platform.alerts.reading import AlertFilter, list_alerts
from core.workloads.pumping import kinds
from core.workloads.pumping.operations import overrides, performance, plans, plants, states
from core.workloads.pumping.operations.gathering import STEP, Reading
from webapp.dashboard.drawing import Home
from webapp.dashboard.frame import led_on, page, rendered
from webapp.dashboard.plots import Chart, Line
from webapp.dashboard.views.pumping_plans import SCRIPTS
from webapp.operations import Call
from webapp.parsing import FieldsInvalid
from webapp.plants import state_document
from webapp.submissions import accept

blueprint = Blueprint("pumping", __name__)

HOME = Home("Pumping", "Stations, their plans, and what they save", "pumping.show_stations", "plants:read")
LATEST = 8
LOOKED_BACK = timedelta(days=1)
_ALERTS_READ = 200
_SLIDERS = {"price_factor": (0.0, 10.0), "inflow_factor": (0.0, 5.0)}

Pairs = Sequence[tuple[Reading, Mapping[str, Any] | None]]


@page(blueprint, "GET /workloads/pumping", "plants:read")
def show_stations(call: Call) -> Response:
    """Show the stations with their plans in force, and the latest plans of all."""
    tenant_id = call.principal.tenant_id
    with call.database.statements() as session:
        stations = [(station, plans.in_force(session, station)) for station in plants.list_stations(session, tenant_id)]
        found = listing.list_jobs(session, tenant_id, JobFilter(kind="pumping.optimize"), limit=LATEST, brief=True)
    return rendered("views/pumping_home.html", stations=stations, latest=found.rows)


@page(blueprint, "GET /workloads/pumping/<name>", "plants:read")
def show_station(call: Call, name: str) -> Response:
    """Show a station: what it does, what it is to do, what was planned against what was measured, alerts and orders."""
    tenant_id = call.principal.tenant_id
    with call.database.statements() as session:
        station = plants.find(session, tenant_id, name)
        wall = database_now(session)
        now = station.now(wall)
        state = state_document(station, states.latest(session, station), wall)
        in_force = plans.in_force(session, station)
        told = performance.compare(session, station, now - LOOKED_BACK, now)
        pairs = performance.beside(session, station, now - LOOKED_BACK, now)
        orders = overrides.in_force(session, station, now)
        open_alerts = list_alerts(session, tenant_id, AlertFilter("open", "pumping"), limit=_ALERTS_READ)
        recent = plans.list_plans(session, station, limit=LATEST)
    return rendered(
        "views/pumping_station.html",
        station=station,
        state=state,
        plan=in_force,
        charts=charts_of(pairs, in_force.result["schedule"] if in_force else []),
        performance=told,
        orders=orders,
        alerts=[alert for alert in open_alerts if alert.key.startswith(f"{name}/")],
        recent=recent,
        scripts=SCRIPTS,
    )


@page(blueprint, "POST /workloads/pumping/what-if/<uuid:job_id>", "jobs:submit")
def ask_what_if(call: Call, job_id: UUID) -> Response:
    """Submit what the sliders say as a scenario of a plan."""
    job = queries.read_job(call.database, call.principal.tenant_id, job_id)
    scenario = {"name": "as asked", "pumps_out": request.form.getlist("pumps_out"), **_factors()}
    params = {"base": {**job["params"], "effort": "fresh"}, "scenarios": [scenario]}
    asked = JobRequest(kind=kinds.WHATIF, params=params, request_id=call.request_id, tags=("what-if",))
    return led_on("job.show_job", "submitted", job_id=accept(call, asked).job["id"])


def charts_of(pairs: Pairs, ahead: Sequence[Mapping[str, Any]]) -> list[Chart]:
    """Draw what was measured beside what was planned for then, and what is planned from now on."""
    at = [reading.at.timestamp() for reading, _ in pairs]
    later = [(_instant(row) + STEP).timestamp() for row in ahead]
    ahead = [row for row, time in zip(ahead, later, strict=True) if not at or time > at[-1]]
    at += [time for time in later if not at or time > at[-1]]
    if len(at) < 2:  # noqa: PLR2004 - nothing lies between fewer
        return []
    gap: list[float | None] = [None] * len(ahead)

    def planned(name: str) -> list[float | None]:
        return [*(None if row is None else row[name] for _, row in pairs), *(row[name] for row in ahead)]

    level = [reading.level_m for reading, _ in pairs]
    outflow = [reading.outflow_m3_per_h for reading, _ in pairs]
    foreseen = planned("inflow_m3_per_h")
    inflow = [reading.inflow_m3_per_h for reading, _ in pairs]
    return [
        Chart("Level", "m", at, [Line("measured", [*level, *gap], 1), Line("planned", planned("level_m"), 2)]),
        Chart(
            "Pumped",
            "m³/h",
            at,
            [
                Line("measured", [*outflow, *gap], 1, stepped=True),
                Line("planned", planned("outflow_m3_per_h"), 2, stepped=True),
            ],
        ),
        Chart("Inflow", "m³/h", at, [Line("measured", [*inflow, *gap], 1), Line("foreseen", foreseen, 2)]),
    ]


def _instant(row: Mapping[str, Any]) -> datetime:
    return datetime.fromisoformat(row["time"])


def _factors() -> dict[str, float]:
    factors, wrong = {}, []
    for name, (least, most) in _SLIDERS.items():
        try:
            factors[name] = float(request.form.get(name, "1"))
        except ValueError:
            factors[name] = -1.0
        if not least <= factors[name] <= most:
            wrong.append(FieldError(f"/{name}", f"Must be a number from {least} to {most}."))
    if wrong:
        raise FieldsInvalid(errors=wrong)
    return factors
