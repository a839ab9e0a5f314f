"""Customers: segments with their history and clauses, audiences with the ledger of what was sent."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Blueprint, Response

from core.clock import database_now
from core.workloads.customers.operations import audiences, connections, people, refreshing, segments
from core.workloads.customers.operations.segment_models import RefreshRow
from core.workloads.customers.segments.phrasing import phrase
from core.workloads.customers.segments.reading import read_definition
from core.workloads.customers.segments.tree import clauses
from webapp.dashboard.drawing import Drawing, Home, Values
from webapp.dashboard.frame import page, rendered
from webapp.dashboard.plots import Chart, Line
from webapp.operations import Call

blueprint = Blueprint("customers", __name__)

HOME = Home("Customers", "Profiles, and the segments they make", "customers.show", "customers:read")
SCRIPTS = ("vendor/uPlot.iife.min.js", "charts.js")
LISTED = 100
DRAWN = 200
"""How many refreshes a chart shows."""


def draw_refresh(_params: Mapping[str, Any], result: Mapping[str, Any]) -> Values:
    """Draw what refreshes found, one row for each segment."""
    return {"refreshed": result["refreshed"]}


def draw_scores(_params: Mapping[str, Any], result: Mapping[str, Any]) -> Values:
    """Draw how many customers are of which sort."""
    return {"labels": result["labels"], "all": result["scored"]}


def draw_plans(_params: Mapping[str, Any], result: Mapping[str, Any]) -> Values:
    """Draw the counts of plans."""
    return {"plans": result["plans"]}


def draw_applied(_params: Mapping[str, Any], result: Mapping[str, Any]) -> Values:
    """Draw what became of plans."""
    return {"applied": result["applied"]}


DRAWINGS = {
    "customers.refresh_segment": Drawing("views/customers_refresh.html", draw_refresh),
    "customers.score_rfm": Drawing("views/customers_scores.html", draw_scores),
    "customers.plan_audience_sync": Drawing("views/customers_plans.html", draw_plans),
    "customers.apply_audience_sync": Drawing("views/customers_applied.html", draw_applied),
}


@page(blueprint, "GET /workloads/customers", "customers:read")
def show(call: Call) -> Response:
    """Show how many profiles there are, and the segments."""
    tenant_id = call.principal.tenant_id
    with call.database.statements() as session:
        counted = people.count_by_lifecycle(session, tenant_id)
        found = segments.list_segments(session, tenant_id, limit=LISTED)
        sent = audiences.list_audiences(session, tenant_id, limit=LISTED)
        leading = {one.id: one.name for one in connections.list_connections(session, tenant_id)}
    listed: Values = {"segments": found, "audiences": sent, "connections": leading}
    return rendered("views/customers_home.html", counted=counted, **listed)


@page(blueprint, "GET /workloads/customers/segments/<uuid:segment_id>", "customers:read")
def show_segment(call: Call, segment_id: Any) -> Response:
    """Show a segment: its size from refresh to refresh, and whom each clause chooses."""
    tenant_id = call.principal.tenant_id
    with call.database.transaction() as session:
        row = segments.find(session, tenant_id, str(segment_id))
        history = segments.list_refreshes(session, row, limit=DRAWN)[::-1]
        tree = read_definition(row.definition)
        told = refreshing.explain(session, tenant_id, tree, database_now(session))
    each = [
        {"depth": one.place.count("/") // 2, "text": phrase(one), "profiles": told["clauses"][one.place]}
        for one in clauses(tree)
    ]
    return rendered(
        "views/customers_segment.html",
        segment=row,
        profiles=told["profiles"],
        clauses=each,
        history=history[::-1][:20],
        charts=_charts(history) if len(history) > 1 else [],
        scripts=SCRIPTS,
    )


@page(blueprint, "GET /workloads/customers/audiences/<uuid:audience_id>", "customers:read")
def show_audience(call: Call, audience_id: Any) -> Response:
    """Show an audience: its plans with their counts, and the requests of the newest one."""
    tenant_id = call.principal.tenant_id
    with call.database.statements() as session:
        row = audiences.find(session, tenant_id, str(audience_id))
        segment = segments.find(session, tenant_id, str(row.segment_id))
        plans = audiences.list_plans(session, row, limit=20)
        chunks = audiences.list_chunks(session, plans[0], limit=LISTED) if plans else []
        count = audiences.count_acknowledged(session, row)
        leading = row.connection_id and connections.find(session, tenant_id, str(row.connection_id)).name
    return rendered(
        "views/customers_audience.html",
        audience=row,
        segment=segment,
        plans=plans,
        chunks=chunks,
        acknowledged=count,
        connection=leading,
    )


def _charts(history: Sequence[RefreshRow]) -> list[Chart]:
    at = [one.at.timestamp() for one in history]
    size = Line("members", [float(one.size) for one in history], 1, stepped=True)
    moves = [
        Line("joined", [float(one.came) for one in history], 2, stepped=True),
        Line("left", [float(one.went) for one in history], 7, stepped=True),
    ]
    return [Chart("Members", "profiles", at, [size]), Chart("Joined and left", "profiles a refresh", at, moves)]
