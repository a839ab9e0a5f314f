"""Rounds that close by themselves: enough members, a deadline, a root, and bodies that are too long."""

import io
import random
from collections.abc import Callable
from typing import Any
from uuid import UUID

import numpy as np
import pytest
from flask import Flask
from sqlalchemy import text

from core.clock import utc_now
from core.jobs.execution import Station, execute
from core.platform.events import Announcer
from core.workloads.federated.operations import closing
from tasks.binding import load_bindings
from tests.conftest import NoInterrupts
from tests.integration.web.conftest import KeyClient, held_by


@pytest.fixture
def turn(app: Flask) -> Callable[[str], str]:
    """Do what Beat and a worker do: close what is due, compute the federation's job, settle; return how it ended."""
    process = held_by(app)
    database = process.database.everywhere()
    bound = next(one for one in load_bindings(process.catalogue) if one.kind.name == "federated.aggregate")
    announcer = Announcer(process.announcer.redis)
    rng = random.Random(1)
    station = Station(
        "test:1", database, process.storage, announcer, NoInterrupts(), 30.0, rng, process.catalogue.kinds
    )
    mine = "SELECT id FROM jobs WHERE state = 'queued' AND :tag = ANY(tags)"

    def beat(home: str) -> str:
        closing.turn(database, clock=utc_now)
        with database.statements() as session:
            job_id = session.scalar(text(mine), {"tag": f"federation:{home.rsplit('/', 1)[1]}"})
        if job_id is None:
            return "idle"
        execute(station, bound.kind, bound.compute, UUID(str(job_id)))
        closing.turn(database, clock=utc_now)
        with database.statements() as session:
            return str(session.scalar(text("SELECT state FROM jobs WHERE id = :id"), {"id": job_id}))

    return beat


def packed(values: Any) -> bytes:
    file = io.BytesIO()
    np.savez(file, w=np.asarray(values, np.float64))
    return file.getvalue()


def send(client: KeyClient, home: str, member: str, values: Any, **facts: Any) -> Any:
    where = f"{home}/rounds/1/updates/{member}/content"
    return client.put(where, data=packed(values), query_string=facts, content_type="application/octet-stream")


def made(client: KeyClient, name: str, members: int, **fields: Any) -> str:
    asked = {"name": name, "members": [f"m{place}" for place in range(members)], **fields}
    answer = client.post("/api/v1/federations", json=asked)
    assert answer.status_code == 201, answer.text
    return str(answer.headers["Location"])


def model_of(client: KeyClient, home: str, version: int) -> Any:
    return np.load(io.BytesIO(client.get(f"{home}/models/{version}/content").data))["w"]


def pass_deadline(app: Flask) -> None:
    with held_by(app).database.everywhere().transaction() as session:
        session.execute(text("UPDATE federation_rounds SET closes_at = now() - interval '1 second'"))


def test_a_round_is_aggregated_as_soon_as_enough_have_sent(client: KeyClient, turn: Callable[[str], str]) -> None:
    home = made(client, "soon", 3)
    opened = client.post(f"{home}/rounds", json={"enough": 2, "deadline_s": 600}).get_json()
    assert (opened["enough"], opened["status"], opened["closes_at"] is None) == (2, "open", False)
    assert send(client, home, "m0", [1.0], weight=30).get_json()["weight"] == 30.0
    assert turn(home) == "idle"
    assert send(client, home, "m0", [2.0]).status_code == 200  # again: still one member
    assert turn(home) == "idle"
    assert send(client, home, "m1", [4.0]).status_code == 200
    assert client.get(f"{home}/rounds/1").get_json()["status"] == "aggregating"
    assert send(client, home, "m2", [9.0]).get_json()["code"] == "round_closed"
    assert turn(home) == "succeeded"
    with_nobody_looking = model_of(client, home, 1)
    assert with_nobody_looking == [3.0]


