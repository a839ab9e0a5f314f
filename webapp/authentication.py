"""Authentication: from the `Authorization` header to the principal, remembered for a moment."""

import hashlib
from dataclasses import dataclass, field

from flask import Request

from core.clock import Monotonic, monotonic
from core.database import Database
from core.platform.access import Principal
from core.platform.keys import find_principal
from webapp.problems import KeyInvalid

REMEMBERED_S = 5.0
"""How long a revoked key may still be honoured by a web process."""
REFUSED_S = 1.0
CAPACITY = 1024
LONGEST_KEY = 256


@dataclass(slots=True)
class Keyring:
    """Finds the principal of a key; keeps answers by the key's hash, good ones a little longer than bad ones."""

    database: Database
    clock: Monotonic = monotonic
    _known: dict[bytes, tuple[float, Principal | None]] = field(default_factory=dict)

    def authenticate(self, request: Request) -> Principal:
        """Return who sends a request; raises `KeyInvalid`."""
        scheme, _, key = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not key:
            raise KeyInvalid("No API key was sent.")
        principal = self.find(key.strip()) if len(key) <= LONGEST_KEY else None
        if principal is None:
            raise KeyInvalid("The API key is unknown, revoked or expired.")
        return principal

    def find(self, key: str) -> Principal | None:
        """Return the key's principal; asks the database when memory is too old."""
        fingerprint = hashlib.sha256(key.encode()).digest()
        good_until, principal = self._known.get(fingerprint, (0.0, None))
        now = self.clock()
        if now < good_until:
            return principal
        with self.database.everywhere().statements() as session:
            principal = find_principal(session, key)
        if len(self._known) >= CAPACITY:
            self._known.clear()
        self._known[fingerprint] = (now + (REFUSED_S if principal is None else REMEMBERED_S), principal)
        return principal
