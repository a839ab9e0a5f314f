"""Circuit breakers as JSON documents and pages show them."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from core.clock import rfc3339
from core.platform.breakers.base import Standing
from core.platform.breakers.breaker import Breakers, is_for


def breakers_of(breakers: Breakers, tenant_id: UUID) -> list[Standing]:
    """Return the breakers that concern a tenant: its own, and the platform's."""
    return [one for one in breakers.standings() if is_for(one.name, tenant_id)]


def breaker_document(breakers: Breakers, one: Standing) -> dict[str, Any]:
    """Write one breaker."""
    return {
        "name": one.name,
        "state": one.circuit,
        "failures": one.failures,
        "failure_limit": breakers.terms.failures,
        "open_s": breakers.terms.open_s,
        "changed_at": _written(one.changed_at),
        "retry_at": None if one.retry_at is None else _written(one.retry_at),
        "last_error": one.error,
        "failed": one.failed,
        "refused": one.refused,
        "opened": one.opened,
        "shared": breakers.is_shared,
    }


def _written(seconds: float) -> str:
    return rfc3339(datetime.fromtimestamp(seconds, UTC))
