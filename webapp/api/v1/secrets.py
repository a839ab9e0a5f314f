"""The keys that seal a tenant's secrets and personal fields: how old they are, and having others made."""

from typing import Any

from flask import Response
from flask_smorest import Blueprint
from sqlalchemy.orm import Session

from core.clock import rfc3339
from core.platform.sealing import keys, rotation
from webapp.operations import Answer, Call, json_answer, operation
from webapp.schemas.secrets import KeysDocument

blueprint = Blueprint("secrets", __name__, description="Keys that seal secrets and personal fields")


@operation(blueprint, "GET /secrets", "secrets:rotate", answers={200: Answer("The keys", KeysDocument)})
def read_keys(call: Call) -> Response:
    """Read how old the tenant's keys are, and how far a rotation is."""
    with call.database.statements() as session:
        return json_answer(_document(call, session))


@operation(
    blueprint, "POST /secrets/rotate", "secrets:rotate", answers={202: Answer("The rotation goes on", KeysDocument)}
)
def rotate_keys(call: Call) -> Response:
    """Have new values sealed with new keys from now on, and all others sealed anew.

    Everything stays readable meanwhile. The retired keys are destroyed once no value bears them any more.
    """
    with call.database.transaction() as session:
        keys.retire(session, call.principal.tenant_id)
        return json_answer(_document(call, session), 202)


def _document(call: Call, session: Session) -> dict[str, Any]:
    status = rotation.read_status(session, call.principal.tenant_id)
    oldest = None if status.oldest_at is None else rfc3339(status.oldest_at)
    return {"keys": status.keys, "oldest_at": oldest, "retired": status.retired, "outdated": status.outdated}
