"""Channels and rules over HTTP: made, changed, tried out; addresses never shown; who may."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import text

from core.database import Database
from core.platform.access import Role
from tests.integration.web.conftest import KeyClient

URL = "jsons://user:a-secret-word@example.org/a-secret-path"


def test_a_channel_and_its_rule_from_their_making_to_their_end(client: KeyClient, web_database: Database) -> None:
    made = client.post("/api/v1/notification-channels", json={"name": "ops", "url": URL})
    assert made.status_code == 201, made.text
    home, channel = made.headers["Location"], made.get_json()
    assert (channel["service"], channel["active"]) == ("jsons", True)
    asked = {"name": "all that fails", "channel_id": channel["id"], "events": ["job.failed"], "quiet_from": "22:00"}
    rule = client.post("/api/v1/notification-rules", json={**asked, "quiet_to": "07:00", "least_severity": "warning"})
    assert rule.status_code == 201, rule.text
    assert (rule.get_json()["quiet_from"], rule.get_json()["least_severity"]) == ("22:00", "warning")
    changed = client.patch(rule.headers["Location"], json={"quiet_from": None, "quiet_to": None})
    assert changed.get_json()["quiet_from"] is None
    tried = client.post(f"{home}/test")
    assert (tried.status_code, tried.get_json()["state"]) == (202, "pending")
    listed = client.get("/api/v1/notifications").get_json()["items"]
    assert [each["id"] for each in listed] == [tried.get_json()["id"]]
    for answer in (made, client.get(home), client.get("/api/v1/notification-channels"), tried):
        assert "secret" not in answer.text
    with web_database.statements() as session:
        kept = session.scalar(text("SELECT url FROM notification_channels WHERE id = :id"), {"id": channel["id"]})
    assert str(kept).startswith("sealed:v1:")
    assert client.delete(home).status_code == 204
    assert client.get(rule.headers["Location"]).status_code == 404
    assert client.get("/api/v1/notifications").get_json()["items"] == []


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, "/name"),
        ({"name": "a", "url": "file:///etc/passwd"}, "/url"),
        ({"name": "a", "url": "slack://nothing"}, "/url"),
        ({"name": "a", "url": URL, "colour": "red"}, "/colour"),
    ],
)
def test_what_is_wrong_with_a_channel_is_named(client: KeyClient, body: dict[str, Any], pointer: str) -> None:
    answer = client.post("/api/v1/notification-channels", json=body)
    assert answer.status_code == 422
    assert pointer in [error["pointer"] for error in answer.get_json()["errors"]]


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"channel_id": str(uuid4())}, "/channel_id"),
        ({"events": ["job.claimed"]}, "/events/0"),
        ({"events": []}, "/events"),
        ({"quiet_from": "24:00", "quiet_to": "07:00"}, "/quiet_from"),
        ({"quiet_from": "22:00"}, "/quiet_to"),
        ({"timezone": "Mars"}, "/timezone"),
        ({"repeat_after_s": 86_401}, "/repeat_after_s"),
    ],
)
def test_what_is_wrong_with_a_rule_is_named(client: KeyClient, change: dict[str, Any], pointer: str) -> None:
    asked = {"name": "a", "channel_id": str(uuid4()), "events": ["job.failed"], **change}
    answer = client.post("/api/v1/notification-rules", json=asked)
    assert answer.status_code == 422
    assert pointer in [error["pointer"] for error in answer.get_json()["errors"]]


def test_who_may_what(client_of: Callable[..., KeyClient], client: KeyClient, tenant: str) -> None:
    home = client.post("/api/v1/notification-channels", json={"name": "ops", "url": URL}).headers["Location"]
    assert client_of(Role.SUBMITTER).get(home).status_code == 403
    assert client_of(Role.OPERATOR).get(home).status_code == 200
    stranger = client_of(Role.ADMIN, f"not-{tenant}")
    answers = (stranger.get(home), stranger.delete(home), stranger.post(f"{home}/test"))
    assert {answer.status_code for answer in answers} == {404}
