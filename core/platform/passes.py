"""Passes: how somebody who is logged in at the dashboard is let into Flower, which knows no accounts.

The web process signs one for whoever may see Flower, good for half a minute; Flower lets each in once.
"""

import hmac
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import jwt

from core.errors import Denied
from core.ids import uuid7

LIFE = timedelta(seconds=30)
ALGORITHM = "HS256"
AUDIENCE = "penstock-flower"
_REQUIRED = ["aud", "exp", "jti", "sub", "back"]


class PassInvalid(Denied):
    """The pass is unknown, expired or was used before: come from the dashboard again."""

    code = "pass_invalid"


@dataclass(frozen=True, slots=True)
class Pass:
    """Who comes, and where from."""

    id: str
    who: str
    back: str
    """The address that gives another one."""


@dataclass(frozen=True, slots=True)
class PassOffice:
    """Issues and reads passes with a key for nothing else."""

    _key: bytes = field(repr=False)

    @classmethod
    def of(cls, secret_key: str) -> "PassOffice":
        """Derive the key from the platform's secret."""
        return cls(hmac.digest(secret_key.encode(), b"penstock flower passes", "sha256"))

    def issue(self, who: str, back: str, *, now: datetime) -> str:
        """Write a pass."""
        claims = {"aud": AUDIENCE, "exp": now + LIFE, "jti": uuid7().hex, "sub": who, "back": back}
        return jwt.encode(claims, self._key, ALGORITHM)

    def read(self, sent: str) -> Pass:
        """Return what a pass says; raises `PassInvalid` unless it is ours and has not expired."""
        try:
            told = jwt.decode(sent, self._key, [ALGORITHM], audience=AUDIENCE, options={"require": _REQUIRED})
        except (jwt.InvalidTokenError, ValueError, TypeError):
            raise PassInvalid from None
        return Pass(str(told["jti"]), str(told["sub"]), str(told["back"]))
