"""One party: its keys, its masks, and what it tells to whom."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from core.workloads.federated.secure import sharing
from core.workloads.federated.secure.field import Elements, add, mask, negative

_SHARE_BYTES = 66
_ONCE = bytes(12)
"""Each pair's key seals one message in each direction, with another key for each."""


class SharesRefused(Exception):
    """The server asked for what would unmask a single party."""


@dataclass(slots=True)
class Party:
    """Number `place` of all, from 1 on; all chance that it has follows from its secret."""

    place: int
    secret: bytes
    held: dict[int, tuple[int, int]] = field(default_factory=dict)
    """By party, a share of its mask key and one of its own mask's seed."""

    def public_keys(self) -> tuple[bytes, bytes]:
        """Return the keys for masks and for messages."""
        return self._key("mask").public_key().public_bytes_raw(), self._key("seal").public_key().public_bytes_raw()

    def sealed_shares(self, keys: Mapping[int, tuple[bytes, bytes]], threshold: int) -> dict[int, bytes]:
        """Return for each party what it alone can open: its shares of this one's secrets."""
        key = sharing.share(
            int.from_bytes(self._key("mask").private_bytes_raw()), len(keys), threshold, self._drawer("key")
        )
        seed = sharing.share(int.from_bytes(self._bytes("seed")), len(keys), threshold, self._drawer("seed"))
        return {
            other: ChaCha20Poly1305(self._sealing(public, self.place, other)).encrypt(
                _ONCE, b"".join(one[other - 1].to_bytes(_SHARE_BYTES) for one in (key, seed)), None
            )
            for other, (_, public) in keys.items()
        }

    def receive(self, sender: int, sealed: bytes, public: bytes) -> None:
        """Keep the shares that another party sent through the server; raises `InvalidTag` for what was changed."""
        opened = ChaCha20Poly1305(self._sealing(public, sender, self.place)).decrypt(_ONCE, sealed, None)
        self.held[sender] = int.from_bytes(opened[:_SHARE_BYTES]), int.from_bytes(opened[_SHARE_BYTES:])

    def masked(self, vector: Elements, keys: Mapping[int, tuple[bytes, bytes]]) -> Elements:
        """Return the vector under its own mask and one with each other party, which cancels in the sum of both."""
        total = add(vector, mask(self._bytes("seed"), len(vector)))
        for other, (public, _) in keys.items():
            if other != self.place:
                pair = mask(agreed(self._key("mask"), public), len(vector))
                total = add(total, pair if self.place < other else negative(pair))
        return total

    def reveal(self, came: set[int], gone: set[int], threshold: int) -> tuple[dict[int, int], dict[int, int]]:
        """Return shares of the seeds of those whose vectors came and of the keys of those who are gone.

        Raises `SharesRefused` where a party is in both, or fewer came than the threshold.
        """
        if came & gone or len(came) < threshold:
            raise SharesRefused
        return {one: self.held[one][1] for one in came}, {one: self.held[one][0] for one in gone}

    def _sealing(self, public: bytes, sender: int, receiver: int) -> bytes:
        return hashlib.sha256(agreed(self._key("seal"), public) + bytes(f"{sender}>{receiver}", "ascii")).digest()

    def _key(self, purpose: str) -> X25519PrivateKey:
        return X25519PrivateKey.from_private_bytes(self._bytes(purpose))

    def _bytes(self, purpose: str) -> bytes:
        return hashlib.sha256(self.secret + purpose.encode()).digest()

    def _drawer(self, purpose: str) -> "Drawer":
        return Drawer(self._bytes(f"shares of {purpose}"))


@dataclass(slots=True)
class Drawer:
    """Numbers below the prime of shares, one after another."""

    secret: bytes
    drawn: int = 0

    def __call__(self) -> int:
        """Draw the next; what is above the prime is too rare to be seen."""
        self.drawn += 1
        content = hashlib.shake_256(self.secret + self.drawn.to_bytes(8)).digest(_SHARE_BYTES + 16)
        return int.from_bytes(content) % sharing.PRIME


def agreed(own: X25519PrivateKey, public: bytes) -> bytes:
    """Return the seed that both owners of a pair of keys come to (Diffie and Hellman; RFC 7748)."""
    return hashlib.sha256(own.exchange(X25519PublicKey.from_public_bytes(public))).digest()
