"""A federation's topology and connections over HTTP: laid, changed one by one, and followed by its rounds."""

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
from tasks.binding import load_bindings
from tests.conftest import NoInterrupts
from tests.integration.web.conftest import KeyClient, held_by


@pytest.fixture
def work(app: Flask) -> Callable[[str], str]:
    """Run the job of a link in this process, and return its state."""
    process = held_by(app)
    worker = process.database.everywhere()
    announcer, rng = Announcer(process.announcer.redis), random.Random(1)
    kinds = process.catalogue.kinds
    station = Station("test:1", worker, process.storage, announcer, NoInterrupts(), 30.0, rng, kinds)
    bound = next(one for one in load_bindings(process.catalogue) if one.kind.name == "federated.aggregate")

    def run(link: str) -> str:
        job_id = link.rsplit("/", 1)[1]
        execute(station, bound.kind, bound.compute, UUID(job_id))
        with worker.statements() as session:
            return str(session.scalar(text("SELECT state FROM jobs WHERE id = :id"), {"id": job_id}))

    return run


def made(client: KeyClient, name: str, members: int, **fields: Any) -> str:
    asked = {"name": name, "members": [f"m{place}" for place in range(members)], **fields}
    answer = client.post("/api/v1/federations", json=asked)
    assert answer.status_code == 201, answer.text
    return str(answer.headers["Location"])


def lay(client: KeyClient, home: str, shape: str, **fields: Any) -> dict[str, Any]:
    answer = client.put(f"{home}/topology", json={"shape": shape, **fields})
    assert answer.status_code == 200, answer.text
    return dict(answer.get_json())


def connected(client: KeyClient, home: str) -> list[tuple[str, str]]:
    return [(one["one"], one["other"]) for one in client.get(f"{home}/connections").get_json()["items"]]


def hold_round(client: KeyClient, home: str, number: int, values: dict[str, float]) -> str:
    """Open a round and send to it; return where it is aggregated."""
    assert client.post(f"{home}/rounds").status_code == 201
    for member, value in values.items():
        file = io.BytesIO()
        np.savez(file, w=np.array([value, -value]))
        where = f"{home}/rounds/{number}/updates/{member}/content"
        sent = client.put(where, data=file.getvalue(), content_type="application/octet-stream")
        assert sent.status_code == 200, sent.text
    return f"{home}/rounds/{number}/aggregate"


def faults(answer: Any) -> list[str]:
    assert answer.status_code == 422, answer.text
    assert answer.content_type == "application/problem+json"
    return [one["pointer"] for one in answer.get_json()["errors"]]


def test_a_round_follows_the_stored_topology(client: KeyClient, work: Callable[[str], str]) -> None:
    home = made(client, "ringed", 6)
    assert client.get(f"{home}/topology").get_json()["shape"] is None
    told = lay(client, home, "ring", tolerance=1e-8)
    assert (told["shape"], told["members"], told["connections"], told["cut_off"]) == ("ring", 6, 6, [])
    assert client.get(home).get_json()["topology"]["shape"] == "ring"
    begun = client.post(hold_round(client, home, 1, {f"m{place}": float(place) for place in range(6)})).get_json()
    params = client.get(begun["links"]["job"]).get_json()["params"]
    assert sorted(map(tuple, params["gossip"]["connections"])) == connected(client, home)
    assert work(begun["links"]["job"]) == "succeeded"
    outcome = client.get(f"{home}/rounds/1").get_json()["outcome"]
    assert (outcome["gossip"]["converged"], outcome["gossip"]["connections"]) == (True, 6)
    assert outcome["gossip"]["rounds"] > 10
    model = np.load(io.BytesIO(client.get(f"{home}/models/1/content").data))["w"]
    assert model == pytest.approx([2.5, -2.5], rel=1e-7)
    lay(client, home, "full_mesh")
    begun = client.post(hold_round(client, home, 2, {f"m{place}": float(place) for place in range(6)})).get_json()
    assert work(begun["links"]["job"]) == "succeeded"
    assert client.get(f"{home}/rounds/2").get_json()["outcome"]["gossip"]["rounds"] == 1
    assert client.delete(f"{home}/topology").status_code == 204
    begun = client.post(hold_round(client, home, 3, {"m0": 1.0})).get_json()
    assert work(begun["links"]["job"]) == "succeeded"
    assert client.get(f"{home}/rounds/3").get_json()["outcome"]["gossip"] is None


def test_who_is_not_reached_is_told_beforehand_and_left_out(client: KeyClient, work: Callable[[str], str]) -> None:
    home = made(client, "split", 3)
    lay(client, home, "own", connections=[["m1", "m0"]])
    assert client.get(f"{home}/topology").get_json()["cut_off"] == ["m2"]
    begun = client.post(hold_round(client, home, 1, {"m0": 1.0, "m1": 3.0, "m2": 50.0})).get_json()
    assert work(begun["links"]["job"]) == "succeeded"
    outcome = client.get(f"{home}/rounds/1").get_json()["outcome"]
    assert [(one["client"], one["code"]) for one in outcome["refused"]] == [("m2", "cut_off")]
    assert np.load(io.BytesIO(client.get(f"{home}/models/1/content").data))["w"] == pytest.approx([2.0, -2.0])


