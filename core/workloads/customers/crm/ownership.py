"""This file is about fields that a CRM and Penstock both have: whose word holds, and what is news to the other side."""

from collections.abc import Mapping
from typing import Any

from core.canonical import fingerprint, storable
from core.errors import FieldError, Invalid
from core.workloads.customers.wire import PERSONAL

OWNERS = ("ours", "theirs", "newest")
"""`ours` is written to the CRM and never read, `theirs` read and never written, of `newest` the later word holds."""
FIGURES = ("lifecycle", "purchases", "revenue", "events", "first_seen", "last_seen")
"""What Penstock computes of a profile; nobody else may say it."""
MOST_FIELDS = 100


class OwnershipInvalid(Invalid):
    """A field cannot belong to whom it is given to."""

    code = "crm_ownership_invalid"


def check_ownership(ownership: Mapping[str, str]) -> None:
    """Raise `OwnershipInvalid` where a figure is not ours, or something personal were to be written out."""
    flaws = []
    for name, owner in ownership.items():
        if name in FIGURES and owner != "ours":
            flaws.append(FieldError(f"/ownership/{name}", "Penstock computes this; it is ours."))
        elif name.lower() in PERSONAL and owner != "theirs":
            flaws.append(FieldError(f"/ownership/{name}", "What is personal stays sealed; it is theirs."))
        elif name.lower() in {"email", "phone"}:
            flaws.append(FieldError(f"/ownership/{name}", "Contacts are told apart by this; it belongs to neither."))
    if flaws:
        raise OwnershipInvalid("fields cannot belong to whom they are given to", errors=flaws)


def incoming(ownership: Mapping[str, str], fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return what of a CRM's fields is news to us."""
    return {name: value for name, value in fields.items() if ownership.get(name) in {"theirs", "newest"}}


def outgoing(ownership: Mapping[str, str], figures: Mapping[str, Any], traits: Mapping[str, Any]) -> dict[str, Any]:
    """Return what of ours is to stand in the CRM; what we know nothing of is left as it is there."""
    known = {**traits, **figures}
    named = (name for name, owner in ownership.items() if owner in {"ours", "newest"})
    return {name: known[name] for name in named if known.get(name) is not None}


def content_hash(fields: Mapping[str, Any]) -> str:
    """Return what two equal contents have in common: so that our own words, coming back, are known as such."""
    return fingerprint(storable(dict(fields)))[:40]


def differing(wanted: Mapping[str, Any], present: Mapping[str, Any]) -> dict[str, Any]:
    """Return what of `wanted` is not there yet."""
    return {name: value for name, value in wanted.items() if name not in present or present[name] != value}
