"""Cryptography of stored values: AES-256-GCM bound to a place, keys for one purpose each, the ring of master keys.

Envelopes: a master key (from the settings) wraps data keys (kept in the database), a data key seals values. Who has the
database alone can open nothing; a new master key only has the data keys wrapped anew.
"""

import base64
import binascii
import hashlib
import hmac
import os
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from core.clock import Monotonic, monotonic
from core.errors import Conflict, Invalid

KEY_BYTES = 32
NONCE_BYTES = 12
REMEMBERED_S = 10.0
"""How long a process may go on using a data key that was rotated away or destroyed."""
_CAPACITY = 10_000
T = TypeVar("T")


class CiphertextRefused(Conflict):
    """A sealed value was changed, does not belong where it was found, or its key is gone."""

    code = "ciphertext_refused"


class MasterKeysInvalid(Invalid):
    """Master keys are written as `name:base64 of 32 bytes`, separated by commas, the current one first."""

    code = "master_keys_invalid"


@dataclass(frozen=True, slots=True)
class MasterKey:
    """A key that wraps data keys, by the name under which it is remembered."""

    name: str
    key: bytes = field(repr=False)


def read_master_keys(text: str) -> tuple[MasterKey, ...]:
    """Read `name:base64,name:base64`, the current one first; raises `MasterKeysInvalid`."""
    return tuple(_read_master_key(word.strip()) for word in text.split(",") if word.strip())


def _read_master_key(word: str) -> MasterKey:
    name, _, encoded = word.partition(":")
    try:
        key = base64.b64decode(encoded, validate=True)
    except binascii.Error:
        raise MasterKeysInvalid(f"the key {name!r} is not base64") from None
    if not name or len(key) != KEY_BYTES:
        raise MasterKeysInvalid(f"the key {name!r} has {len(key)} bytes, {KEY_BYTES} are needed")
    return MasterKey(name, key)


def derived_master_key(secret_key: str) -> MasterKey:
    """Derive the master key of an installation that was given none from its secret key."""
    key = derive(secret_key.encode(), "penstock master key")
    return MasterKey(f"derived-{hashlib.sha256(key).hexdigest()[:8]}", key)


def derive(secret: bytes, purpose: str) -> bytes:
    """Derive a key for one purpose (HKDF with SHA-256, RFC 5869, one block)."""
    extracted = hmac.digest(b"penstock", secret, hashlib.sha256)
    return hmac.digest(extracted, purpose.encode() + b"\x01", hashlib.sha256)


def digest(key: bytes, value: bytes) -> str:
    """Compute a keyed digest (HMAC-SHA256) in hex: equal for equal values, of no use without the key."""
    return hmac.digest(key, value, hashlib.sha256).hex()


def encrypt(key: bytes, value: bytes, bound_to: bytes) -> bytes:
    """Encrypt a value with AES-256-GCM under a random nonce, which comes first; it opens only where it is bound to."""
    nonce = os.urandom(NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, value, bound_to)


def decrypt(key: bytes, sealed: bytes, bound_to: bytes) -> bytes:
    """Open what `encrypt` made; raises `CiphertextRefused` when key, value or place is another."""
    return decrypter(key)(sealed, bound_to)


def decrypter(key: bytes) -> Callable[[bytes, bytes], bytes]:
    """Set up a key for many values: what is returned opens one, given what it is bound to, as `decrypt` does."""
    opening = AESGCM(key).decrypt

    def opened(sealed: bytes, bound_to: bytes) -> bytes:
        try:
            return opening(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], bound_to)
        except (InvalidTag, ValueError):
            raise CiphertextRefused from None

    return opened


class Keyring:
    """The master keys of a process, and for a moment the data keys it has met."""

    def __init__(self, master_keys: Sequence[MasterKey], clock: Monotonic = monotonic) -> None:
        self._keys = {key.name: key.key for key in master_keys}
        self._current = master_keys[0].name
        self._clock = clock
        self._remembered: dict[Hashable, tuple[float, object]] = {}

    @property
    def current(self) -> str:
        """Name the master key that new data keys are wrapped with."""
        return self._current

    def wrap(self, key: bytes, bound_to: bytes) -> bytes:
        """Encrypt a data key with the current master key."""
        return encrypt(self._keys[self._current], key, bound_to)

    def unwrap(self, master_key: str, wrapped: bytes, bound_to: bytes) -> bytes:
        """Open a data key that was wrapped with a named master key; raises `CiphertextRefused`."""
        if master_key not in self._keys:
            raise CiphertextRefused(f"the master key {master_key!r} is not among this process's settings")
        return decrypt(self._keys[master_key], wrapped, bound_to)

    def signing_key(self, purpose: str) -> dict[str, bytes]:
        """Derive the keys of one purpose from all master keys, by their names, the current one first."""
        return {name: derive(key, purpose) for name, key in self._keys.items()}

    def remember(self, name: Hashable, value: T) -> T:
        """Keep something for `REMEMBERED_S`."""
        if len(self._remembered) >= _CAPACITY:
            self._remembered.clear()
        self._remembered[name] = (self._clock() + REMEMBERED_S, value)
        return value

    def recall(self, name: Hashable) -> object | None:
        """Return what was kept, if that is not too long ago."""
        good_until, value = self._remembered.get(name, (0.0, None))
        return value if self._clock() < good_until else None

    def forget(self) -> None:
        """Keep nothing any longer."""
        self._remembered.clear()