def test_connections_are_made_and_ended_one_by_one(client: KeyClient) -> None:
    home = made(client, "knit", 4)
    early = client.put(f"{home}/connections/m0/m1")
    assert (early.status_code, early.get_json()["code"]) == (409, "topology_missing")
    lay(client, home, "own")
    opened = client.post(hold_round(client, home, 1, {"m0": 1.0}))
    assert (opened.status_code, opened.get_json()["code"]) == (409, "topology_missing")
    for one, other in (("m1", "m0"), ("m0", "m1"), ("m2", "m3"), ("m1", "m2")):
        answer = client.put(f"{home}/connections/{one}/{other}")
        assert (answer.status_code, [answer.get_json()[end] for end in ("one", "other")]) == (200, sorted((one, other)))
    assert connected(client, home) == [("m0", "m1"), ("m1", "m2"), ("m2", "m3")]
    page = client.get(f"{home}/connections?limit=2").get_json()
    rest = client.get(f"{home}/connections", query_string={"limit": 2, "cursor": page["next_cursor"]}).get_json()
    assert [len(page["items"]), len(rest["items"]), rest["next_cursor"]] == [2, 1, None]
    assert client.delete(f"{home}/connections/m2/m1").status_code == 204
    assert client.delete(f"{home}/connections/m2/m1").get_json()["code"] == "federation_connection_missing"
    assert client.get(f"{home}/topology").get_json()["cut_off"] == ["m2", "m3"]
    client.delete(f"{home}/members/m1")
    assert connected(client, home) == [("m2", "m3")]
    lay(client, home, "own", connections=[["m0", "m3"]])
    assert connected(client, home) == [("m0", "m3")]
    assert lay(client, home, "own", rounds=7)["connections"] == 1


def test_what_cannot_be_laid_is_refused_by_its_field(client: KeyClient) -> None:
    home = made(client, "unfit", 7)

    def refused(**asked: Any) -> list[str]:
        return faults(client.put(f"{home}/topology", json=asked))

    assert refused(shape="tree") == ["/shape"]
    assert refused(shape="torus") == ["/shape"]
    assert refused(shape="regular", degree=3) == ["/degree"]
    assert refused(shape="erdos_renyi", probability=0.0) == ["/probability"]
    assert refused(shape="ring", connections=[["m0", "m1"]]) == ["/connections"]
    assert refused(shape="own", connections=[["m0", "m0"]]) == ["/connections/0"]
    assert refused(shape="own", connections=[["m0", "m1"], ["m0", "x"]]) == ["/connections/1/1"]
    assert refused(shape="ring", tolerance=0) == ["/tolerance"]
    assert refused(shape="ring", color="red") == ["/color"]
    assert client.get(f"{home}/topology").get_json()["shape"] is None
    lay(client, home, "regular", degree=4, seed=3)
    assert faults(client.put(f"{home}/connections/m0/x")) == ["/other"]
    assert faults(client.put(f"{home}/connections/m0/m0")) == ["/other"]
    assert faults(client.get(f"{home}/connections?cursor=m0")) == ["/cursor"]
    before = connected(client, home)
    assert len(before) == 14
    lay(client, home, "regular", degree=4, seed=3)
    assert connected(client, home) == before


def test_a_topology_and_what_gossip_cannot_do_exclude_each_other(client: KeyClient) -> None:
    robust = made(client, "robust", 5, strategy="fedmedian")
    assert faults(client.put(f"{robust}/topology", json={"shape": "ring"})) == ["/shape"]
    home = made(client, "mean", 5)
    lay(client, home, "star")
    assert faults(client.patch(home, json={"strategy": "krum"})) == ["/strategy"]
    assert faults(client.patch(home, json={"privacy": {"clip": 1, "noise_multiplier": 4}})) == ["/privacy"]
    assert client.patch(home, json={"strategy": "fedprox"}).status_code == 200


def test_viewers_read_and_operators_lay_and_strangers_find_nothing(
    client: KeyClient, client_of: Callable[..., KeyClient]
) -> None:
    home = made(client, "watched", 4)
    lay(client, home, "ring")
    viewer, stranger = client_of(Role.VIEWER), client_of(Role.ADMIN, "another-topology")
    assert viewer.get(f"{home}/topology").status_code == 200
    assert len(connected(viewer, home)) == 4
    assert viewer.put(f"{home}/topology", json={"shape": "star"}).status_code == 403
    assert viewer.delete(f"{home}/connections/m0/m1").status_code == 403
    assert stranger.get(f"{home}/topology").status_code == 404
    assert stranger.get(f"{home}/connections").status_code == 404
