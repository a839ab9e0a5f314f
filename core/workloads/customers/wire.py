"""This file is about events as they come: Segment's identify, track, page, group and alias; what of them is kept."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from core.workloads.customers.contacts import Contact, Flaw, read_contact

EVENT_BYTES = 32 << 10
BATCH_BYTES = 500 << 10
TYPES = ("identify", "track", "page", "screen", "group", "alias")
PERSONAL = frozenset(
    {
        *("first_name", "firstname", "last_name", "lastname", "name", "full_name", "username", "birthday", "gender"),
        *("address", "street", "city", "state", "postal_code", "zip", "ip", "avatar", "description", "title"),
    }
)
"""Traits that are kept sealed; they can be shown, not asked for in segments."""
AHEAD = timedelta(hours=1)
"""How far a clock may be ahead of ours."""
MOST_REVENUE = 1e12
"""More than that is no money of one event."""
LONGEST_ID, LONGEST_NAME, LONGEST_TRAIT = 200, 200, 100
MOST_TRAITS = 200
_CONTACTS = frozenset({"email", "phone"})
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:?\d\d)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Event:
    """One event, checked."""

    message_id: str
    type: str
    name: str
    at: datetime
    contacts: tuple[Contact, ...]
    traits: Mapping[str, Any] = field(default_factory=dict)
    personal: Mapping[str, str] = field(default_factory=dict)
    properties: Mapping[str, Any] = field(default_factory=dict)
    flaws: tuple[Flaw, ...] = ()
    """Identifiers that were left out, as they would glue strangers or say nothing."""

    @property
    def revenue(self) -> float | None:
        """Return the money that the event tells of."""
        value = self.properties.get("revenue", self.properties.get("total"))
        if isinstance(value, bool) or not isinstance(value, int | float) or abs(value) > MOST_REVENUE:
            return None
        return float(value)


class EventInvalid(ValueError):
    """An event that cannot be kept, and why."""


def read_event(sent: Any, received_at: datetime, region: str | None = None) -> Event:
    """Check one event; raises `EventInvalid` with one sentence that says what is wrong with it."""
    if not isinstance(sent, Mapping):
        raise EventInvalid("must be an object")
    if len(json.dumps(sent, separators=(",", ":"), ensure_ascii=False).encode("utf-8", "surrogatepass")) > EVENT_BYTES:
        raise EventInvalid(f"has more than {EVENT_BYTES} bytes")
    kind = sent.get("type")
    if kind not in TYPES:
        raise EventInvalid(f"type must be one of {', '.join(TYPES)}")
    traits = _traits(sent)
    contacts, flaws = _contacts(sent, traits, region)
    if not contacts:
        why = "; ".join(f"{flaw.type} {flaw.why}" for flaw in flaws) or "none was sent"
        raise EventInvalid(f"names nobody: {why}")
    open_traits, personal = _parted(traits)
    return Event(
        message_id=_text(sent, "messageId", LONGEST_ID),
        type=str(kind),
        name=_text(sent, "event", LONGEST_NAME) if kind == "track" else str(kind),
        at=_instant(sent, received_at),
        contacts=tuple(contacts),
        traits=open_traits,
        personal=personal,
        properties=_parted(_object(sent, "properties"))[0],
        flaws=tuple(flaws),
    )


def _traits(sent: Mapping[str, Any]) -> dict[str, Any]:
    traits = {**_object(_object(sent, "context"), "traits"), **_object(sent, "traits")}
    if len(traits) > MOST_TRAITS:
        raise EventInvalid(f"has more than {MOST_TRAITS} traits")
    return traits


def _contacts(
    sent: Mapping[str, Any], traits: Mapping[str, Any], region: str | None
) -> tuple[list[Contact], list[Flaw]]:
    told = [
        ("user_id", sent.get("userId")),
        ("email", traits.get("email", _object(sent, "properties").get("email"))),
        ("phone", traits.get("phone", _object(sent, "properties").get("phone"))),
        ("device_id", _object(_object(sent, "context"), "device").get("id")),
        ("anonymous_id", sent.get("anonymousId")),
        ("anonymous_id", sent.get("previousId")),
    ]
    read = [read_contact(kind, value, region) for kind, value in told if value not in (None, "")]
    contacts = dict.fromkeys(one for one in read if isinstance(one, Contact))
    return list(contacts), [one for one in read if isinstance(one, Flaw)]


def _parted(told: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
    """Part what may be asked for from what is about persons; contacts are identifiers and neither."""
    plain: dict[str, Any] = {}
    personal: dict[str, str] = {}
    for name, value in told.items():
        if len(name) > LONGEST_TRAIT or "\x00" in name:
            raise EventInvalid(f"has a field with a name of more than {LONGEST_TRAIT} characters")
        if name.lower() in _CONTACTS:
            continue
        if name.lower() in PERSONAL:
            personal[name.lower()] = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        else:
            plain[name] = _storable(value)
    return plain, personal


def _storable(value: Any) -> Any:
    text = json.dumps(value, ensure_ascii=True)
    if "\\u0000" in text or re.search(r"\\ud[89a-f]", text) or "NaN" in text or "Infinity" in text:
        raise EventInvalid("has a value that JSON or the database cannot hold")
    return value


def _object(sent: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = sent.get(name)
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        raise EventInvalid(f"{name} must be an object")
    return value


def _text(sent: Mapping[str, Any], name: str, longest: int) -> str:
    value = sent.get(name)
    if not isinstance(value, str) or not 1 <= len(value) <= longest or "\x00" in value:
        raise EventInvalid(f"{name} must be text of 1 to {longest} characters")
    return value


def _instant(sent: Mapping[str, Any], received_at: datetime) -> datetime:
    """Return when it happened: on the sender's clock, corrected by how far that is from ours where it says so."""
    at = _parsed(sent.get("timestamp"), "timestamp") or _parsed(sent.get("originalTimestamp"), "originalTimestamp")
    sent_at = _parsed(sent.get("sentAt"), "sentAt")
    if at is None:
        return received_at
    if sent_at is not None and sent.get("timestamp") is None:
        at = _corrected(at, sent_at, received_at)
    if at > received_at + AHEAD:
        raise EventInvalid("timestamp lies in the future")
    return at


def _corrected(at: datetime, sent_at: datetime, received_at: datetime) -> datetime:
    try:
        return received_at - (sent_at - at)
    except OverflowError:
        raise EventInvalid("sentAt and originalTimestamp lie too far apart") from None


def _parsed(value: object, name: str) -> datetime | None:
    if value is None:
        return None
    if not isinstance(value, str) or not _INSTANT.fullmatch(value):
        raise EventInvalid(f"{name} must be an instant with its offset (RFC 3339)")
    try:
        return datetime.fromisoformat(value.upper()).astimezone(UTC)
    except (ValueError, OverflowError):
        raise EventInvalid(f"{name} must be an instant with its offset (RFC 3339)") from None
