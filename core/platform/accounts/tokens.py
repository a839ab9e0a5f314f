"""Tokens: signed ones that are believed for a quarter of an hour, and random ones that renew them."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

import jwt

from core.ids import uuid7

ISSUER, AUDIENCE = "penstock", "penstock-api"
ACCESS_LIFE = timedelta(minutes=15)
ALGORITHM = "HS256"
TYPE = "at+jwt"
REFRESH_PREFIX = "psr_"
_REQUIRED = ["iss", "aud", "sub", "sid", "jti", "iat", "exp"]


@dataclass(frozen=True, slots=True)
class Claims:
    """What a good access token says."""

    member_id: UUID
    session_id: UUID
    expires_at: float
    """In epoch seconds."""


@dataclass(frozen=True, slots=True)
class Signer:
    """Signs and reads access tokens with a key for nothing else."""

    _key: bytes = field(repr=False)

    @classmethod
    def of(cls, secret_key: str) -> "Signer":
        """Derive the signing key from the platform's secret."""
        return cls(hmac.digest(secret_key.encode(), b"penstock access tokens", "sha256"))

    def issue(self, member_id: UUID, session_id: UUID, *, now: datetime) -> str:
        """Write an access token of one login session."""
        claims = {
            "iss": ISSUER,
            "aud": AUDIENCE,
            "sub": str(member_id),
            "sid": str(session_id),
            "jti": uuid7().hex,
            "iat": now,
            "exp": now + ACCESS_LIFE,
        }
        return jwt.encode(claims, self._key, ALGORITHM, headers={"typ": TYPE})

    def read(self, token: str) -> Claims | None:
        """Return what a token says; None unless it is an access token of ours that has not expired."""
        try:
            if jwt.get_unverified_header(token).get("typ") != TYPE:
                return None
            told = jwt.decode(
                token, self._key, [ALGORITHM], audience=AUDIENCE, issuer=ISSUER, options={"require": _REQUIRED}
            )
            return Claims(UUID(told["sub"]), UUID(told["sid"]), float(told["exp"]))
        except (jwt.InvalidTokenError, ValueError, TypeError, AttributeError):
            return None


def make_refresh_token() -> str:
    """Make a token of 256 random bits that renews a session once; no request but the renewal takes it."""
    return REFRESH_PREFIX + secrets.token_urlsafe(32)


def hash_token(token: str) -> str:
    """Hash a random token for keeping: there is nothing to guess in it, so once is enough."""
    return hashlib.sha256(token.encode()).hexdigest()
