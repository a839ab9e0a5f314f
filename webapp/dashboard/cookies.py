"""The browser's login: an access and a refresh token in cookies that no script can read."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from flask import Request, Response

from core.platform.access import Principal
from core.platform.accounts import sessions
from core.platform.accounts.sessions import REFRESH_LIFE, Begun
from core.platform.accounts.tokens import REFRESH_PREFIX
from core.platform.keys import PREFIX
from webapp.authentication import LONGEST
from webapp.process import WebProcess

ACCESS, REFRESH, VISIT = "penstock_access", "penstock_refresh", "penstock_visit"
PATH = "/dashboard"
TABS_APART = timedelta(seconds=20)
"""How far apart the tabs of one browser may come with the same refresh token."""


@dataclass(frozen=True, slots=True)
class Login:
    """Who a browser is logged in as, and the tokens that it is to be given, where it needs others."""

    caller: Principal
    access: str | None = None
    refresh: str | None = None


def find(process: WebProcess, request: Request) -> Login | None:
    """Return who a request's cookies stand for; an expired access token is renewed on the way."""
    access = request.cookies.get(ACCESS, "")
    if access and len(access) <= LONGEST and not access.startswith(PREFIX):
        caller = process.keyring.find(access)
        if caller is not None:
            return Login(caller)
    refresh = request.cookies.get(REFRESH, "")
    return _renew(process, refresh) if refresh.startswith(REFRESH_PREFIX) and len(refresh) <= LONGEST else None


def begin(process: WebProcess, begun: Begun, request: Request, response: Response) -> None:
    """Give a browser the tokens of a session that has begun."""
    access = process.signer.issue(begun.member_id, begun.session_id, now=process.clock())
    put(request, response, access=access, refresh=begun.refresh_token)


def put(request: Request, response: Response, *, access: str | None, refresh: str | None) -> None:
    """Set the cookies that have changed; over HTTPS they are never sent any other way."""
    for name, value in ((ACCESS, access), (REFRESH, refresh)):
        if value is not None:
            response.set_cookie(
                name,
                value,
                max_age=REFRESH_LIFE,
                path=PATH,
                secure=request.is_secure,
                httponly=True,
                samesite="Lax",
            )


def drop(response: Response) -> None:
    """Have the browser forget its login."""
    for name in (ACCESS, REFRESH):
        response.delete_cookie(name, path=PATH, httponly=True, samesite="Lax")


def _renew(process: WebProcess, refresh: str) -> Login | None:
    now = process.clock()
    with process.database.everywhere().transaction() as session:
        living = sessions.shared(session, refresh, now=now, within=TABS_APART)
        if living is not None:
            whose: tuple[UUID, UUID] | None = (living.member_id, living.id)
            renewed = None
        else:
            begun = sessions.renew(session, refresh, now=now)
            whose = (begun.member_id, begun.session_id) if begun else None
            renewed = begun.refresh_token if begun else None
    if whose is None:
        process.keyring.forget()
        return None
    access = process.signer.issue(*whose, now=now)
    caller = process.keyring.find(access)
    return None if caller is None else Login(caller, access, renewed)
