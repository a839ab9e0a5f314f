"""Forged requests: every form carries a word that only this browser's own pages can know."""

import hmac
import secrets

from flask import Request

from core.crypto import derive, digest
from core.errors import Denied
from core.platform.access import Principal
from webapp.dashboard.cookies import VISIT
from webapp.process import WebProcess

FIELD = "csrf"
_FOREIGN = frozenset({"cross-site", "same-site"})


class ForgerySuspected(Denied):
    """The form does not come from a page of this dashboard, or from one of another login: reload it and try again."""

    code = "forgery_suspected"


def word_for(process: WebProcess, caller: Principal | None, visit: str) -> str:
    """Return the word of a login session, or of a visit that has none yet."""
    about = f"session {caller.session_id}" if caller is not None else f"visit {visit}"
    return digest(derive(process.settings.secret_key.encode(), "penstock dashboard forms"), about.encode())


def refuse_forgery(process: WebProcess, caller: Principal | None, request: Request) -> None:
    """Raise `ForgerySuspected` unless a form carries its word and the browser names no other site as its origin."""
    visit = request.cookies.get(VISIT, "")
    expected = word_for(process, caller, visit)
    known = caller is not None or bool(visit)
    foreign = request.headers.get("Sec-Fetch-Site", "none") in _FOREIGN
    if foreign or not known or not hmac.compare_digest(request.form.get(FIELD, "").encode(), expected.encode()):
        raise ForgerySuspected


def new_visit() -> str:
    """Make the name of a visit."""
    return secrets.token_urlsafe(16)