def test_at_its_deadline_a_round_takes_who_is_there(client: KeyClient, app: Flask, turn: Callable[[str], str]) -> None:
    home = made(client, "due", 3, quorum=2)
    client.post(f"{home}/rounds", json={"deadline_s": 600})
    for member, value in (("m0", 1.0), ("m1", 3.0)):
        assert send(client, home, member, [value]).status_code == 200
    assert turn(home) == "idle"
    pass_deadline(app)
    late = send(client, home, "m2", [50.0])
    assert (late.status_code, late.get_json()["code"]) == (409, "round_closed")
    assert turn(home) == "succeeded"
    assert client.get(f"{home}/rounds/1").get_json()["outcome"]["counted"] == 2
    assert model_of(client, home, 1) == [2.0]


def test_without_its_quorum_a_round_fails_at_its_deadline_and_can_be_mended(
    client: KeyClient, app: Flask, turn: Callable[[str], str]
) -> None:
    home = made(client, "few", 3, quorum=2)
    client.post(f"{home}/rounds", json={"deadline_s": 600})
    send(client, home, "m0", [1.0])
    pass_deadline(app)
    assert turn(home) == "idle"
    told = client.get(f"{home}/rounds/1").get_json()
    assert (told["status"], told["reason"]) == ("failed", "1 members are present, 2 are needed")
    assert send(client, home, "m1", [3.0]).status_code == 200
    assert client.post(f"{home}/rounds/1/aggregate").status_code == 202
    assert turn(home) == "succeeded"


def test_the_roots_update_measures_all_others_and_is_not_counted(client: KeyClient, turn: Callable[[str], str]) -> None:
    home = made(client, "rooted", 4, strategy="fltrust", form="change")
    client.post(f"{home}/rounds", json={"enough": 3})
    for member, values in (("m0", [2.0, 0.0]), ("m1", [-8.0, 0.0]), ("m2", [1.0, 0.0])):
        assert send(client, home, member, values).status_code == 200
    failed = client.get(f"{home}/rounds/1").get_json()
    assert (failed["status"], failed["reason"]) == ("failed", "rooted has no root whose update the server trusts")
    assert client.patch(home, json={"root": "m3"}).get_json()["root"] == "m3"
    assert send(client, home, "m3", [1.0, 0.0]).status_code == 200
    assert client.post(f"{home}/rounds/1/aggregate").status_code == 202
    assert turn(home) == "succeeded"
    told = client.get(f"{home}/rounds/1").get_json()["outcome"]
    assert {one["client"]: one["share"] for one in told["clients"]} == {"m0": 0.25, "m1": 0.0, "m2": 0.5}
    assert model_of(client, home, 1) == pytest.approx([1.0, 0.0])


def test_a_body_just_within_the_limit_is_taken_and_one_beyond_it_is_not(client: KeyClient) -> None:
    size = len(packed([1.0]))
    within, beyond = (made(client, f"limit {more}", 1, max_bytes=size - more) for more in (0, 1))
    for home, status in ((within, 200), (beyond, 413)):
        client.post(f"{home}/rounds")
        assert send(client, home, "m0", [1.0]).status_code == status
    stranger = send(client, within, "stranger", [1.0])
    assert (stranger.status_code, stranger.get_json()["code"]) == (422, "sender_unknown")


def test_when_it_closes_is_checked_by_field(client: KeyClient) -> None:
    home = made(client, "checked", 1)
    for body, pointer in (({"deadline_s": 0}, "/deadline_s"), ({"enough": 0}, "/enough"), ({"until": 1}, "/until")):
        answer = client.post(f"{home}/rounds", json=body)
        assert [one["pointer"] for one in answer.get_json()["errors"]] == [pointer]
    odd = client.put(f"{home}/members/a|b", json={"data": None})
    assert [one["pointer"] for one in odd.get_json()["errors"]] == ["/member"]
    root = {"training": {"learner": {"learner": "linear"}, "root": {"inputs": [[1]], "targets": [1]}}}
    refused = client.patch(home, json=root)
    assert [one["pointer"] for one in refused.get_json()["errors"]] == ["/training/root"]
