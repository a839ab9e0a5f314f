"""Logging in and out, and one's own account."""

from http import HTTPStatus
from urllib.parse import urlsplit

from flask import Blueprint, Response, request

from core.errors import PenstockError
from core.platform.accounts import login, renewal, sessions, totp
from core.platform.accounts.lockout import LoginLocked
from core.platform.accounts.login import Attempt, LoginRefused, PasswordChangeRequired, TotpRequired
from core.platform.accounts.members import get_member
from core.platform.accounts.passwords import PasswordUnfit
from core.platform.tenants import Tenant
from webapp.dashboard import cookies, login_steps
from webapp.dashboard.frame import led_on, page, rendered
from webapp.dashboard.login_steps import LoginStale
from webapp.operations import Call
from webapp.problems import status_of

blueprint = Blueprint("account", __name__)

_REFUSALS = (LoginRefused, LoginLocked, TotpRequired, PasswordChangeRequired, PasswordUnfit, LoginStale)
_LONGEST = 1024


@page(blueprint, "GET /login", None)
def show_login(_call: Call) -> Response:
    """Show the first step of the login."""
    return rendered("login.html", step=None, next=_inside(request.args.get("next")))


@page(blueprint, "POST /login", None)
def log_in(call: Call) -> Response:
    """Log in, or ask for what is missing."""
    process, form, now = call.process, request.form, call.process.clock()
    email, password = form.get("email", "")[:_LONGEST], form.get("password", "")[:_LONGEST]
    try:
        if "step" in form:
            email, password = login_steps.unseal(process.settings.secret_key, form["step"], now=now)
        attempt = Attempt(email, password, _typed("totp"), _typed("new_password"))
        begun = login.log_in(call.platform, process.passwords, process.settings.secret_key, attempt, now=now)
    except _REFUSALS as error:
        sealed = login_steps.seal(process.settings.secret_key, email, password, now=now)
        return _refused(error, email, sealed)
    target = _inside(form.get("next"))
    response = led_on("show_first_page")
    if target is not None:
        response.headers["Location"] = target
    cookies.begin(process, begun, request, response)
    return response


@page(blueprint, "POST /logout", "account:write")
def log_out(call: Call) -> Response:
    """End the session and forget it."""
    if call.principal.session_id is not None:
        with call.database.transaction() as session:
            sessions.end(session, call.principal.session_id, reason="logout")
    call.process.keyring.forget()
    response = led_on("account.show_login", "logged-out")
    cookies.drop(response)
    return response


@page(blueprint, "GET /account", "account:read")
def show_account(call: Call) -> Response:
    """Show one's own account."""
    return _account(call)


@page(blueprint, "POST /account/password", "account:write")
def change_password(call: Call) -> Response:
    """Change one's own password; all other sessions end."""
    process, form = call.process, request.form
    try:
        renewal.change_password(
            process.database, process.passwords, call.principal, form.get("current", ""), form.get("new", "")
        )
    except (LoginRefused, LoginLocked, PasswordUnfit) as error:
        return _account(call, refused=error)
    process.keyring.forget()
    return led_on("account.show_account", "password-changed")


@page(blueprint, "POST /account/totp", "account:write")
def enrol_totp(call: Call) -> Response:
    """Begin to set up a second factor, or show a code of it."""
    code, caller = _typed("code"), call.principal
    with call.database.transaction() as session:
        told = totp.enrol(session, caller.id, caller.name) if code is None else None
        codes = None if code is None else totp.confirm(session, caller.id, code, now=call.process.clock())
    call.process.keyring.forget()
    return _account(call, enrolment=told, recovery_codes=codes)


@page(blueprint, "POST /account/totp/remove", "account:write")
def remove_totp(call: Call) -> Response:
    """Take the second factor off; that takes a code of it, or a recovery code."""
    with call.database.transaction() as session:
        member = get_member(session, call.principal.tenant_id, call.principal.id, lock=True)
        if not totp.take(session, member, _typed("code") or "", now=call.process.clock()):
            raise totp.TotpInvalid
        totp.take_off(session, member)
    call.process.keyring.forget()
    return led_on("account.show_account", "totp-off")


def _account(call: Call, **more: object) -> Response:
    caller = call.principal
    with call.database.statements() as session:
        tenant = session.get_one(Tenant, caller.tenant_id)
        values = {
            "tenant": tenant,
            "totp_since": get_member(session, caller.tenant_id, caller.id).totp_since,
            "codes_left": totp.count_recovery_codes(session, caller.id),
            "totp_required": tenant.totp_required,
        }
    refused = more.get("refused")
    status = status_of(type(refused)) if isinstance(refused, PenstockError) else HTTPStatus.OK
    return rendered("account.html", status=status, **values, **more)


def _refused(error: PenstockError, email: str, sealed: str) -> Response:
    step = {TotpRequired: "totp", PasswordChangeRequired: "new_password", PasswordUnfit: "new_password"}.get(
        type(error)
    )
    if isinstance(error, LoginRefused) and _typed("totp") is not None:
        step = "totp"
    return rendered(
        "login.html",
        status=status_of(type(error)),
        step=step,
        error=None if isinstance(error, TotpRequired | PasswordChangeRequired) else error,
        email=email,
        sealed=sealed,
        code=_typed("totp"),
        next=_inside(request.form.get("next")),
    )


def _typed(name: str) -> str | None:
    return request.form.get(name, "").strip()[:_LONGEST] or None


def _inside(target: str | None) -> str | None:
    """Return where to go on after the login; None unless it is a page of the dashboard."""
    if target is None or "\\" in target:
        return None
    parts = urlsplit(target)
    inside = not parts.scheme and not parts.netloc and parts.path.startswith(f"{cookies.PATH}/")
    return target if inside and target.isprintable() else None
