"""Federated learning: federations and their rounds, each client's part in a model, and who is suspected."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

from flask import Blueprint, Response

from core.jobs import listing
from core.jobs.queries import JobFilter
from core.workloads.federated.operations import connections, federations, ledger, rounds
from core.workloads.federated.operations.models import RoundRow, SpendingRow
from webapp.dashboard.drawing import Drawing, Home, Values
from webapp.dashboard.frame import page, rendered
from webapp.dashboard.plots import Chart, Line
from webapp.operations import Call

blueprint = Blueprint("federated", __name__)

HOME = Home("Federated", "One model of many updates, and whom not to trust", "federated.show", "federations:read")
SCRIPTS = ("vendor/uPlot.iife.min.js", "charts.js")
SHOWN = 200
"""How many clients a page lists, the most suspected first."""
LATEST = 20
LISTED = 100
DRAWN = 8
TELLING = 0.25
"""Of a share under noise: beyond this standard deviation it tells nothing."""
"""Of how many members suspicion is drawn from round to round."""


@page(blueprint, "GET /workloads/federated", "federations:read")
def show(call: Call) -> Response:
    """Show federations, and the latest aggregations."""
    tenant_id = call.principal.tenant_id
    with call.database.statements() as session:
        found = federations.list_federations(session, tenant_id, limit=LISTED)
        jobs = listing.list_jobs(session, tenant_id, JobFilter(kind="federated.aggregate"), limit=LATEST, brief=True)
    return rendered("views/federated_home.html", federations=found, latest=jobs.rows)


@page(blueprint, "GET /workloads/federated/<uuid:federation_id>", "federations:read")
def show_federation(call: Call, federation_id: Any) -> Response:
    """Show a federation: its rounds, who had which part in the latest model, and suspicion from round to round."""
    with call.database.transaction() as session:
        row = federations.find(session, call.principal.tenant_id, str(federation_id), lock=True)
        rounds.settle(session, row)
        found = rounds.list_rounds(session, row, limit=LATEST)
        counts = {one.number: rounds.count_updates(session, row, one.number) for one in found}
        model = federations.latest_model(session, row)
        spending = None if row.privacy is None else ledger.spending(session, row, row.privacy)
        entries = ledger.list_entries(session, row, limit=LISTED)[::-1]
        parts = connections.parts(session, row)
        connected = connections.count(session, row)
    published = [one for one in found if one.outcome]
    return rendered(
        "views/federated_federation.html",
        federation=row,
        rounds=found,
        counts=counts,
        version=None if model is None else model.version,
        members=sum(map(len, parts)),
        connected=connected,
        cut_off=[name for part in parts[1:] for name in part],
        drawn=draw_aggregate({}, published[0].outcome) if published and published[0].outcome else None,
        spending=spending,
        spent=_spent(entries) if len(entries) > 1 else None,
        chart=_chart(published[::-1]) if len(published) > 1 and not row.privacy else None,
        evaluated=_evaluated(published[::-1]),
        scripts=SCRIPTS,
    )


def draw_aggregate(_params: Mapping[str, Any], result: Mapping[str, Any]) -> Values:
    """Draw an aggregation: a row for each client, suspected ones first, then those that were refused."""
    clients = sorted(result["clients"], key=lambda one: (-(one["suspicion"] or 0.0), -abs(one["share"])))
    return {
        "clients": clients[:SHOWN],
        "total": len(clients),
        "suspected": result["suspected"],
        "refused": result["refused"][:SHOWN],
        "farthest": max((one["distance"] or 0.0 for one in clients), default=0.0) or 1.0,
        "privacy": result.get("privacy"),
        "gossip": result.get("gossip"),
        "clipped_told": result.get("privacy") is not None and result["privacy"]["clipped_error"] <= TELLING,
        "largest": max((abs(one["share"]) for one in clients), default=0.0) or 1.0,
        "facts": {name: result[name] for name in ("strategy", "counted", "values", "precision", "change_norm")},
    }


def draw_simulation(_params: Mapping[str, Any], result: Mapping[str, Any]) -> Values:
    """Draw a simulation: accuracy of each strategy from round to round, beside what it would be without attackers."""
    courses = sorted(result["strategies"], key=lambda one: one["lost_points"])
    told = [("nobody attacks", result["clean"]["by_round"]), *((one["strategy"], one["by_round"]) for one in courses)]
    lines = [Line(name, values, place) for place, (name, values) in enumerate(told[:DRAWN], 1)]
    numbers = [float(number) for number in range(1, len(result["clean"]["by_round"]) + 1)]
    chart = Chart("Accuracy, round by round", "", numbers, lines, by_time=False)
    return {"result": result, "courses": courses, "chart": chart}


def draw_sum(_params: Mapping[str, Any], result: Mapping[str, Any]) -> Values:
    """Draw a secure sum: who counts, and how exact it is."""
    return {"result": result, "listed": ("gone", "silent"), "shown": (result["sum"] or [])[:SHOWN]}


def draw_gossip(_params: Mapping[str, Any], result: Mapping[str, Any]) -> Values:
    """Draw gossip: the powers of ten by which nodes disagree, round by round, beside the prediction."""
    history = result["history"]
    lines = [
        Line("measured", [_power(one["distance"]) for one in history], 1),
        Line("predicted by the spectral gap", [_power(one["predicted"]) for one in history], 2, dashed=True),
    ]
    numbers = [float(one["round"]) for one in history]
    chart = Chart("Disagreement, round by round", "powers of ten", numbers, lines, by_time=False, at_name="Round")
    return {"result": result, "chart": chart}


def _power(distance: float) -> float | None:
    return math.log10(distance) if distance > 0.0 else None


def _spent(entries: Sequence[SpendingRow]) -> Chart:
    """Draw what was spent, entry by entry, the oldest first."""
    line = Line("spent", [one.epsilon for one in entries], 1)
    return Chart("Privacy spent", "epsilon", [float(one.entry) for one in entries], [line], by_time=False)


DRAWINGS = {
    "federated.aggregate": Drawing("views/federated_aggregate.html", draw_aggregate),
    "federated.round": Drawing("views/federated_aggregate.html", draw_aggregate),
    "federated.simulate": Drawing("views/federated_simulate.html", draw_simulation, SCRIPTS),
    "federated.secure_sum": Drawing("views/federated_secure_sum.html", draw_sum),
    "federated.gossip": Drawing("views/federated_gossip.html", draw_gossip, SCRIPTS),
}


def _evaluated(published: Sequence[RoundRow]) -> Chart | None:
    """Draw how well the model did after each round where it was tried, the oldest first."""
    told = [(row.number, (row.outcome or {}).get("after")) for row in published]
    tried = [(number, after) for number, after in told if after is not None]
    name = next((one for one in ("accuracy", "r2", "loss") if tried and tried[-1][1].get(one) is not None), None)
    if name is None or len(tried) < 2:  # noqa: PLR2004 - a line takes two
        return None
    line = Line(name, [after.get(name) for _, after in tried])
    numbers = [float(number) for number, _ in tried]
    return Chart("The model on held-out data, round by round", name, numbers, [line], by_time=False, at_name="Round")


def _chart(published: Sequence[RoundRow]) -> Chart:
    """Draw the suspicion of the members that were suspected most, round by round, the oldest first."""
    told = [{one["client"]: one["suspicion"] or 0.0 for one in (row.outcome or {})["clients"]} for row in published]
    members = sorted(
        {name for one in told for name in one}, key=lambda name: (-max(one.get(name, 0) for one in told), name)
    )
    lines = [Line(name, [one.get(name) for one in told], place) for place, name in enumerate(members[:DRAWN], 1)]
    numbers = [float(row.number) for row in published]
    return Chart("Suspicion, round by round", "", numbers, lines, by_time=False, at_name="Round")
