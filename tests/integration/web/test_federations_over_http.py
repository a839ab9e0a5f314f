"""Federations over HTTP: from members to a published model, and who may do what."""

import io
import random
from collections.abc import Callable
from typing import Any
from uuid import UUID

import numpy as np
import pytest
from flask import Flask
from sqlalchemy import text

from core.jobs.execution import Station, execute
from core.platform.access import Role
from core.platform.events import Announcer
from core.workloads.federated.operations import federations, rounds
from tasks.binding import load_bindings
from tests.conftest import NoInterrupts
from tests.integration.web.conftest import KeyClient, held_by

Join = Callable[..., KeyClient]
ROBUST = {"strategy": "multi_krum", "settings": {"faults": 1}, "form": "change", "quorum": 5}


@pytest.fixture
def work(app: Flask) -> Callable[[str], str]:
    """Run the job of a link in this process, and return its state."""
    process = held_by(app)
    worker = process.database.everywhere()
    station = Station(
        "test:1",
        worker,
        process.storage,
        Announcer(process.announcer.redis),
        NoInterrupts(),
        30.0,
        random.Random(1),
        process.catalogue.kinds,
    )
    bound = next(one for one in load_bindings(process.catalogue) if one.kind.name == "federated.aggregate")

    def run(link: str) -> str:
        job_id = link.rsplit("/", 1)[1]
        execute(station, bound.kind, bound.compute, UUID(job_id))
        with worker.statements() as session:
            return str(session.scalar(text("SELECT state FROM jobs WHERE id = :id"), {"id": job_id}))

    return run


def upload(client: KeyClient, values: Any, **more: Any) -> str:
    file = io.BytesIO()
    np.savez(file, w=np.asarray(values, np.float64), **more)
    answer = client.post("/api/v1/artifacts?name=update.npz", data=file.getvalue())
    assert answer.status_code == 201, answer.text
    return str(answer.get_json()["artifact_id"])


def send(client: KeyClient, home: str, number: int, member: str, values: Any, **facts: Any) -> Any:
    body = {"artifact": upload(client, values), **facts}
    return client.put(f"{home}/rounds/{number}/updates/{member}", json=body)


def made(client: KeyClient, name: str, members: int, **fields: Any) -> str:
    asked = {"name": name, "members": [f"m{place}" for place in range(members)], **fields}
    answer = client.post("/api/v1/federations", json=asked)
    assert answer.status_code == 201, answer.text
    return str(answer.headers["Location"])


def content_of(client: KeyClient, home: str, version: int) -> Any:
    answer = client.get(f"{home}/models/{version}/content")
    assert answer.status_code == 200
    return np.load(io.BytesIO(answer.data))["w"]


def test_two_rounds_from_members_to_models_with_an_attacker(client: KeyClient, work: Callable[[str], str]) -> None:
    home = made(client, "clinics", 6, **ROBUST)
    start = client.post(f"{home}/models", json={"artifact": upload(client, np.zeros(3))})
    assert (start.status_code, start.get_json()["version"]) == (201, 1)
    for number in (1, 2):
        opened = client.post(f"{home}/rounds")
        assert opened.status_code == 201, opened.text
        assert (opened.get_json()["number"], opened.get_json()["began_with"]) == (number, number)
        assert client.post(f"{home}/rounds").get_json()["code"] == "round_unsettled"
        for place in range(5):
            assert send(client, home, number, f"m{place}", [1.0, 2.0, 3.0 + 0.01 * place]).status_code == 200
        assert send(client, home, number, "m5", [-50.0, -90.0, -9.0]).status_code == 200
        begun = client.post(f"{home}/rounds/{number}/aggregate")
        assert (begun.status_code, begun.get_json()["status"]) == (202, "aggregating")
        assert send(client, home, number, "m0", [0.0] * 3).get_json()["code"] == "round_closed"
        assert work(begun.get_json()["links"]["job"]) == "succeeded"
        told = client.get(f"{home}/rounds/{number}").get_json()
        assert (told["status"], told["outcome"]["suspected"]) == ("published", ["m5"])
        parts = {one["client"]: one["share"] for one in told["outcome"]["clients"]}
        assert parts["m5"] == 0.0
        assert sum(parts.values()) == pytest.approx(1.0)
        assert content_of(client, home, number + 1) == pytest.approx([number, 2 * number, 3.02 * number])
    versions = client.get(f"{home}/models").get_json()["items"]
    assert [(one["version"], one["round"]) for one in versions] == [(3, 2), (2, 1), (1, None)]


