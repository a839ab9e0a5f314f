"""Errors as people see them: a page in the frame that says what is wrong and where to go on."""

from http import HTTPStatus
from math import ceil
from typing import cast

import structlog
from flask import Blueprint, Response, redirect, request, url_for
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolExhausted
from werkzeug.exceptions import HTTPException

from core import telemetry
from core.database import DatabaseUnavailable
from core.errors import PenstockError, Transient
from webapp.dashboard import cookies
from webapp.dashboard.frame import NotLoggedIn, rendered
from webapp.edge import PROBLEM_CODE, REQUEST_ID
from webapp.problems import RETRY_AFTER_S, status_of


def answer_with_pages(blueprint: Blueprint) -> None:
    """Answer every error below a blueprint with a page."""
    blueprint.register_error_handler(NotLoggedIn, _to_login)
    blueprint.register_error_handler(PenstockError, show_error)
    blueprint.register_error_handler(HTTPException, _routing)
    for away in (OperationalError, InterfaceError, PoolExhausted):
        blueprint.register_error_handler(away, _database_away)
    blueprint.register_error_handler(Exception, _unexpected)


def show_error(error: PenstockError) -> Response:
    """Show what was refused."""
    response = _shown(status_of(type(error)), error.code, error.title(), error.detail, error)
    if isinstance(error, Transient):
        response.headers["Retry-After"] = str(max(1, ceil(error.retry_after_s or RETRY_AFTER_S)))
    return response


def _to_login(error: NotLoggedIn) -> Response:
    """Lead to the login and, where something was only to be read, back here after it."""
    request.environ[PROBLEM_CODE] = error.code
    back = request.full_path.rstrip("?") if request.method == "GET" else None
    address = url_for("dashboard.account.show_login", next=back)
    if "HX-Request" in request.headers:
        response = Response(status=HTTPStatus.UNAUTHORIZED, headers={"HX-Redirect": address})
    else:
        response = cast("Response", redirect(address, 303))
    cookies.drop(response)
    return response


def _routing(error: HTTPException) -> Response:
    status = HTTPStatus(error.code or 500)
    return _shown(status, status.name.lower(), status.phrase, error.description or status.description)


def _database_away(error: Exception) -> Response:
    if isinstance(error, DBAPIError):
        structlog.get_logger().warning("database.unavailable", error=str(error).splitlines()[0])
    return show_error(DatabaseUnavailable())


def _unexpected(error: Exception) -> Response:
    structlog.get_logger().error("request.crashed", exc_info=error)
    telemetry.report(error)
    status = HTTPStatus.INTERNAL_SERVER_ERROR
    return _shown(status, "internal", "Something went wrong", "The log knows more under this request's id.")


def _shown(status: HTTPStatus, code: str, title: str, detail: str, error: PenstockError | None = None) -> Response:
    request.environ[PROBLEM_CODE] = code
    return rendered(
        "problem.html",
        status=int(status),
        code=code,
        title=title,
        detail=detail,
        errors=error.errors if error else (),
        request_id=request.environ.get(REQUEST_ID),
    )
