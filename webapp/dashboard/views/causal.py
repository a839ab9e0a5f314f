"""Causes: the graph of accepted edges, ways from cause to effect, and what follows when a variable is set."""

import json
from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response

from core.jobs import listing
from core.jobs.queries import JobFilter
from webapp.dashboard.drawing import Drawing, Home, Values
from webapp.dashboard.frame import page, rendered
from webapp.dashboard.plots import Chart, Line
from webapp.operations import Call

blueprint = Blueprint("causal", __name__)

HOME = Home("Causes", "Which variables cause which, how much later and how surely", "causal.show_latest", "jobs:read")
SHOWN = 300
"""How many edges a page lists, the surest first."""
LATEST = 20
CHARTS = 12
"""Of how many variables the response is drawn, those that respond most."""
CHART_SCRIPTS = ("vendor/uPlot.iife.min.js", "charts.js")


@page(blueprint, "GET /workloads/causal", "jobs:read")
def show_latest(call: Call) -> Response:
    """Show the latest discoveries."""
    with call.database.statements() as session:
        found = listing.list_jobs(
            session, call.principal.tenant_id, JobFilter(kind="causal.discover"), limit=LATEST, brief=True
        )
    return rendered("views/causal_home.html", latest=found.rows)


def draw_graph(_params: Mapping[str, Any], result: Mapping[str, Any]) -> Values:
    """Draw a discovery: a graph, and a table of edges with their intervals, accepted ones first and the surest."""
    edges = sorted(result.get("edges") or (), key=lambda edge: (edge["verdict"] != "accepted", -edge["stability"]))
    shown = edges[:SHOWN]
    bounds = [bound for edge in shown for bound in (edge["ci_low"], edge["ci_high"], 0.0) if bound is not None]
    low, high = (min(bounds), max(bounds)) if bounds else (-1.0, 1.0)
    told = [_told(edge) for edge in shown]
    return {
        "edges": shown,
        "total": len(edges),
        "accepted": sum(edge["verdict"] == "accepted" for edge in edges),
        "low": low,
        "span": (high - low) or 1.0,
        "graph": json.dumps({"names": (result.get("scores") or {}).get("names", []), "edges": told}).replace(
            "<", "\\u003c"
        ),
    }


def draw_paths(params: Mapping[str, Any], result: Mapping[str, Any]) -> Values:
    """Draw the ways from one variable to another, the surest first, on one scale of effects."""
    paths = result["paths"]
    bounds = [bound for path in paths for bound in (path["ci_low"], path["ci_high"], 0.0)]
    low, high = (min(bounds), max(bounds)) if bounds else (-1.0, 1.0)
    return {
        "source": params["source"],
        "target": params["target"],
        "result": result,
        "low": low,
        "span": (high - low) or 1.0,
    }


def draw_effect(_params: Mapping[str, Any], result: Mapping[str, Any]) -> Values:
    """Draw what follows when a variable is set: each response row by row, those first that respond most."""
    responses = sorted((_response(told) for told in result["responses"]), key=lambda each: -abs(each["peak"]))
    rows = [float(row) for row in range(result["horizon"])]
    charts = [_response_chart(each, rows) for each in responses[:CHARTS] if each["peak"]] if len(rows) > 1 else []
    return {"result": result, "responses": responses, "charts": charts}


DRAWINGS = {
    "causal.discover": Drawing("views/causal_graph.html", draw_graph, ("vendor/echarts.min.js", "graph.js")),
    "causal.paths": Drawing("views/causal_paths.html", draw_paths),
    "causal.effect": Drawing("views/causal_effect.html", draw_effect, CHART_SCRIPTS),
}


def _response(told: Mapping[str, Any]) -> dict[str, Any]:
    """Tell where a response is greatest, and whether the interval there holds zero."""
    at = max(range(len(told["response"])), key=lambda row: abs(told["response"][row]), default=0)
    low, high = told["ci_low"][at], told["ci_high"][at]
    peak = told["response"][at]
    return {**told, "row": at, "peak": peak, "low": low, "high": high, "sure": peak != 0.0 and not low <= 0.0 <= high}


def _response_chart(told: Mapping[str, Any], rows: list[float]) -> Chart:
    lines = [
        Line("response", told["response"], 1),
        Line("2.5 %", told["ci_low"], 7, dashed=True),
        Line("97.5 %", told["ci_high"], 7, dashed=True),
    ]
    return Chart(told["variable"], "by rows after the intervention", rows, lines, by_time=False)


def _told(edge: Mapping[str, Any]) -> dict[str, Any]:
    return {name: edge[name] for name in ("source", "target", "lag", "effect", "stability", "verdict")}
