"""What holds the platform together while something is short or away: governor, breakers, cache."""

from flask import Blueprint, Response

from webapp.breakers import breaker_document, breakers_of
from webapp.dashboard.frame import page, rendered
from webapp.governing import governor_document
from webapp.operations import Call

blueprint = Blueprint("resilience", __name__)

CHANGES_SHOWN = 25


@page(blueprint, "GET /resilience", "health:read")
def show_resilience(call: Call) -> Response:
    """Show what workers hold back, what is left alone, and what is answered from near."""
    process = call.process
    with call.platform.statements() as session:
        governor = governor_document(session, process.settings, actions=CHANGES_SHOWN)
    breakers = breakers_of(process.breakers, call.principal.tenant_id)
    cache = process.cache
    lookups = {tier: cache.counts[tier] for tier in ("hot", "warm", "stale", "miss")}
    return rendered(
        "resilience.html",
        governor=governor,
        breakers=[breaker_document(process.breakers, one) for one in breakers],
        lookups=lookups,
        lookups_total=sum(lookups.values()),
        hot=cache.hot,
        warm=cache.warm,
        warm_failed=cache.counts["warm_failed"],
        warm_circuit=cache.warm_circuit,
    )
