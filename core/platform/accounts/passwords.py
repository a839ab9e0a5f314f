"""Passwords: Argon2id, few at a time, and as slow for an account that does not exist."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from core.errors import FieldError, Invalid, Transient

MEMORY_KIB, PASSES, LANES = 19 << 10, 2, 1
"""What OWASP asks of Argon2id at least; one check takes about 20 ms of one core and 19 MiB."""
AT_ONCE = 2
"""How many passwords a process checks at a time: logins must not take the memory and cores of all else."""
WAIT_S = 2.0
SHORTEST, LONGEST = 12, 128


class LoginsBusy(Transient):
    """Too many passwords are being checked at this moment."""

    code = "logins_busy"


class PasswordUnfit(Invalid):
    """A password has 12 to 128 characters, and is not the account's name."""

    code = "password_unfit"


@dataclass(slots=True)
class Passwords:
    """Hashes and checks the passwords of one process."""

    _hasher: PasswordHasher = field(
        default_factory=lambda: PasswordHasher(time_cost=PASSES, memory_cost=MEMORY_KIB, parallelism=LANES)
    )
    _places: BoundedSemaphore = field(default_factory=lambda: BoundedSemaphore(AT_ONCE))
    _decoy: str = ""

    def hash(self, password: str) -> str:
        """Hash a password for keeping; raises `LoginsBusy`."""
        with self._place():
            return self._hasher.hash(password)

    def matches(self, password: str, kept: str | None) -> bool:
        """Tell whether a password is the one that was kept; takes as long when none was. Raises `LoginsBusy`."""
        with self._place():
            if not self._decoy:
                self._decoy = self._hasher.hash(secrets.token_urlsafe())
            try:
                return self._hasher.verify(kept or self._decoy, password) and kept is not None
            except (VerificationError, InvalidHashError):
                return False

    @contextmanager
    def _place(self) -> Iterator[None]:
        if not self._places.acquire(timeout=WAIT_S):
            raise LoginsBusy(retry_after_s=1)
        try:
            yield
        finally:
            self._places.release()


def check_fit(password: str, email: str, pointer: str) -> str:
    """Return a password that may be chosen; raises `PasswordUnfit`."""
    if not SHORTEST <= len(password) <= LONGEST or password.casefold() == email.casefold():
        raise PasswordUnfit(errors=[FieldError(pointer, PasswordUnfit.title())])
    return password


def make_password() -> str:
    """Make a password for somebody to begin with: 95 random bits in letters that are easy to tell apart."""
    letters = "abcdefghjkmnpqrstuvwxyz23456789"
    return "-".join("".join(secrets.choice(letters) for _ in range(5)) for _ in range(4))
