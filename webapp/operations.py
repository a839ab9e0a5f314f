"""Operations: what each route declares (permission, query, body, answers), enforced and documented from one place."""

import functools
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from flask import Request, Response, request
from flask_smorest import Blueprint
from marshmallow import Schema
from sqlalchemy.orm import Session
from werkzeug.datastructures import Headers

from core.database import Database
from core.jobs import quotas
from core.jobs.documents import to_json
from core.platform.access import Principal
from core.platform.audit.entries import Entry
from core.replica import Found
from webapp.auditing import CALLER
from webapp.edge import REQUEST_ID, ROUTE
from webapp.parsing import load, load_query, query_defaults, read_body
from webapp.problems import KeyInvalid, TextMalformed
from webapp.process import WebProcess, held

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

View = Callable[..., Response]

JSON = "application/json"
STREAM = "text/event-stream"
ALWAYS = (400, 405, 422, 500)
"""Problems that any operation may answer."""
GUARDED = (401, 403, 429, 503)
"""Problems that any operation with a permission may answer."""
LIMITED = (429, 503)
"""Problems that a public operation may answer whose requests are counted."""


@dataclass(frozen=True, slots=True)
class Call:
    """One request as a view sees it: who asks, what was asked, checked already."""

    process: WebProcess
    caller: Principal | None
    query: Mapping[str, Any]
    sent: Any = None
    """The JSON body as it came."""
    body: Any = None
    """The same, loaded through the operation's schema."""

    @property
    def request_id(self) -> str:
        """Return the id under which logs know this request."""
        return str(request.environ[REQUEST_ID])

    @property
    def database(self) -> Database:
        """Return the way to the rows of the caller's tenant; to nobody's where nobody is asked who they are."""
        database = self.process.database
        return database if self.caller is None else database.within(self.caller.tenant_id)

    @property
    def platform(self) -> Database:
        """Return the way to the rows of all tenants, for what is about the platform."""
        return self.process.database.everywhere()

    def read_list(self, work: Callable[[Session], Found]) -> Found:
        """Return what the work finds of the caller's tenant, in a replica where there is one that is near enough."""
        return self.process.lists.read(self.principal.tenant_id, work)

    def bounded_by(self, names: Collection[str]) -> bool:
        """Tell whether the caller's tenant has any of these quotas."""
        return not self.process.limits.quotas_of(self.principal.tenant_id).keys().isdisjoint(names)

    def foretell(self, status: int, target: str | None = None) -> Entry:
        """Return what the audit trail is to tell of a change, for the transaction that makes it to add."""
        return self.process.auditor.foretell(request, status, target)

    def hold_to_quotas(self, session: Session, names: Collection[str]) -> None:
        """Raise `QuotaExceeded` where what the session has recorded is more than the caller's tenant may have."""
        if self.bounded_by(names):
            quotas.hold_to(session, self.principal.tenant_id, names, now=self.process.clock())

    @property
    def principal(self) -> Principal:
        """Return who asks; public operations must not."""
        if self.caller is None:
            raise KeyInvalid
        return self.caller


@dataclass(frozen=True, slots=True)
class Answer:
    """One documented answer."""

    description: str
    schema: type[Schema] | Mapping[str, Any] | str | None = None
    content_types: Sequence[str] = (JSON,)
    headers: Mapping[str, str] = field(default_factory=dict)
    streams: bool = False
    """Whether the same answer also comes as server-sent events."""


@dataclass(frozen=True, slots=True)
class Body:
    """A JSON body that an operation takes: the schema that loads it and, where richer, the one that documents it."""

    schema: type[Schema]
    documented: Mapping[str, Any] | None = None
    required: bool = True


def operation(
    blueprint: Blueprint,
    address: str,
    permission: str | None,
    *,
    answers: Mapping[int, Answer],
    query: type[Schema] | None = None,
    body: Body | None = None,
    headers: Mapping[str, str] | None = None,
    problems: Sequence[int] = (),
    documentation: Mapping[str, Any] | None = None,
) -> Callable[[View], View]:
    """Route, guard and document a view (`"GET /jobs"`); `permission` None marks it as public."""
    method, rule = address.split()
    guard = Guard(address, permission, limited=method == "POST")

    def decorate(view: View) -> View:
        guarded = _guard(view, guard, query() if query else None, body.schema() if body else None)
        documented: View = blueprint.doc(
            operationId=view.__name__,
            parameters=_parameters(query, headers or {}),
            responses=_responses(answers, [*problems, *ALWAYS, *guard.problems]),
            **_request_body(body),
            **_security(permission),
            **(documentation or {}),
        )(guarded)
        blueprint.add_url_rule(rule, view_func=documented, methods=[method])
        return documented

    return decorate


