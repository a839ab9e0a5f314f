"""Adding to the audit trail: one statement beside whatever is told of; the chain is made of it afterwards.

What is promised: an entry is on disk before its request is answered, and chained within seconds. Where the transaction
of the change adds it, as that of a submission does, there is not one without the other; else a process that is killed
between a change and its entry leaves no entry.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from core.canonical import storable
from core.database import Database, Prepared
from core.ids import uuid7
from core.platform.access import Principal

LONGEST = 1_000
"""Characters that are kept of an address or name."""
DONE, DENIED, FAILED = "done", "denied", "failed"


@dataclass(frozen=True, slots=True)
class Entry:
    """What the trail is to tell of one request or deed. Bodies, queries and headers have no place in it."""

    tenant_id: UUID
    action: str
    outcome: str
    path: str = ""
    principal: Principal | None = None
    status: int | None = None
    code: str | None = None
    request_id: str | None = None
    client: str | None = None
    target: str | None = None
    data: Mapping[str, Any] = field(default_factory=dict)

    @property
    def values(self) -> tuple[Any, ...]:
        """Return its columns in their order."""
        who = self.principal
        return (
            str(uuid7()),
            str(self.tenant_id),
            None if who is None else str(who.id),
            None if who is None else _kept(who.label),
            None if who is None else str(who.role),
            _kept(self.action),
            _kept(self.path),
            self.outcome,
            self.status,
            self.code,
            self.request_id,
            self.client,
            _kept(self.target),
            json.dumps(storable(dict(self.data))),
        )


def append(where: Session | Database, entry: Entry) -> None:
    """Add an entry: with the caller's transaction, or given the database as one of its own, the fastest way."""
    if isinstance(where, Database):
        where.run(_APPEND, *entry.values)
    else:
        where.execute(_APPEND_PLAIN, {f"p{number}": value for number, value in enumerate(entry.values, 1)})


def as_document(entry: Entry) -> dict[str, Any]:
    """Write an entry for a statement that adds those of a JSON array by `INSERT_DOCUMENTS`."""
    return dict(zip(_COLUMNS, entry.values, strict=True)) | {"data": storable(dict(entry.data))}


def _kept(words: str | None) -> str | None:
    return None if words is None else words[:LONGEST].replace("\0", "\ufffd")


_COLUMNS = {
    "id": "uuid",
    "tenant_id": "uuid",
    "actor_id": "uuid",
    "actor": "text",
    "role": "text",
    "action": "text",
    "path": "text",
    "outcome": "text",
    "status": "int",
    "code": "text",
    "request_id": "text",
    "client": "text",
    "target": "text",
    "data": "jsonb",
}
_NAMES = ", ".join(_COLUMNS)
_TYPED = ", ".join(f"{name} {sql_type}" for name, sql_type in _COLUMNS.items())
INSERT_DOCUMENTS = (
    f"INSERT INTO audit_entries ({_NAMES}) SELECT {_NAMES} "  # noqa: S608 - the same
    f"FROM jsonb_to_recordset({{array}}) AS told({_TYPED})"
)
_SQL = (
    f"INSERT INTO audit_entries ({_NAMES}) "  # noqa: S608 - made of the constants above, never of input
    f"VALUES ({', '.join(f'${number}' for number in range(1, len(_COLUMNS) + 1))}) RETURNING id"
)
_APPEND = Prepared("penstock_audit", tuple(_COLUMNS.values()), _SQL)


def _as_bound(sql: str) -> str:
    """Write the parameters for SQLAlchemy, with their types spelled out, as nothing else tells the server."""
    for number, sql_type in reversed(list(enumerate(_COLUMNS.values(), 1))):
        sql = sql.replace(f"${number}", f"CAST(:p{number} AS {sql_type})")
    return sql


_APPEND_PLAIN = text(_as_bound(_SQL))
