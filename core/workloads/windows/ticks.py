"""Ticks: what many domains' schedules fire together becomes one job, each tick with the index of its window."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from core.clock import rfc3339
from core.platform.domains.windows import reserve

TOGETHER = 64
"""How many ticks one job takes: enough to share its cost, few enough to be done soon."""


def gather(session: Session, tenant_id: UUID, fired: Sequence[tuple[Mapping[str, Any], datetime]]) -> dict[str, Any]:
    """Reserve an index for each fire time, in order of time, and return the params of the one job.

    It happens in the transaction that fires them: an index belongs to one fire time for good, whatever becomes of the
    job's attempts, so that no window is missed or made twice. Domains that are gone are left out.
    """
    by_domain: dict[UUID, list[datetime]] = {}
    for params, at in sorted(fired, key=lambda one: one[1]):
        by_domain.setdefault(UUID(params["domain"]), []).append(at)
    firsts = reserve(session, tenant_id, {domain: len(times) for domain, times in by_domain.items()})
    return {
        "ticks": [
            {"domain": str(domain), "index": first + place, "at": rfc3339(at)}
            for domain, first in firsts.items()
            for place, at in enumerate(by_domain[domain])
        ]
    }