@dataclass(frozen=True, slots=True)
class Guard:
    """Who may pass to a view, and how often."""

    address: str
    permission: str | None
    limited: bool
    """Whether strangers are counted by their network address, where no credentials are asked for."""

    @property
    def problems(self) -> Sequence[int]:
        """Return what it answers those who may not pass."""
        return GUARDED if self.permission is not None else LIMITED if self.limited else ()

    def admit(self, process: WebProcess, request: Request) -> Principal | None:
        """Return who asks, nobody where that is not asked: authentication, tenant, rate limit, permission.

        The audit trail tells of the outcome, once there is an answer.
        """
        if self.permission is None:
            if self.limited:
                process.limits.check_stranger(request, self.address)
            return None
        caller = process.keyring.authenticate(request)
        request.environ[CALLER] = caller
        process.limits.check(request, self.address, caller)
        caller.require(self.permission)
        return caller


def _guard(view: View, guard: Guard, query: Schema | None, body: Schema | None) -> View:
    unasked = query_defaults(query)

    @functools.wraps(view)
    def guarded(**path: Any) -> Response:
        environ = request.environ
        environ[ROUTE] = guard.address
        process = held()
        if "\0" in request.path or "%00" in environ["QUERY_STRING"]:
            raise TextMalformed
        caller = guard.admit(process, request)
        asked = unasked if unasked is not None and not environ["QUERY_STRING"] else load_query(query, request)
        if body is None:
            return view(Call(process, caller, asked), **path)
        sent = read_body(request, limit=process.settings.max_body_bytes)
        return view(Call(process, caller, asked, sent, load(body, {} if sent is None else sent)), **path)

    vars(guarded)["permission"] = guard.permission  # what the test that walks over all routes reads
    return guarded


class JsonAnswer(Response):
    """An answer whose headers are final as they are made: nothing is to be read again and corrected."""

    def __init__(self, body: bytes, status: int, headers: Mapping[str, str] | None) -> None:
        super().__init__(body, status, headers, content_type=JSON)

    def get_wsgi_headers(self, environ: "WSGIEnvironment") -> Headers:  # noqa: ARG002 - as the base class has it
        """Return them."""
        return self.headers


def json_answer(document: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """Answer with JSON."""
    return JsonAnswer(to_json(document), status, headers)


def page_answer(items: Sequence[Any], next_cursor: str | None = None) -> Response:
    """Answer with one page of a list."""
    return json_answer({"items": items, "next_cursor": next_cursor})


def _security(permission: str | None) -> dict[str, Any]:
    return {"security": []} if permission is None else {"x-permission": permission}


def _parameters(query: type[Schema] | None, headers: Mapping[str, str]) -> list[dict[str, Any]]:
    parameters: list[dict[str, Any]] = [
        {"in": "header", "name": name, "description": description, "schema": {"type": "string"}}
        for name, description in headers.items()
    ]
    return [{"in": "query", "schema": query}, *parameters] if query else parameters


def _request_body(body: Body | None) -> dict[str, Any]:
    if body is None:
        return {}
    schema = body.documented or body.schema
    return {"requestBody": {"required": body.required, "content": {JSON: {"schema": schema}}}}


def _responses(answers: Mapping[int, Answer], problems: Sequence[int]) -> dict[int, Any]:
    documented: dict[int, Any] = {status: problem_name(status) for status in sorted({*problems})}
    for status, answer in answers.items():
        documented[status] = {
            "description": answer.description,
            "headers": {
                name: {"description": text, "schema": {"type": "string"}} for name, text in answer.headers.items()
            },
        }
        if answer.schema is not None:
            content = {content_type: {"schema": answer.schema} for content_type in answer.content_types}
            if answer.streams:
                content[STREAM] = {"schema": {"type": "string"}}
            documented[status]["content"] = content
    return documented


def problem_name(status: int) -> str:
    """Name the documented problem of a status, `NotFound` for 404."""
    return HTTPStatus(status).phrase.title().replace(" ", "").replace("-", "")
