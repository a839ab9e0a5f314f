"""Submitting a job: a form made from the kind's schema, filled with its example or with another job's params."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from itertools import groupby
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from flask import Blueprint, Response, request, url_for
from marshmallow import fields

from core.errors import FieldError, PenstockError
from core.jobs import queries
from core.jobs.kind import JobKind
from core.redaction import PLACEHOLDER
from webapp.api.v1.kinds import find_kind
from webapp.dashboard.forms import Field, fields_of, is_writable, place, take, walk
from webapp.dashboard.frame import led_on, page, rendered
from webapp.openapi import json_schema
from webapp.operations import Call
from webapp.parsing import load, parse_json
from webapp.problems import status_of
from webapp.schemas.jobs import Submission
from webapp.schemas.values import Strict
from webapp.submissions import accept, job_request

blueprint = Blueprint("submitting", __name__)

OPTION = "option:"
AGAIN = "again:"
"""What the tag begins with that names the job from whose page another was submitted."""
MOST_TAGS = 20
OPTIONS = ("priority", "tags", "run_at", "deadline_at", "timeout_s", "max_attempts", "unique_key")
"""Options of a submission that the form shows; the others are for programs."""


class FormQuery(Strict):
    """What the form is filled with, and whether its params are written as JSON."""

    source = fields.UUID(data_key="from", load_default=None)
    written = fields.String(data_key="as", load_default="fields")


@page(blueprint, "GET /submit", "jobs:submit")
def choose_kind(call: Call) -> Response:
    """Show what may be submitted."""
    offered = [kind for kind in call.process.catalogue if call.principal.may(kind.permission(kind.example))]
    grouped = {workload: list(kinds) for workload, kinds in groupby(offered, lambda kind: kind.name.partition(".")[0])}
    return rendered("kinds.html", grouped=grouped)


@page(blueprint, "GET /submit/<name>", "jobs:submit", query=FormQuery)
def show_form(call: Call, name: str) -> Response:
    """Show the form of a kind."""
    kind, source = find_kind(call.process.catalogue, name), call.query["source"]
    params: Mapping[str, Any] = kind.example
    given: Mapping[str, Any] = {}
    if source is not None:
        job = queries.read_job(call.database, call.principal.tenant_id, source)
        given = {**job, "tags": descended(job["tags"] or (), source)}
        params = without_secrets(job["params"] or {})
    as_json = call.query["written"] == "json"
    return _form(kind, params_fields(kind, params), option_fields(given), params, as_json=as_json, source=source)


@page(blueprint, "POST /submit/<name>", "jobs:submit")
def submit(call: Call, name: str) -> Response:
    """Submit what the form says, or show what is wrong with it where it is wrong."""
    kind, form = find_kind(call.process.catalogue, name), request.form
    shown, options = params_fields(kind, {}), option_fields({})
    as_json = "json" in form
    params: Any = form.get("json", "")
    error: PenstockError | None = None
    try:
        params = parse_json(params.encode()) if as_json else take(shown, form)
        asked = {**take(options, form), "kind": name, "params": params}
        if not any(each.errors for each in (*walk(shown), *options)):
            accepted = accept(
                call, job_request(call.process.catalogue, load(Submission(), asked), request_id=call.request_id)
            )
            return led_on("job.show_job", "unique" if accepted.unique else "submitted", job_id=accepted.job["id"])
    except PenstockError as refused:
        error = refused
    return _form(kind, shown, options, params, as_json=as_json, error=error)


def params_fields(kind: JobKind, params: Mapping[str, Any]) -> list[Field]:
    """Make the fields of a kind's params."""
    return fields_of(json_schema(kind.params), params)


def option_fields(given: Mapping[str, Any]) -> list[Field]:
    """Make the fields of a submission's options, filled with those of another job that make sense again."""
    properties = json_schema(Submission)["properties"]
    schema = {"properties": {name: properties[name] for name in OPTIONS}}
    kept = {name: given[name] for name in ("priority", "tags") if given.get(name)}
    return fields_of(schema, kept, OPTION)


def descended(tags: Sequence[str], source: UUID) -> list[str]:
    """Return the tags of a job that is run again from another: its own, and which one that was."""
    return [*(tag for tag in tags if not tag.startswith(AGAIN)), f"{AGAIN}{source}"][-MOST_TAGS:]


def without_secrets(params: Any) -> Any:
    """Leave out what stands in place of secrets: they have to be typed anew."""
    if isinstance(params, Mapping):
        return {name: without_secrets(value) for name, value in params.items() if value != PLACEHOLDER}
    return [without_secrets(value) for value in params] if isinstance(params, list) else params


def errors_left(shown: Sequence[Field], options: Sequence[Field], error: PenstockError | None) -> list[FieldError]:
    """Put an error's parts at their fields; return what has none."""
    return [] if error is None else place(options, place(shown, error.errors), below="", above=OPTION)


def _query(source: UUID | None, *, as_json: bool) -> str:
    """Write which job a form is filled from, and how its params are written."""
    asked = {**({"from": source} if source else {}), **({"as": "json"} if as_json else {})}
    return f"?{urlencode(asked)}" if asked else ""


def _form(
    kind: JobKind,
    shown: Sequence[Field],
    options: Sequence[Field],
    params: Any,
    *,
    as_json: bool,
    error: PenstockError | None = None,
    source: UUID | None = None,
) -> Response:
    wrong = error is not None or any(each.errors for each in walk([*shown, *options]))
    return rendered(
        "submit.html",
        status=HTTPStatus.OK if not wrong else status_of(type(error)) if error else HTTPStatus.UNPROCESSABLE_ENTITY,
        kind=kind,
        fields=shown,
        options=options,
        params=params,
        as_json=as_json or not is_writable(json_schema(kind.params)),
        only_json=not is_writable(json_schema(kind.params)),
        source=source,
        other_way=url_for("dashboard.submitting.show_form", name=kind.name) + _query(source, as_json=not as_json),
        error=error,
        left=errors_left(shown, options, error),
    )
