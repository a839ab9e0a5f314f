"""What assistance cost, as JSON documents and pages show it."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from core.workloads.assistance import spending
from core.workloads.assistance.spending import Spent


def spending_document(session: Session, tenant_id: UUID, *, days: int) -> dict[str, Any]:
    """Write what a tenant spent in the last so many days; sums are exact decimals."""
    spent = spending.read_spent(session, tenant_id, days=days)
    return {
        "days": days,
        "cost_usd": _usd(sum((one.cost_usd for one in spent), Decimal(0))),
        "items": [_document(one) for one in spent],
        "spenders": [
            {
                "principal_id": None if one.principal_id is None else str(one.principal_id),
                "jobs": one.jobs,
                "cost_usd": _usd(one.cost_usd),
            }
            for one in spending.read_spenders(session, tenant_id, days=days)
        ],
    }


def _document(one: Spent) -> dict[str, Any]:
    return {
        "day": one.day.isoformat(),
        "kind": one.kind,
        "source": one.source,
        "model": one.model,
        "outcome": one.outcome,
        "calls": one.calls,
        "input_tokens": int(one.input_tokens),
        "output_tokens": int(one.output_tokens),
        "cost_usd": _usd(one.cost_usd),
    }


def _usd(sum_: Decimal) -> str:
    return f"{sum_.normalize():f}"