def test_a_model_outlives_the_job_that_made_it(client: KeyClient, app: Flask, work: Callable[[str], str]) -> None:
    home = made(client, "lasting", 1)
    client.post(f"{home}/rounds")
    send(client, home, 1, "m0", [4.0])
    job = client.post(f"{home}/rounds/1/aggregate").get_json()["links"]["job"]
    assert work(job) == "succeeded"
    assert client.get(f"{home}/rounds/1").get_json()["status"] == "published"
    with held_by(app).database.everywhere().transaction() as session:
        gone = {"id": job.rsplit("/", 1)[1]}
        session.execute(text("DELETE FROM artifacts WHERE job_id = :id"), gone)
        session.execute(text("DELETE FROM jobs WHERE id = :id"), gone)
        expiring = "SELECT count(*) FROM artifacts JOIN federation_models AS m ON m.artifact_id = artifacts.id"
        assert session.scalar(text(f"{expiring} WHERE expires_at IS NOT NULL")) == 0
    assert content_of(client, home, 1) == [4.0]


def test_moments_go_on_from_round_to_round(client: KeyClient, work: Callable[[str], str]) -> None:
    home = made(client, "momentum", 1, strategy="fedavgm", settings={"momentum": 0.5}, form="change")
    for number in (1, 2):
        client.post(f"{home}/rounds")
        send(client, home, number, "m0", [1.0])
        assert work(client.post(f"{home}/rounds/{number}/aggregate").get_json()["links"]["job"]) == "succeeded"
    assert client.get(f"{home}/rounds/2").get_json()["status"] == "published"
    assert content_of(client, home, 2) == [1.0 + 1.5]


def test_late_updates_are_told_how_many_versions_they_are_behind(client: KeyClient, work: Callable[[str], str]) -> None:
    home = made(client, "late", 2, strategy="staleness", settings={"exponent": 1}, form="change")
    client.post(f"{home}/models", json={"artifact": upload(client, [0.0])})
    client.post(f"{home}/models", json={"artifact": upload(client, [10.0])})
    client.post(f"{home}/rounds")
    assert send(client, home, 1, "m0", [8.0], began_with=1).status_code == 200
    assert send(client, home, 1, "m1", [8.0], began_with=2).status_code == 200
    assert send(client, home, 1, "m1", [8.0], began_with=3).get_json()["code"] == "model_missing"
    assert work(client.post(f"{home}/rounds/1/aggregate").get_json()["links"]["job"]) == "succeeded"
    client.get(f"{home}/models")
    assert content_of(client, home, 3) == [10.0 + 0.5 * (8.0 / 2) + 0.5 * 8.0]


def test_a_round_that_fails_says_why_and_can_be_mended(client: KeyClient, work: Callable[[str], str]) -> None:
    home = made(client, "mended", 2, quorum=2)
    client.post(f"{home}/rounds")
    send(client, home, 1, "m0", [1.0])
    assert client.post(f"{home}/rounds/1/aggregate").get_json()["code"] == "quorum_missed"
    send(client, home, 1, "m1", [np.nan])
    assert work(client.post(f"{home}/rounds/1/aggregate").get_json()["links"]["job"]) == "failed"
    told = client.get(f"{home}/rounds/1").get_json()
    assert told["status"] == "failed"
    assert "1 of 2 updates are good; 2 are needed" in told["reason"]
    assert send(client, home, 1, "m1", [3.0], weight=3).status_code == 200
    assert client.get(f"{home}/rounds/1").get_json()["updates"] == 2
    assert work(client.post(f"{home}/rounds/1/aggregate").get_json()["links"]["job"]) == "succeeded"
    assert client.get(f"{home}/rounds/1").get_json()["status"] == "published"
    assert content_of(client, home, 1) == [2.5]


def test_only_members_send_and_only_what_was_uploaded(client: KeyClient) -> None:
    home = made(client, "closed", 1)
    client.post(f"{home}/rounds")
    strange = send(client, home, 1, "stranger", [1.0])
    assert (strange.status_code, strange.get_json()["code"]) == (422, "sender_unknown")
    body = {"artifact": "01890000-0000-7000-8000-00000000dead"}
    absent = client.put(f"{home}/rounds/1/updates/m0", json=body)
    assert absent.get_json()["code"] == "artifact_unknown"
    assert client.post(f"{home}/members", json={"names": ["stranger", "m0"]}).get_json() == {"joined": 1}
    assert send(client, home, 1, "stranger", [1.0]).status_code == 200
    assert client.delete(f"{home}/members/stranger").status_code == 204
    assert client.delete(f"{home}/members/stranger").get_json()["code"] == "federation_member_missing"
    names = [one["name"] for one in client.get(f"{home}/members").get_json()["items"]]
    assert names == ["m0"]


