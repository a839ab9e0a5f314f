"""The server: it carries sealed shares, adds masked vectors, and takes off what masks are left."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from core.errors import Conflict
from core.workloads.federated.secure import sharing
from core.workloads.federated.secure.field import Elements, add, mask, negative
from core.workloads.federated.secure.party import Party, agreed


class SecureSumAborted(Conflict):
    """Fewer parties are left than the threshold: the sum stays unknown."""

    code = "secure_sum_aborted"


@dataclass(slots=True)
class View:
    """All that the server sees."""

    keys: dict[int, tuple[bytes, bytes]] = field(default_factory=dict)
    masked: dict[int, Elements] = field(default_factory=dict)
    seeds: dict[int, dict[int, int]] = field(default_factory=dict)
    """By owner and holder, shares of the seeds of own masks."""
    private: dict[int, dict[int, int]] = field(default_factory=dict)
    """The same of the keys of those who are gone."""
    carried: int = 0
    """Bytes of sealed shares."""


def run(
    parties: Sequence[Party],
    vectors: Mapping[int, Elements],
    threshold: int,
    gone: set[int],
    silent: set[int],
    view: View,
) -> Elements:
    """Return the sum of the vectors of all but those who are gone before they send theirs.

    Those who are silent send theirs, and no shares. Raises `SecureSumAborted`.
    """
    _exchange(parties, threshold, view)
    for one in parties:
        if one.place not in gone:
            view.masked[one.place] = one.masked(vectors[one.place], view.keys)
    came = set(view.masked)
    _refuse_few(len(came), threshold, "sent their vector")
    answering = [one for one in parties if one.place in came - silent]
    _refuse_few(len(answering), threshold, "are there to unmask the sum")
    for one in answering:
        seeds, private = one.reveal(came, gone, threshold)
        for told, kept in ((seeds, view.seeds), (private, view.private)):
            for owner, value in told.items():
                kept.setdefault(owner, {})[one.place] = value
    return unmask(view, threshold)


def unmask(view: View, threshold: int) -> Elements:
    """Add what came, and take off own masks and those that were agreed with whoever is gone."""
    size = len(next(iter(view.masked.values())))
    total: Elements = np.zeros(size, np.uint64)
    for vector in view.masked.values():
        total = add(total, vector)
    for shares in view.seeds.values():
        total = add(total, negative(mask(_secret(shares, threshold), size)))
    for owner, shares in view.private.items():
        key = X25519PrivateKey.from_private_bytes(_secret(shares, threshold))
        for other in view.masked:
            pair = mask(agreed(key, view.keys[other][0]), size)
            total = add(total, negative(pair) if other < owner else pair)
    return total


def _secret(shares: Mapping[int, int], threshold: int) -> bytes:
    enough = dict(sorted(shares.items())[:threshold])
    return sharing.secret_of(enough).to_bytes(66)[-32:]


def _exchange(parties: Sequence[Party], threshold: int, view: View) -> None:
    view.keys = {one.place: one.public_keys() for one in parties}
    by_place = {one.place: one for one in parties}
    for one in parties:
        for other, sealed in one.sealed_shares(view.keys, threshold).items():
            by_place[other].receive(one.place, sealed, view.keys[one.place][1])
            view.carried += len(sealed)


def _refuse_few(there: int, threshold: int, what: str) -> None:
    if there < threshold:
        raise SecureSumAborted(f"{there} parties {what}, {threshold} are needed; nothing is told of any vector.")
