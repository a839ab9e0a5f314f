"""The audit trail: searched, and its chain verified."""

from flask import Blueprint, Response, request

from core.platform.audit.search import AuditFilter, search
from core.platform.audit.verification import verify
from webapp.dashboard.frame import page, rendered
from webapp.operations import Call
from webapp.schemas.audit import AuditQuery, VerificationQuery

blueprint = Blueprint("trail", __name__)

FIELDS = ("action", "outcome", "actor", "target", "path", "code", "request_id", "since", "until")
_OPTIONS = ("limit", "cursor")


@page(blueprint, "GET /admin/audit", "audit:read", query=AuditQuery)
def search_audit(call: Call) -> Response:
    """Show entries of the trail, newest first."""
    query, limit = call.query, call.query["limit"]
    chosen = AuditFilter(**{name: value for name, value in query.items() if name not in _OPTIONS})
    with call.database.statements() as session:
        found = search(session, call.principal.tenant_id, chosen, limit=limit, after=query["cursor"])
    asked = {name: request.args[name] for name in FIELDS if request.args.get(name)}
    left_off = found.next_after is not None and len(found.rows) < limit
    return rendered(
        "admin/audit.html",
        entries=found.rows,
        asked=asked,
        fields=FIELDS,
        next_cursor=found.next_after,
        left_off=left_off,
    )


@page(blueprint, "GET /admin/audit/verification", "audit:read", query=VerificationQuery)
def verify_audit(call: Call) -> Response:
    """Verify the next part of the trail's chain."""
    with call.database.transaction() as session:
        found = verify(session, call.principal.tenant_id, **call.query)
    return rendered("admin/verification.html", found=found)
