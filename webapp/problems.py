"""Problems: every error as the HTTP API tells it (RFC 9457), and which status each family has."""

import json
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from math import ceil
from typing import Any

import structlog
from flask import Flask, Response, request
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolExhausted
from werkzeug.exceptions import HTTPException, NotFound

from core import telemetry
from core.database import DatabaseUnavailable
from core.errors import Conflict, Denied, Invalid, Missing, PenstockError, Transient
from core.jobs.governing import CapacityShort
from core.jobs.quotas import QuotaExceeded
from core.platform.accounts.lockout import LoginLocked
from core.platform.accounts.login import LoginRefused, TotpRequired
from core.platform.starting import DatabaseRefuses, SchemaNewer
from core.storage import TooLarge
from webapp.edge import PROBLEM_CODE, REQUEST_ID

CONTENT_TYPE = "application/problem+json"
RETRY_AFTER_S = 2


class BodyMalformed(Invalid):
    """The body is not the JSON that was announced."""

    code = "body_malformed"


class TextMalformed(Invalid):
    """A NUL character has no place in an address."""

    code = "text_malformed"


class MediaTypeUnsupported(Invalid):
    """The body must be sent as application/json."""

    code = "media_type_unsupported"


class KeyInvalid(Denied):
    """A valid API key or access token is needed: send it as `Authorization: Bearer …`."""

    code = "key_invalid"


class RefreshRefused(Denied):
    """The refresh token is unknown, expired or was used before: log in anew."""

    code = "refresh_refused"


class RateLimited(Transient):
    """Too many requests: come back when `Retry-After` says."""

    code = "rate_limited"


STATUS: Mapping[type[PenstockError], HTTPStatus] = {
    BodyMalformed: HTTPStatus.BAD_REQUEST,
    TextMalformed: HTTPStatus.BAD_REQUEST,
    MediaTypeUnsupported: HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    TooLarge: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    KeyInvalid: HTTPStatus.UNAUTHORIZED,
    LoginRefused: HTTPStatus.UNAUTHORIZED,
    TotpRequired: HTTPStatus.UNAUTHORIZED,
    RefreshRefused: HTTPStatus.UNAUTHORIZED,
    LoginLocked: HTTPStatus.TOO_MANY_REQUESTS,
    RateLimited: HTTPStatus.TOO_MANY_REQUESTS,
    QuotaExceeded: HTTPStatus.TOO_MANY_REQUESTS,
    CapacityShort: HTTPStatus.TOO_MANY_REQUESTS,
    DatabaseRefuses: HTTPStatus.SERVICE_UNAVAILABLE,
    SchemaNewer: HTTPStatus.SERVICE_UNAVAILABLE,
    Invalid: HTTPStatus.UNPROCESSABLE_ENTITY,
    Denied: HTTPStatus.FORBIDDEN,
    Missing: HTTPStatus.NOT_FOUND,
    Conflict: HTTPStatus.CONFLICT,
    Transient: HTTPStatus.SERVICE_UNAVAILABLE,
    PenstockError: HTTPStatus.INTERNAL_SERVER_ERROR,
}


def answer_with_problems(app: Flask) -> None:
    """Answer every error of this app with a problem document."""
    app.register_error_handler(PenstockError, _expected)
    app.register_error_handler(HTTPException, _routing)
    app.register_error_handler(OperationalError, _database_away)
    app.register_error_handler(InterfaceError, _database_away)
    app.register_error_handler(PoolExhausted, _database_away)
    app.register_error_handler(DBAPIError, _database_failed)
    app.register_error_handler(Exception, _unexpected)


def status_of(error: type[PenstockError]) -> HTTPStatus:
    """Return the status of an error: its own or its family's."""
    return next(STATUS[ancestor] for ancestor in error.__mro__ if ancestor in STATUS)


def problem(
    status: HTTPStatus,
    *,
    code: str,
    title: str,
    detail: str,
    errors: Sequence[Mapping[str, str]] = (),
    headers: Mapping[str, str] | None = None,
) -> Response:
    """Write one problem document."""
    document: dict[str, Any] = {
        "type": f"/api/v1/docs/problems#{code}",
        "title": title,
        "status": int(status),
        "detail": detail,
        "code": code,
        "request_id": request.environ.get(REQUEST_ID),
    }
    request.environ[PROBLEM_CODE] = code
    if errors:
        document["errors"] = list(errors)
    response = Response(json.dumps(document), status=status, content_type=CONTENT_TYPE)
    response.headers.update(headers or {})
    return response


def _expected(error: PenstockError) -> Response:
    headers: dict[str, str] = {}
    if status_of(type(error)) is HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = 'Bearer realm="penstock"'
    if isinstance(error, Transient):
        headers["Retry-After"] = str(max(1, ceil(error.retry_after_s or RETRY_AFTER_S)))
    return problem(
        status_of(type(error)),
        code=error.code,
        title=error.title(),
        detail=error.detail,
        errors=[{"pointer": field.pointer, "detail": field.detail} for field in error.errors],
        headers=headers,
    )


def _routing(error: HTTPException) -> Response:
    """Tell what Flask and Werkzeug refuse: unknown routes, methods, sizes, ranges."""
    status = HTTPStatus(error.code or 500)
    kept = {"Allow", "Content-Range", "Location", "Retry-After"}
    return problem(
        status,
        code=status.name.lower(),
        title=status.phrase,
        detail=_detail(error) or status.description,
        headers={name: value for name, value in error.get_headers() if name in kept},
    )


def _detail(error: HTTPException) -> str | None:
    # Werkzeug's words for an unknown address are for somebody who types into a browser.
    return f"nothing is at {request.path}" if isinstance(error, NotFound) else error.description


def _database_away(error: Exception) -> Response:
    structlog.get_logger().warning("database.unavailable", error=str(error).splitlines()[0])
    return _expected(DatabaseUnavailable())


def _database_failed(error: DBAPIError) -> Response:
    return _database_away(error) if error.connection_invalidated else _unexpected(error)


def _unexpected(error: Exception) -> Response:
    structlog.get_logger().error("request.crashed", exc_info=error)
    telemetry.report(error)
    status = HTTPStatus.INTERNAL_SERVER_ERROR
    return problem(status, code="internal", title=status.phrase, detail="The log knows more under this request's id.")
