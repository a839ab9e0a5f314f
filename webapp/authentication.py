"""Authentication: from the `Authorization` header to the principal, remembered for a moment."""

import hashlib
from dataclasses import dataclass, field

from flask import Request

from core.clock import Clock, Monotonic, monotonic, utc_now
from core.database import Database
from core.platform.access import Principal
from core.platform.accounts.principals import find_member_principal
from core.platform.accounts.tokens import Signer
from core.platform.keys import PREFIX, find_principal
from webapp.problems import KeyInvalid

REMEMBERED_S = 5.0
"""How long a revoked key, or a token of an ended session, may still be honoured by a web process."""
REFUSED_S = 1.0
CAPACITY = 1024
LONGEST = 1024


@dataclass(slots=True)
class Keyring:
    """Finds the principal of a key or access token; keeps answers by its hash, good ones a little longer than bad ones.

    A refresh token is neither: no request but the renewal takes it.
    """

    database: Database
    signer: Signer
    clock: Monotonic = monotonic
    now: Clock = utc_now
    _known: dict[bytes, tuple[float, Principal | None]] = field(default_factory=dict)

    def authenticate(self, request: Request) -> Principal:
        """Return who sends a request; raises `KeyInvalid`."""
        scheme, _, sent = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not sent:
            raise KeyInvalid("No API key or access token was sent.")
        principal = self.find(sent.strip()) if len(sent) <= LONGEST else None
        if principal is None:
            raise KeyInvalid("The API key or access token is unknown, revoked or expired.")
        return principal

    def find(self, sent: str) -> Principal | None:
        """Return whom a key or token stands for; asks the database when memory is too old."""
        fingerprint = hashlib.sha256(sent.encode()).digest()
        good_until, principal = self._known.get(fingerprint, (0.0, None))
        now = self.clock()
        if now < good_until:
            return principal
        principal, good_s = self._find_key(sent) if sent.startswith(PREFIX) else self._find_member(sent)
        if len(self._known) >= CAPACITY:
            self._known.clear()
        self._known[fingerprint] = (now + good_s, principal)
        return principal

    def forget(self) -> None:
        """Look everybody up anew: what they may do was changed by this process just now."""
        self._known.clear()

    def _find_key(self, key: str) -> tuple[Principal | None, float]:
        with self.database.everywhere().statements() as session:
            principal = find_principal(session, key)
        return principal, REFUSED_S if principal is None else REMEMBERED_S

    def _find_member(self, token: str) -> tuple[Principal | None, float]:
        claims = self.signer.read(token)
        if claims is None:
            return None, REFUSED_S
        now = self.now()
        with self.database.everywhere().statements() as session:
            principal = find_member_principal(session, claims, now=now)
        left_s = claims.expires_at - now.timestamp()
        return principal, REFUSED_S if principal is None else min(REMEMBERED_S, left_s)
