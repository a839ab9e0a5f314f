"""Gates: the names of the concurrency limits that a job passes on its way to a worker.

The gate of a job's key is written with it; those of its kind and tenant, and of its queue if its priority is low,
follow from what it is, so that a limit set today holds for jobs submitted yesterday. A gate without a limit is open. In
SQL the function `gates_of` names all gates of a row, and the view `gate_places` counts how many places are taken at
each.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Text, and_, cast, exists, func, literal, or_

from core.jobs.admission_models import ConcurrencyLimit

KEY_PREFIX, LOW_PREFIX = "key:", "low:"
LOW_BELOW = 5
"""Priorities below this one are low."""


def kind_gate(kind: str) -> str:
    """Name the gate of a kind."""
    return f"kind:{kind}"


def tenant_gate(tenant_id: UUID) -> str:
    """Name the gate of a tenant."""
    return f"tenant:{tenant_id}"


def key_gate(tenant_id: UUID, key: str) -> str:
    """Name the gate of a key that a tenant chose."""
    return f"{KEY_PREFIX}{tenant_id}:{key}"


def low_gate(queue: str) -> str:
    """Name the gate of the jobs of low priority in a queue; the governor alone sets its limit."""
    return f"{LOW_PREFIX}{queue}"


def key_of(gates: Sequence[str]) -> str | None:
    """Return the key that the tenant chose, if it did."""
    return next((gate.split(":", 2)[2] for gate in gates if gate.startswith(KEY_PREFIX)), None)


def is_limited(row: Any) -> ColumnElement[bool]:
    """Build the condition that a job, given its table or a row of its columns, has any gate with a limit."""
    return or_(
        func.cardinality(row.gates) > 0,
        exists().where(
            or_(
                ConcurrencyLimit.name == literal("kind:") + row.kind,
                ConcurrencyLimit.name == literal("tenant:") + cast(row.tenant_id, Text),
                and_(row.priority < LOW_BELOW, ConcurrencyLimit.name == literal(LOW_PREFIX) + row.queue),
            )
        ),
    )
