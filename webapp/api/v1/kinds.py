"""Kinds of jobs: what may be submitted, and how."""

from flask import Response
from flask_smorest import Blueprint

from core.catalogue import Catalogue
from core.errors import Missing
from core.jobs.kind import JobKind
from webapp.kinds import tenants_kind_document
from webapp.operations import Answer, Call, json_answer, operation, page_answer
from webapp.schemas.platform import KindDocument, KindList

blueprint = Blueprint("kinds", __name__, description="Kinds of jobs")


class KindMissing(Missing):
    """There is no such kind."""

    code = "kind_missing"


@operation(blueprint, "GET /kinds", "kinds:read", answers={200: Answer("Every kind, by name", KindList)})
def list_kinds(call: Call) -> Response:
    """List the kinds of jobs."""
    tenant_id = call.principal.tenant_id
    return page_answer([tenants_kind_document(call.process, kind, tenant_id) for kind in call.process.catalogue])


@operation(
    blueprint, "GET /kinds/<name>", "kinds:read", answers={200: Answer("The kind", KindDocument)}, problems=(404,)
)
def read_kind(call: Call, name: str) -> Response:
    """Read one kind: JSON Schema of params and result, an example, limits, typical run time."""
    kind = find_kind(call.process.catalogue, name)
    return json_answer(tenants_kind_document(call.process, kind, call.principal.tenant_id))


def find_kind(catalogue: Catalogue, name: str) -> JobKind:
    """Return the kind at an address; raises `KindMissing`."""
    kind = catalogue.kinds.get(name)
    if kind is None:
        raise KindMissing(catalogue.explain_unknown(name))
    return kind
