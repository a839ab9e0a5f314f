"""The steps of a login: name and password first, then a code or a new password where the account asks for one.

What was typed at the first step travels to the second one sealed, so that no page holds a password.
"""

import base64
import binascii
import json
from datetime import datetime, timedelta

from core.crypto import CiphertextRefused, decrypt, derive, encrypt
from core.errors import Denied

GOOD_FOR = timedelta(minutes=5)
_BOUND_TO = b"dashboard login"


class LoginStale(Denied):
    """That took more than five minutes: begin the login again."""

    code = "login_stale"


def seal(secret_key: str, email: str, password: str, *, now: datetime) -> str:
    """Seal what the first step was told."""
    told = json.dumps([email, password, (now + GOOD_FOR).timestamp()]).encode()
    return base64.urlsafe_b64encode(encrypt(_key(secret_key), told, _BOUND_TO)).decode()


def unseal(secret_key: str, sealed: str, *, now: datetime) -> tuple[str, str]:
    """Return name and password of the first step; raises `LoginStale`."""
    try:
        email, password, until = json.loads(decrypt(_key(secret_key), base64.urlsafe_b64decode(sealed), _BOUND_TO))
    except (CiphertextRefused, binascii.Error, ValueError):
        raise LoginStale from None
    if now.timestamp() > until:
        raise LoginStale
    return email, password


def _key(secret_key: str) -> bytes:
    return derive(secret_key.encode(), "penstock dashboard login")
