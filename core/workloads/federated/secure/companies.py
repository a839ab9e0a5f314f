"""Who plays the parties of a secure sum: all of them here, or each step of each party as a job of its own."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from core.jobs.context import JobContext
from core.workloads.federated.secure.field import Elements
from core.workloads.federated.secure.party import Party

PARTY = "federated.secure_party"

Keys = Mapping[int, tuple[bytes, bytes]]
Inboxes = Mapping[int, Mapping[int, bytes]]
"""By receiver and sender, sealed shares."""
Shares = tuple[dict[int, int], dict[int, int]]
"""Of the seeds of who came, and of the keys of who is gone, by owner."""


class Company(Protocol):
    """All parties, as the server speaks with them; whoever does not answer is missing in what is returned."""

    def keys(self) -> dict[int, tuple[bytes, bytes]]:
        """Ask all for their public keys."""

    def sealed(self, keys: Keys, threshold: int) -> dict[int, dict[int, bytes]]:
        """Ask all for sealed shares of their secrets, by sender and receiver."""

    def masked(self, places: Sequence[int], keys: Keys) -> dict[int, Elements]:
        """Ask some for their masked vectors."""

    def revealed(
        self, places: Sequence[int], inboxes: Inboxes, keys: Keys, came: set[int], gone: set[int], threshold: int
    ) -> dict[int, Shares]:
        """Ask some for the shares that unmask the sum, by who tells them."""


@dataclass(frozen=True, slots=True)
class Here:
    """Parties within this process."""

    parties: Sequence[Party]
    vectors: Mapping[int, Elements]

    def keys(self) -> dict[int, tuple[bytes, bytes]]:
        """Return all public keys."""
        return {one.place: one.public_keys() for one in self.parties}

    def sealed(self, keys: Keys, threshold: int) -> dict[int, dict[int, bytes]]:
        """Return all sealed shares."""
        return {one.place: one.sealed_shares(keys, threshold) for one in self.parties}

    def masked(self, places: Sequence[int], keys: Keys) -> dict[int, Elements]:
        """Return the masked vectors."""
        return {one.place: one.masked(self.vectors[one.place], keys) for one in self.parties if one.place in places}

    def revealed(
        self, places: Sequence[int], inboxes: Inboxes, keys: Keys, came: set[int], gone: set[int], threshold: int
    ) -> dict[int, Shares]:
        """Return the shares."""
        found = {}
        for one in self.parties:
            if one.place in places:
                for sender, sealed in inboxes[one.place].items():
                    one.receive(sender, sealed, keys[sender][1])
                found[one.place] = one.reveal(came, gone, threshold)
        return found


@dataclass(frozen=True, slots=True)
class AsJobs:
    """Parties of whom each step is a job; one whose job fails is lost like one that drops out."""

    context: JobContext
    secrets: Mapping[int, bytes]
    vectors: Mapping[int, Elements]

    def keys(self) -> dict[int, tuple[bytes, bytes]]:
        """Return the public keys of all whose job succeeded."""
        told = self._ask("keys", self.secrets, lambda _: {})
        return {place: (bytes.fromhex(one["keys"][0]), bytes.fromhex(one["keys"][1])) for place, one in told.items()}

    def sealed(self, keys: Keys, threshold: int) -> dict[int, dict[int, bytes]]:
        """Return the sealed shares of all whose job succeeded."""
        shared = {"keys": _hexed_keys(keys), "threshold": threshold}
        told = self._ask("share", keys, lambda _: shared)
        return {
            place: {int(other): bytes.fromhex(sealed) for other, sealed in one["sealed"].items()}
            for place, one in told.items()
        }

    def masked(self, places: Sequence[int], keys: Keys) -> dict[int, Elements]:
        """Return the masked vectors of those whose job succeeded."""
        shared = {"keys": _hexed_keys(keys)}
        told = self._ask("mask", places, lambda place: {**shared, "vector": written(self.vectors[place])})
        return {place: read(one["masked"]) for place, one in told.items()}

    def revealed(
        self, places: Sequence[int], inboxes: Inboxes, keys: Keys, came: set[int], gone: set[int], threshold: int
    ) -> dict[int, Shares]:
        """Return the shares of those whose job succeeded."""
        shared = {"keys": _hexed_keys(keys), "came": sorted(came), "gone": sorted(gone), "threshold": threshold}

        def asked(place: int) -> dict[str, Any]:
            return {**shared, "inbox": {str(sender): sealed.hex() for sender, sealed in inboxes[place].items()}}

        told = self._ask("reveal", places, asked)
        return {place: (_numbers(one["seeds"]), _numbers(one["private"])) for place, one in told.items()}

    def _ask(self, step: str, places: Iterable[int], more: Any) -> dict[int, dict[str, Any]]:
        asked = list(places)
        params = [{"step": step, "place": place, "secret": self.secrets[place].hex(), **more(place)} for place in asked]
        answers = self.context.map(PARTY, params, allow_failure=True)
        return {place: one.result for place, one in zip(asked, answers, strict=True) if one.result is not None}


def written(elements: Elements) -> str:
    """Return elements as text, 16 hexadecimal digits for each."""
    return elements.astype("<u8").tobytes().hex()


def read(text: str) -> Elements:
    """Return the elements of such a text."""
    return np.frombuffer(bytes.fromhex(text), "<u8").astype(np.uint64)


def _hexed_keys(keys: Keys) -> dict[str, list[str]]:
    return {str(place): [key.hex() for key in pair] for place, pair in keys.items()}


def _numbers(shares: Mapping[str, str]) -> dict[int, int]:
    return {int(owner): int(value, 16) for owner, value in shares.items()}
