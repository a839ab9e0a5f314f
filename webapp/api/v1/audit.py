"""The audit trail, to be searched and verified."""

from dataclasses import asdict

from flask import Response
from flask_smorest import Blueprint

from core.clock import rfc3339
from core.platform.audit.search import AuditFilter, search
from core.platform.audit.verification import verify
from webapp.operations import Answer, Call, json_answer, operation, page_answer
from webapp.schemas.audit import (
    AuditEntryDocument,
    AuditList,
    AuditQuery,
    VerificationDocument,
    VerificationQuery,
)

blueprint = Blueprint("audit", __name__, description="Who changed or was refused what")

_OPTIONS = ("limit", "cursor")
_IDS = ("id", "actor_id")
_SHOWN = tuple(AuditEntryDocument().fields)


@operation(
    blueprint, "GET /audit", "audit:read", query=AuditQuery, answers={200: Answer("One page of the trail", AuditList)}
)
def search_audit(call: Call) -> Response:
    """Search the audit trail, newest first.

    It tells of every request that changed something and of every one that was refused. A page looks at 5,000 entries
    at most, and may be short, or empty, before the end: go on with `next_cursor` until it is null.
    """
    query, limit = call.query, call.query["limit"]
    chosen = AuditFilter(**{name: value for name, value in query.items() if name not in _OPTIONS})
    with call.database.statements() as session:
        found = search(session, call.principal.tenant_id, chosen, limit=limit, after=query["cursor"])
    page = []
    for row in found.rows:
        entry = {name: row._mapping[name] for name in _SHOWN}  # noqa: SLF001 - the documented way to columns by name
        ids = {name: None if entry[name] is None else str(entry[name]) for name in _IDS}
        page.append({**entry, **ids, "at": rfc3339(row.at)})
    return page_answer(page, None if found.next_after is None else str(found.next_after))


@operation(
    blueprint,
    "GET /audit/verification",
    "audit:read",
    query=VerificationQuery,
    answers={200: Answer("What was found", VerificationDocument)},
)
def verify_audit(call: Call) -> Response:
    """Verify the next part of the trail's chain.

    Names the first entry that was changed, deleted, inserted or moved, or tells that the end was cut off.
    """
    with call.database.transaction() as session:
        found = verify(session, call.principal.tenant_id, **call.query)
    flaw = None if found.flaw is None else {**asdict(found.flaw), "entry_id": _id(found.flaw.entry_id)}
    return json_answer({**asdict(found), "intact": flaw is None, "flaw": flaw})


def _id(value: object) -> str | None:
    return None if value is None else str(value)