def test_another_tenant_sees_nothing_of_it(client: KeyClient, client_of: Join) -> None:
    home = made(client, "mine", 1)
    stranger = client_of(Role.ADMIN, "another-federation")
    assert stranger.get("/api/v1/federations").get_json()["items"] == []
    for path in ("", "/members", "/rounds", "/models", "/rounds/1", "/models/1/content"):
        assert stranger.get(f"{home}{path}").status_code == 404
    assert stranger.delete(home).status_code == 404
    assert client.get(home).status_code == 200


def test_strategy_and_settings_have_to_go_together(client: KeyClient) -> None:
    wrong = client.post("/api/v1/federations", json={"name": "odd", "strategy": "krum", "settings": {"trim": 0.1}})
    assert [error["pointer"] for error in wrong.get_json()["errors"]] == ["/settings/trim"]
    home = made(client, "even", 0, strategy="krum", settings={"faults": 1})
    assert client.post("/api/v1/federations", json={"name": "even"}).get_json()["code"] == "federation_name_taken"
    changed = client.patch(home, json={"strategy": "trimmed_mean", "max_norm": 5}).get_json()
    assert (changed["settings"], changed["max_norm"]) == ({}, 5.0)
    assert client.patch(home, json={"max_norm": None}).get_json()["max_norm"] is None
    assert client.patch(home, json={"settings": {"faults": 1}}).status_code == 422


def test_each_role_does_what_is_its_own(client: KeyClient, client_of: Join) -> None:
    home = made(client, "roles", 1)
    client.post(f"{home}/rounds")
    submitter, viewer = client_of(Role.SUBMITTER), client_of(Role.VIEWER)
    assert send(submitter, home, 1, "m0", [1.0]).status_code == 200
    assert submitter.post(f"{home}/rounds/1/aggregate").status_code == 403
    assert viewer.get(f"{home}/rounds").status_code == 200
    assert viewer.put(f"{home}/rounds/1/updates/m0", json={"artifact": str(UUID(int=1))}).status_code == 403


def test_only_the_newest_rounds_and_versions_are_kept(
    client: KeyClient, work: Callable[[str], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rounds, "KEPT_ROUNDS", 2)
    monkeypatch.setattr(federations, "KEPT_VERSIONS", 2)
    home = made(client, "ring", 1)
    for number in (1, 2, 3):
        client.post(f"{home}/rounds")
        send(client, home, number, "m0", [float(number)])
        assert work(client.post(f"{home}/rounds/{number}/aggregate").get_json()["links"]["job"]) == "succeeded"
        assert client.get(f"{home}/rounds/{number}").get_json()["status"] == "published"
    assert [one["number"] for one in client.get(f"{home}/rounds").get_json()["items"]] == [3, 2]
    assert [one["version"] for one in client.get(f"{home}/models").get_json()["items"]] == [3, 2]
    assert client.get(f"{home}/rounds/1/updates").status_code == 404
    assert content_of(client, home, 3) == [3.0]


def test_a_federation_that_is_removed_lets_its_files_expire(client: KeyClient, app: Flask) -> None:
    home = made(client, "gone", 1)
    client.post(f"{home}/models", json={"artifact": upload(client, [1.0])})
    client.post(f"{home}/rounds")
    send(client, home, 1, "m0", [1.0])
    with held_by(app).database.everywhere().statements() as session:
        query = "SELECT artifact_id FROM federation_models UNION SELECT artifact_id FROM federation_updates"
        held = set(session.scalars(text(query)))
    assert client.delete(home).status_code == 204
    with held_by(app).database.everywhere().statements() as session:
        left = set(session.scalars(text(query)))
        living = "SELECT id FROM artifacts WHERE expires_at IS NULL AND id = ANY(:held)"
        assert set(session.scalars(text(living), {"held": list(held - left)})) == set()
    assert len(held - left) == 2
    assert client.get(home).status_code == 404
