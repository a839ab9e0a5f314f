"""Memories of a domain: what jobs have learned of it window by window, read and forgotten."""

from typing import Any

from flask import Response
from flask_smorest import Blueprint
from sqlalchemy import Row

from core.clock import rfc3339
from core.platform.domains import memories
from core.platform.domains.facts import find_domain
from webapp.operations import Answer, Call, operation, page_answer
from webapp.schemas.memories import MemoryList

blueprint = Blueprint("memories", __name__, description="What was learned of domains")


@operation(
    blueprint,
    "GET /domains/<domain>/memories",
    "domains:read",
    answers={200: Answer("What was learned", MemoryList)},
    problems=(404,),
)
def list_memories(call: Call, domain: str) -> Response:
    """List what was learned of a domain: its causes, for one, as `causal.update` knows them by now."""
    tenant_id = call.principal.tenant_id
    with call.database.statements() as session:
        rows = memories.list_memories(session, tenant_id, find_domain(session, tenant_id, domain).id)
    return page_answer([_document(row) for row in rows])


@operation(
    blueprint,
    "DELETE /domains/<domain>/memories/<name>",
    "domains:write",
    answers={204: Answer("It is forgotten")},
    problems=(404,),
)
def forget_memory(call: Call, domain: str, name: str) -> Response:
    """Forget what was learned under a name: the next job learns from all windows that there are, anew."""
    tenant_id = call.principal.tenant_id
    with call.database.transaction() as session:
        memories.forget_memory(session, tenant_id, find_domain(session, tenant_id, domain).id, name)
    return Response(status=204)


def _document(row: Row[Any]) -> dict[str, Any]:
    return {
        "name": row.name,
        "version": row.version,
        "updated_at": rfc3339(row.updated_at),
        "bytes": row.bytes,
        "told": row.told,
    }
