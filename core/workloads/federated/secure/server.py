"""The server: it carries sealed shares, adds masked vectors, and takes off what masks are left."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from core.errors import Conflict
from core.workloads.federated.secure import sharing
from core.workloads.federated.secure.companies import Company, Inboxes
from core.workloads.federated.secure.field import Elements, add, mask, negative
from core.workloads.federated.secure.party import agreed


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


def run(company: Company, threshold: int, gone: set[int], silent: set[int], view: View) -> Elements:
    """Return the sum of the vectors of all but those who are gone before they send theirs.

    Those who are silent send theirs, and no shares. Raises `SecureSumAborted`.
    """
    inboxes = _exchange(company, threshold, view)
    view.masked = company.masked(sorted(set(view.keys) - gone), view.keys)
    came = set(view.masked)
    _refuse_few(len(came), threshold, "sent their vector")
    asked = sorted(came - silent)
    _refuse_few(len(asked), threshold, "are there to unmask the sum")
    answers = company.revealed(asked, inboxes, view.keys, came, set(view.keys) - came, threshold)
    _refuse_few(len(answers), threshold, "unmask the sum")
    for holder, (seeds, private) in answers.items():
        for told, kept in ((seeds, view.seeds), (private, view.private)):
            for owner, value in told.items():
                kept.setdefault(owner, {})[holder] = value
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


def _exchange(company: Company, threshold: int, view: View) -> Inboxes:
    """Carry sealed shares from all to all; who is lost before that has no part in what follows."""
    view.keys = company.keys()
    _refuse_few(len(view.keys), threshold, "told their keys")
    sent = company.sealed(view.keys, threshold)
    if len(sent) < len(view.keys):
        raise SecureSumAborted(
            f"{len(sent)} of {len(view.keys)} parties shared their secrets; begin anew without them."
        )
    inboxes: dict[int, dict[int, bytes]] = {place: {} for place in view.keys}
    for sender, messages in sent.items():
        for receiver, sealed in messages.items():
            inboxes[receiver][sender] = sealed
            view.carried += len(sealed)
    return inboxes


def _refuse_few(there: int, threshold: int, what: str) -> None:
    if there < threshold:
        raise SecureSumAborted(f"{there} parties {what}, {threshold} are needed; nothing is told of any vector.")
