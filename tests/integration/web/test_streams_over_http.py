"""Tickets for live streams, asked for over HTTP."""

from collections.abc import Callable
from uuid import UUID, uuid4

import pytest
from flask import Flask

from core.database import Database
from core.platform.access import Role
from core.platform.keys import make_key, remember_key
from core.platform.streams.tickets import TicketOffice
from core.platform.streams.topics import read_topic
from core.platform.tenants import ensure_tenant
from tests.integration.web.conftest import KeyClient, held_by

TICKETS = "/api/v1/streams/tickets"


@pytest.fixture
def office(app: Flask) -> TicketOffice:
    return held_by(app).tickets


def test_a_ticket_says_who_may_hear_what_and_where(
    client: KeyClient, submit: Callable[..., UUID], office: TicketOffice, app: Flask
) -> None:
    topic = f"job:{submit()}"
    answer = client.post(TICKETS, json={"topics": [topic, "queues", topic], "after": {topic: 2}})
    assert answer.status_code == 201
    told = answer.get_json()
    ticket = office.read(told["ticket"])
    assert (ticket.topics, ticket.after[topic]) == ([read_topic(topic), read_topic("queues")], 2)
    port = held_by(app).settings.stream_port
    assert told["stream_url"] == f"http://localhost:{port}"
    assert told["websocket_url"] == f"ws://localhost:{port}/api/v1/streams/ws?ticket={told['ticket']}"
    assert told["sse_url"] == f"http://localhost:{port}/api/v1/streams/sse?ticket={told['ticket']}"
    polled = client.get(told["poll"][topic])
    assert polled.status_code == 200
    assert polled.get_json()["items"] == []
    assert client.get(told["poll"]["queues"]).status_code == 200


def test_nobody_hears_of_another_tenants_job(
    client_of: Callable[..., KeyClient], client: KeyClient, submit: Callable[..., UUID]
) -> None:
    topic = f"job:{submit()}"
    stranger = client_of(Role.ADMIN, f"tenant-{uuid4().hex}")
    assert stranger.post(TICKETS, json={"topics": [topic]}).status_code == 404
    assert client.post(TICKETS, json={"topics": [f"job:{uuid4()}"]}).status_code == 404
    assert client.post(TICKETS, json={"topics": [topic]}).status_code == 201


def test_each_topic_takes_its_own_permission(app: Flask, web_database: Database, tenant: str) -> None:
    client = app.test_client()
    assert isinstance(client, KeyClient)
    client.key = make_key()
    with web_database.transaction() as session:
        tenant_id, scopes = ensure_tenant(session, tenant), {"jobs:read"}
        remember_key(session, client.key, tenant_id=tenant_id, name="narrow", role=Role.ADMIN, scopes=scopes)
    assert client.post(TICKETS, json={"topics": ["jobs", "queues"]}).status_code == 201
    for topic in ("alerts", "schedules", "events", f"domain:{uuid4()}"):
        refused = client.post(TICKETS, json={"topics": ["jobs", topic]})
        assert (refused.status_code, refused.get_json()["code"]) == (403, "permission_missing")


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, "/topics"),
        ({"topics": []}, "/topics"),
        ({"topics": ["queues"] * 21}, "/topics"),
        ({"topics": ["queues", "weather"]}, "/topics/1"),
        ({"topics": [7]}, "/topics/0"),
        ({"topics": ["events"], "after": {"events": -1}}, "/after/events/value"),
        ({"topics": ["events"], "after": {"events": 1 << 63}}, "/after/events/value"),
        ({"topics": ["queues"], "colour": "red"}, "/colour"),
    ],
)
def test_what_is_wrong_is_named(client: KeyClient, body: dict[str, object], pointer: str) -> None:
    refused = client.post(TICKETS, json=body)
    assert refused.status_code == 422
    assert pointer in [error["pointer"] for error in refused.get_json()["errors"]]


def test_twenty_topics_fit(client: KeyClient) -> None:
    assert client.post(TICKETS, json={"topics": ["queues"] * 20}).status_code == 201


def test_a_ticket_changes_nothing_and_leaves_no_entry_in_the_trail(client: KeyClient) -> None:
    assert client.post(TICKETS, json={"topics": ["queues"]}).status_code == 201
    assert client.post(TICKETS, json={"topics": [f"job:{uuid4()}"]}).status_code == 404
    told = client.get("/api/v1/audit").get_json()["items"]
    assert [(entry["action"], entry["outcome"]) for entry in told if "streams" in entry["action"]] == [
        ("POST /streams/tickets", "denied")
    ]
