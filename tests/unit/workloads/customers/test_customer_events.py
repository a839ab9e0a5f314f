"""Events as they come: what is kept of them, what is refused and why."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from core.workloads.customers.contacts import Contact
from core.workloads.customers.importing import event_of_row
from core.workloads.customers.wire import EVENT_BYTES, EventInvalid, read_event

NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)
TRACK: dict[str, Any] = {"type": "track", "event": "Seen", "messageId": "m", "userId": "u-1"}


def test_contacts_are_gathered_from_where_the_spec_has_them() -> None:
    event = read_event(
        {
            **TRACK,
            "anonymousId": "a-1",
            "context": {"device": {"id": "d-1"}, "traits": {"email": "A@B.io"}},
            "traits": {"phone": "+18005550100", "plan": "plus", "first_name": "Pat"},
            "properties": {"revenue": 3, "name": "kept sealed or not at all"},
        },
        NOW,
    )
    assert {one.type: one.value for one in event.contacts} == {
        "user_id": "u-1",
        "email": "a@b.io",
        "phone": "+18005550100",
        "device_id": "d-1",
        "anonymous_id": "a-1",
    }
    assert (event.traits, event.personal, event.properties) == ({"plan": "plus"}, {"first_name": "Pat"}, {"revenue": 3})
    assert event.revenue == 3.0


def test_an_alias_unites_two_ids() -> None:
    event = read_event({"type": "alias", "messageId": "m", "userId": "u-1", "previousId": "a-9"}, NOW)
    assert event.contacts == (Contact("user_id", "u-1"), Contact("anonymous_id", "a-9"))


def test_a_wrong_clock_is_put_right() -> None:
    sent = {**TRACK, "originalTimestamp": "2020-01-01T00:00:00Z", "sentAt": "2020-01-01T00:05:00Z"}
    assert read_event(sent, NOW).at == datetime(2026, 11, 27, 11, 55, tzinfo=UTC)
    elsewhere = read_event({**TRACK, "timestamp": "2020-01-01T00:00:00+02:00"}, NOW)
    assert elsewhere.at == datetime(2019, 12, 31, 22, tzinfo=UTC)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"type": "tracks"}, "type must be one of"),
        ({"event": None}, "event must be text"),
        ({"messageId": "x" * 201}, "messageId must be text of 1 to 200"),
        ({"userId": "null"}, "names nobody: user_id says nothing of anybody"),
        ({"userId": None}, "names nobody: none was sent"),
        ({"traits": []}, "traits must be an object"),
        ({"timestamp": "yesterday"}, "timestamp must be an instant"),
        ({"timestamp": "2026-11-27T13:00:01Z"}, "in the future"),
        ({"traits": {"x": "\x00"}}, "cannot hold"),
        ({"originalTimestamp": "0001-01-01T00:00:00Z", "sentAt": "9999-12-31T00:00:00Z"}, "too far apart"),
        ({"traits": {"x": float("nan")}}, "cannot hold"),
        ({"traits": {f"t{n}": 1 for n in range(201)}}, "more than 200 traits"),
    ],
)
def test_what_is_wrong_is_said(change: dict[str, Any], why: str) -> None:
    with pytest.raises(EventInvalid, match=why):
        read_event({**TRACK, **change}, NOW)


@pytest.mark.parametrize(
    ("revenue", "kept"), [(1e12, 1e12), (1.1e12, None), (10**400, None), ("9", None), (True, None)]
)
def test_only_sums_of_money_are_revenue(revenue: object, kept: float | None) -> None:
    assert read_event({**TRACK, "properties": {"revenue": revenue}}, NOW).revenue == kept


@pytest.mark.parametrize("more", [0, 1])
def test_events_are_as_large_as_allowed(more: int) -> None:
    sent = {**TRACK, "properties": {"x": ""}}
    sent["properties"]["x"] = "y" * (EVENT_BYTES - len(json.dumps(sent, separators=(",", ":"))) + more)
    if more:
        with pytest.raises(EventInvalid, match="more than 32768 bytes"):
            read_event(sent, NOW)
    else:
        assert read_event(sent, NOW).message_id == "m"


def test_rows_of_csv_are_known_by_what_they_say() -> None:
    row: dict[str | None, Any] = {
        "email": "a@b.io",
        "plan": "plus",
        "revenue": "3.5",
        "event": "Bought",
        "timestamp": "",
    }
    event = event_of_row(row)
    assert event == event_of_row(dict(row))
    assert event["messageId"] != event_of_row({**row, "plan": "minus"})["messageId"]
    assert (event["type"], event["traits"], event["properties"]) == (
        "track",
        {"email": "a@b.io", "plan": "plus"},
        {"revenue": 3.5},
    )
