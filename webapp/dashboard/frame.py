"""The frame of every page: who may see it, what it is rendered in, and how a form's answer leads on."""

import functools
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, after_this_request, redirect, render_template, request, url_for
from marshmallow import Schema
from werkzeug.datastructures import MultiDict

from core.errors import Denied
from core.platform.access import Principal
from webapp.api.v1.streams import stream_address
from webapp.auditing import CALLER
from webapp.dashboard import cookies, forgery
from webapp.dashboard.navigation import places_for
from webapp.dashboard.notices import NOTICES
from webapp.edge import ROUTE
from webapp.operations import Call
from webapp.parsing import load
from webapp.problems import TextMalformed
from webapp.process import WebProcess, held

View = Callable[..., Response]
CONTENT_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self' {stream}; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
HTML = "text/html; charset=utf-8"


class NotLoggedIn(Denied):
    """Log in first."""

    code = "not_logged_in"


def page(
    blueprint: Blueprint, address: str, permission: str | None, *, query: type[Schema] | None = None
) -> Callable[[View], View]:
    """Route and guard a page or the target of a form (`"GET /jobs"`); `permission` None marks it as public."""
    method, rule = address.split()
    schema = query() if query else None

    def decorate(view: View) -> View:
        @functools.wraps(view)
        def guarded(**path: Any) -> Response:
            request.environ[ROUTE] = f"{method} /dashboard{rule}"
            process = held()
            if "\0" in request.path or "%00" in request.environ["QUERY_STRING"]:
                raise TextMalformed
            caller = _admit(process, request.environ[ROUTE], permission)
            if method == "POST":
                forgery.refuse_forgery(process, caller, request)
            asked = {} if schema is None else load(schema, filled(request.args))
            return view(Call(process, caller, asked), **path)

        vars(guarded)["permission"] = permission  # what the test that walks over all routes reads
        blueprint.add_url_rule(rule, endpoint=view.__name__, view_func=guarded, methods=[method])
        return guarded

    return decorate


def _admit(process: WebProcess, address: str, permission: str | None) -> Principal | None:
    """Return who asks, nobody where that is not asked; the same order as for the API's operations."""
    if permission is None:
        if request.method == "POST":
            process.limits.check_stranger(request, address)
        return None
    login = cookies.find(process, request)
    if login is None:
        raise NotLoggedIn
    if login.access is not None:
        after_this_request(functools.partial(_put, login))
    request.environ[CALLER] = login.caller
    process.limits.check(request, address, login.caller)
    login.caller.require(permission)
    return login.caller


def _put(login: cookies.Login, response: Response) -> Response:
    cookies.put(request, response, access=login.access, refresh=login.refresh)
    return response


def filled(sent: MultiDict[str, str]) -> dict[str, str]:
    """Return the fields of a form that were filled in: an empty one says nothing, and a notice is none of them."""
    return {name: value.strip() for name, value in sent.items() if value.strip() and name != "told"}


def rendered(template: str, *, status: int = 200, **values: Any) -> Response:
    """Render a page in the frame, for whoever the current request comes from."""
    caller: Principal | None = request.environ.get(CALLER)
    process = held()
    visit = request.cookies.get(cookies.VISIT) or forgery.new_visit()
    text = render_template(
        f"dashboard/{template}",
        me=caller,
        may=_may_nothing if caller is None else caller.may,
        places=places_for(caller),
        csrf=forgery.word_for(process, caller, visit),
        notice=NOTICES.get(request.args.get("told", "")),
        **values,
    )
    response = Response(text, status, content_type=HTML)
    # Sockets are of another port, and `'self'` means this one alone.
    stream = f"ws{stream_address(process.settings).removeprefix('http')}"
    response.headers["Content-Security-Policy"] = CONTENT_POLICY.format(stream=stream)
    if caller is None and cookies.VISIT not in request.cookies:
        response.set_cookie(
            cookies.VISIT, visit, path=cookies.PATH, secure=request.is_secure, httponly=True, samesite="Strict"
        )
    return response


def led_on(endpoint: str, told: str | None = None, **values: Any) -> Response:
    """Lead the browser on to a page after a form, with a notice of what was done."""
    address = url_for(f"dashboard.{endpoint}", **values)
    if told is not None:
        address += f"{'&' if '?' in address else '?'}{urlencode({'told': told})}"
    answer: Response = redirect(address, 303)  # type: ignore[assignment]  # Werkzeug's class, of which Flask makes its own
    return answer


def _may_nothing(_permission: str) -> bool:
    return False
