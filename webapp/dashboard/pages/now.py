"""What the platform does at this moment."""

from flask import Blueprint, Response

from core.jobs import activity, overview, queues
from core.platform.alerts import reading
from core.platform.alerts.reading import AlertFilter
from webapp.api.v1.metrics import read_streams
from webapp.breakers import breaker_document, breakers_of
from webapp.dashboard.frame import page, rendered
from webapp.operations import Call

blueprint = Blueprint("now", __name__)

ALERTS_SHOWN = 5
AGED_S = 60.0
"""From when on a queue's oldest job is worth a second look."""


@page(blueprint, "GET /now", "jobs:read")
def show_now(call: Call) -> Response:
    """Show what is going on: the tenant's own jobs, and how busy the platform is that they share."""
    tenant_id = call.principal.tenant_id
    with call.database.statements() as session:
        told = overview.read_overview(session, tenant_id)
        alerts = (
            reading.list_alerts(session, tenant_id, AlertFilter("open"), limit=ALERTS_SHOWN)
            if call.principal.may("alerts:read")
            else []
        )
    with call.platform.statements() as session:
        figures = queues.read_queues(session)
        moment = activity.read_activity(session)
    return rendered(
        "now.html",
        kinds=told.kinds,
        hours=told.hours,
        busiest_hour=max((hour.succeeded + hour.failed for hour in told.hours), default=0),
        totals={
            name: sum(getattr(kind, name) for kind in told.kinds)
            for name in ("running", "queued", "held", "succeeded", "failed")
        },
        queues=figures,
        activity=moment,
        streams=_streams(call),
        most_streams=call.process.settings.stream_connections,
        alerts=alerts,
        breakers=[
            breaker_document(call.process.breakers, one) for one in breakers_of(call.process.breakers, tenant_id)
        ],
        aged_s=AGED_S,
    )


def _streams(call: Call) -> dict[str, int] | None:
    """Return how many live streams are open and were refused; None where no stream process says so."""
    told = read_streams(call.process.settings.redis_url).values()
    if not told:
        return None
    return {
        "open": sum(each.get("websocket", 0) + each.get("sse", 0) for each in told),
        "refused": sum(each.get("refused", 0) for each in told),
    }
