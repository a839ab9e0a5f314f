"""The API's own documentation: the OpenAPI document, and pages drawn from it that need no network."""

from flask import Response, current_app, render_template, request
from flask_smorest import Blueprint

from core.errors import Missing
from webapp.api.v1.kinds import find_kind
from webapp.documentation import Reader, problem_example, problem_pages
from webapp.kinds import kind_document
from webapp.openapi import described
from webapp.operations import Answer, Call, operation
from webapp.problems import CONTENT_TYPE

blueprint = Blueprint("documentation", __name__, description="This documentation")

_PAGE = Answer("A page", {"type": "string"}, ("text/html",))


class PageMissing(Missing):
    """There is no such page."""

    code = "page_missing"


@operation(blueprint, "GET /openapi.json", None, answers={200: Answer("The OpenAPI 3.1 document", {"type": "object"})})
def read_openapi(_call: Call) -> Response:
    """Read this API as an OpenAPI document."""
    return Response(described(current_app).document_bytes, content_type="application/json")


@operation(blueprint, "GET /docs", None, answers={200: _PAGE})
def show_documentation(call: Call) -> Response:
    """Show the documentation's first page."""
    return _page(call, "documentation.html", problem=problem_example())


@operation(blueprint, "GET /docs/operations/<operation_id>", None, answers={200: _PAGE}, problems=(404,))
def show_operation(call: Call, operation_id: str) -> Response:
    """Show one operation."""
    found = _reader().operation(operation_id)
    if found is None:
        raise PageMissing(f"there is no operation {operation_id!r}")
    return _page(call, "operation.html", operation=found)


@operation(blueprint, "GET /docs/kinds/<name>", None, answers={200: _PAGE}, problems=(404,))
def show_kind(call: Call, name: str) -> Response:
    """Show one kind of job."""
    kind = find_kind(call.process.catalogue, name)
    return _page(call, "kind.html", kind=kind_document(kind, None), curl=_reader().submission_curl(kind))


@operation(blueprint, "GET /docs/problems", None, answers={200: _PAGE})
def show_problems(call: Call) -> Response:
    """Show every sort of error."""
    return _page(call, "problems.html", problems=problem_pages(), content_type=CONTENT_TYPE, problem=problem_example())


def _page(call: Call, template: str, **values: object) -> Response:
    reader = _reader()
    text = render_template(
        template,
        info=reader.document["info"],
        tags=reader.document["tags"],
        operations=list(reader.entries()),
        schemas=reader.schemas,
        kinds=call.process.catalogue,
        **values,
    )
    return Response(text, content_type="text/html; charset=utf-8", headers={"Cache-Control": "public, max-age=60"})


def _reader() -> Reader:
    return Reader(described(current_app).document, request.host_url.rstrip("/"))
