"""Logging in and out, and one's own account."""

from typing import Any

from flask import Response
from flask_smorest import Blueprint
from sqlalchemy.orm import Session

from core.errors import Denied
from core.platform.access import Principal
from core.platform.accounts import login, renewal, sessions, totp
from core.platform.accounts.members import get_member
from core.platform.accounts.sessions import Begun
from core.platform.accounts.tokens import ACCESS_LIFE
from core.platform.tenants import Tenant
from webapp.operations import Answer, Body, Call, json_answer, operation
from webapp.problems import RefreshRefused
from webapp.schemas.accounts import (
    CodeRequest,
    EnrolmentDocument,
    LoginRequest,
    MeDocument,
    PasswordRequest,
    RecoveryDocument,
    RefreshRequest,
    TokensDocument,
)

blueprint = Blueprint("accounts", __name__, description="Logging in, and one's own account")

_NEW_TOKENS = {200: Answer("Tokens", TokensDocument)}
_DONE = {204: Answer("Done")}


class NotAMember(Denied):
    """An API key has no password and no second factor: this takes the access token of a login."""

    code = "not_a_member"


@operation(
    blueprint,
    "POST /auth/login",
    None,
    body=Body(LoginRequest),
    answers=_NEW_TOKENS,
    problems=(401, 403, 413, 415),
)
def log_in(call: Call) -> Response:
    """Log in with a name and password, and a code where the account asks for one.

    Whatever is wrong is answered alike: `login_refused`. Failures in a row have to wait longer and longer.
    """
    process, attempt = call.process, login.Attempt(**call.body)
    now = process.clock()
    begun = login.log_in(call.platform, process.passwords, process.settings.secret_key, attempt, now=now)
    return _tokens(call, begun)


@operation(
    blueprint,
    "POST /auth/refresh",
    None,
    body=Body(RefreshRequest),
    answers=_NEW_TOKENS,
    problems=(401, 413, 415),
)
def refresh_session(call: Call) -> Response:
    """Exchange a refresh token for new tokens.

    Each is good once. One that comes a second time has been stolen: the session ends, with all its tokens.
    """
    with call.platform.transaction() as session:
        begun = sessions.renew(session, call.body["refresh_token"], now=call.process.clock())
    if begun is None:
        call.process.keyring.forget()
        raise RefreshRefused
    return _tokens(call, begun)


@operation(blueprint, "POST /auth/logout", "account:write", answers=_DONE)
def log_out(call: Call) -> Response:
    """End the session that the access token belongs to."""
    with call.database.transaction() as session:
        sessions.end(session, _session_id(call), reason="logout")
    call.process.keyring.forget()
    return Response(status=204)


@operation(
    blueprint,
    "POST /auth/password",
    "account:write",
    body=Body(PasswordRequest),
    answers=_DONE,
    problems=(413, 415),
)
def change_password(call: Call) -> Response:
    """Change one's own password; all other sessions end."""
    _session_id(call)
    asked, process = call.body, call.process
    renewal.change_password(
        process.database, process.passwords, call.principal, asked["current_password"], asked["new_password"]
    )
    process.keyring.forget()
    return Response(status=204)


@operation(
    blueprint,
    "POST /auth/totp",
    "account:write",
    answers={201: Answer("What the authenticator app has to be told", EnrolmentDocument)},
    problems=(409,),
)
def enrol_totp(call: Call) -> Response:
    """Begin to set up a second factor; it is asked for once `POST /auth/totp/confirm` has seen a code."""
    _session_id(call)
    with call.database.transaction() as session:
        told = totp.enrol(session, call.principal.id, call.principal.name)
    return json_answer({"secret": told.secret, "uri": told.uri, "qr_svg": told.qr_svg}, 201)


@operation(
    blueprint,
    "POST /auth/totp/confirm",
    "account:write",
    body=Body(CodeRequest),
    answers={200: Answer("Recovery codes", RecoveryDocument)},
    problems=(409, 413, 415),
)
def confirm_totp(call: Call) -> Response:
    """Show a code of the app: from now on logins ask for one."""
    _session_id(call)
    with call.database.transaction() as session:
        codes = totp.confirm(session, call.principal.id, call.body["code"], now=call.process.clock())
    call.process.keyring.forget()
    return json_answer({"recovery_codes": codes})


@operation(
    blueprint,
    "POST /auth/totp/remove",
    "account:write",
    body=Body(CodeRequest),
    answers=_DONE,
    problems=(413, 415),
)
def remove_totp(call: Call) -> Response:
    """Take the second factor off; that takes a code of it, or a recovery code."""
    _session_id(call)
    with call.database.transaction() as session:
        member = get_member(session, call.principal.tenant_id, call.principal.id, lock=True)
        if not totp.take(session, member, call.body["code"], now=call.process.clock()):
            raise totp.TotpInvalid
        totp.take_off(session, member)
    call.process.keyring.forget()
    return Response(status=204)


@operation(blueprint, "GET /me", "account:read", answers={200: Answer("Who asks", MeDocument)})
def read_me(call: Call) -> Response:
    """Tell who asks: as which member or key, of which tenant, with which permissions."""
    caller = call.principal
    with call.database.statements() as session:
        tenant = session.get_one(Tenant, caller.tenant_id)
        document = {
            "id": str(caller.id),
            "type": "key" if caller.session_id is None else "member",
            "name": caller.name,
            "role": str(caller.role),
            "tenant": {"id": str(tenant.id), "slug": tenant.slug, "name": tenant.name, "home": tenant.home},
            "permissions": caller.permissions(),
            "totp": None if caller.session_id is None else _totp(session, caller, required=tenant.totp_required),
            "session_id": None if caller.session_id is None else str(caller.session_id),
        }
    return json_answer(document)


def _totp(session: Session, caller: Principal, *, required: bool) -> dict[str, Any]:
    member = get_member(session, caller.tenant_id, caller.id)
    left = totp.count_recovery_codes(session, caller.id)
    return {"active": member.totp_since is not None, "required": required, "recovery_codes": left}


def _session_id(call: Call) -> Any:
    if call.principal.session_id is None:
        raise NotAMember
    return call.principal.session_id


def _tokens(call: Call, begun: Begun) -> Response:
    access = call.process.signer.issue(begun.member_id, begun.session_id, now=call.process.clock())
    return json_answer(
        {
            "access_token": access,
            "token_type": "Bearer",
            "expires_in": int(ACCESS_LIFE.total_seconds()),
            "refresh_token": begun.refresh_token,
            "session_id": str(begun.session_id),
        }
    )
