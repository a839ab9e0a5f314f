"""Domains and windows over HTTP."""

import io
from collections.abc import Callable
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from pyarrow import csv, parquet

from core.platform.access import Role
from tests.integration.web.conftest import KeyClient

NORMAL = {"base": {"generator": "independent", "families": [{"family": "normal"}]}}
PLAIN = {"name": "plain", "variables": ["a", "b"], "generator": NORMAL, "window_size": 10, "seed": 3}


@pytest.fixture
def generate(client: KeyClient, run_job: Callable[[str], dict[str, Any]]) -> Callable[..., None]:
    """Generate windows of a domain."""

    def generate_some(domain: str, count: int) -> None:
        params = {"domain": domain, "count": count}
        job = client.post("/api/v1/jobs", json={"kind": "windows.generate", "params": params}).get_json()
        assert run_job(job["id"])["state"] == "succeeded"

    return generate_some


def test_a_domain_is_made_read_changed_and_removed(client: KeyClient) -> None:
    made = client.post("/api/v1/domains", json={**PLAIN, "interval_s": 5})
    assert made.status_code == 201, made.text
    home, document = made.headers["Location"], made.get_json()
    assert client.get("/api/v1/domains/plain").get_json() == document == client.get(home).get_json()
    schedule = client.get(document["links"]["schedule"]).get_json()
    assert (schedule["kind"], schedule["every_s"]) == ("windows.generate", 5)
    changed = client.patch(home, json={"interval_s": 10, "description": "slower"}).get_json()
    assert client.get(changed["links"]["schedule"]).get_json()["every_s"] == 10
    assert client.get(document["links"]["schedule"]).status_code == 404
    assert client.post(f"{home}/pause").get_json()["status"] == "paused"
    assert client.get(changed["links"]["schedule"]).get_json()["paused"] is True
    assert client.post(f"{home}/resume").get_json()["status"] == "active"
    assert client.post(f"{home}/stop").get_json()["status"] == "stopped"
    assert client.post(f"{home}/resume").status_code == 409
    assert client.delete(home).status_code == 204
    assert client.get(home).status_code == 404
    told = client.get("/api/v1/events?topics=domain.changed").get_json()["items"]
    assert told == []  # no relay has numbered them yet


def test_names_are_unique_within_a_tenant_and_free_elsewhere(
    client: KeyClient, client_of: Callable[..., KeyClient]
) -> None:
    assert client.post("/api/v1/domains", json=PLAIN).status_code == 201
    again = client.post("/api/v1/domains", json=PLAIN)
    assert (again.status_code, again.get_json()["code"]) == (409, "domain_name_taken")
    assert client_of(Role.ADMIN, "another-tenant-of-domains").post("/api/v1/domains", json=PLAIN).status_code == 201


@pytest.mark.parametrize("name", ["healthcare", "finance", "retail", "economics"])
def test_the_examples_are_ready_to_be_made(client: KeyClient, generate: Callable[..., None], name: str) -> None:
    made = client.post("/api/v1/domains", json={"name": name, "example": name})
    assert made.status_code == 201, made.text
    generate(name, 2)
    told = client.get(f"/api/v1/domains/{name}/statistics").get_json()
    assert told["stored"] == {"synthetic": 2, "manual": 0}
    assert set(told["variables"]) == set(made.get_json()["variables"])
    assert name in {one["name"] for one in client.get("/api/v1/domains/examples").get_json()["items"]}


@pytest.mark.parametrize(
    ("wrong", "pointer"),
    [
        ({"name": ""}, "/name"),
        ({"name": "a/b"}, "/name"),
        ({"variables": []}, "/variables"),
        ({"variables": ["a", "a"]}, "/variables/1"),
        ({"variables": [f"v{number}" for number in range(257)]}, "/variables"),
        ({"window_size": 1}, "/window_size"),
        ({"window_size": 100_001}, "/window_size"),
        ({"interval_s": 0.5}, "/interval_s"),
        ({"retention_windows": 0}, "/retention_windows"),
        ({"seed": -1}, "/seed"),
        ({"example": "no such"}, "/example"),
        ({"generator": {"base": {"generator": "no such"}}}, "/generator/base/generator"),
        ({"generator": {**NORMAL, "layers": [{"generator": "season"}]}}, "/generator/layers/0/period"),
        (
            {"generator": {**NORMAL, "layers": [{"generator": "trend", "variables": ["z"]}]}},
            "/generator/layers/0/variables/0",
        ),
        ({"colour": "red"}, "/colour"),
    ],
)
def test_a_wrong_domain_is_refused_by_its_field(client: KeyClient, wrong: dict[str, Any], pointer: str) -> None:
    answer = client.post("/api/v1/domains", json={**PLAIN, **wrong})
    assert answer.status_code == 422, answer.text
    assert answer.get_json()["errors"][0]["pointer"] == pointer


def test_variables_stay_once_there_are_windows(client: KeyClient, generate: Callable[..., None]) -> None:
    home = client.post("/api/v1/domains", json=PLAIN).headers["Location"]
    assert client.patch(home, json={"variables": ["a", "b", "c"]}).status_code == 200
    generate("plain", 1)
    assert client.patch(home, json={"variables": ["a", "b"]}).get_json()["code"] == "domain_has_windows"
    assert client.patch(home, json={"generator": None}).status_code == 200


def test_windows_are_listed_and_downloaded(client: KeyClient, generate: Callable[..., None]) -> None:
    client.post("/api/v1/domains", json=PLAIN)
    generate("plain", 5)
    page = client.get("/api/v1/domains/plain/windows?limit=3").get_json()
    assert [window["index"] for window in page["items"]] == [0, 1, 2]
    rest = client.get(f"/api/v1/domains/plain/windows?limit=3&cursor={page['next_cursor']}").get_json()
    assert [window["index"] for window in rest["items"]] == [3, 4]
    assert client.get("/api/v1/domains/plain/windows?source=manual").get_json()["items"] == []
    assert len(client.get("/api/v1/domains/plain/windows?first=1&last=2").get_json()["items"]) == 2
    content = client.get(page["items"][1]["url"])
    table = pa.ipc.open_stream(content.data).read_all()
    assert (table.column_names, table.num_rows) == (["a", "b"], 10)
    assert client.get("/api/v1/domains/plain/windows/5").status_code == 404
    assert client.get("/api/v1/domains/plain/windows/4").get_json()["variables"]["a"]["rows"] == 10


def test_a_clone_makes_the_same_windows_again(client: KeyClient, generate: Callable[..., None]) -> None:
    client.post("/api/v1/domains", json=PLAIN)
    assert client.post("/api/v1/domains/plain/clone", json={"name": "twin"}).status_code == 201
    generate("plain", 2)
    generate("twin", 2)
    first, second = (client.get(f"/api/v1/domains/{name}/windows/1/content").data for name in ("plain", "twin"))
    assert first == second


def test_the_analysts_path_from_a_messy_file_to_windows(
    client: KeyClient, run_job: Callable[[str], dict[str, Any]]
) -> None:
    client.post("/api/v1/domains", json={"name": "plant", "variables": ["flow", "level"], "window_size": 50})
    rows = "\n".join(f"2026-01-01T00:{row:02},{row * 0.5},{row % 7},9" for row in range(60))
    messy = f"\ufefftime, flow ,level,flag\n{rows}\n2026-01-02,,2.5,9\n2026-01-03,x,3,9\n".encode()

    def upload(body: bytes, **options: str) -> dict[str, Any]:
        answer = client.post("/api/v1/domains/plant/windows", data=body, query_string={"format": "csv", **options})
        assert answer.status_code == 202, answer.text
        return run_job(answer.get_json()["id"])

    first = upload(messy)
    assert (first["state"], first["error"]["code"]) == ("failed", "table_flawed")
    assert "line 2, column 1 (time)" in first["error"]["message"]
    assert "line 63, column 2 (flow): 'x' is no number" in first["error"]["message"]
    assert client.get("/api/v1/domains/plant/windows").get_json()["items"] == []
    second = upload(messy.replace(b",x,", b",31,"), drop="time,flag")
    assert second["state"] == "succeeded"
    assert second["result"]["ready"] is True
    assert second["result"]["columns"][0]["missing"] == 1
    windows = client.get("/api/v1/domains/plant/windows").get_json()["items"]
    assert [(window["rows"], window["continues"], window["source"]) for window in windows] == [
        (50, False, "manual"),
        (12, True, "manual"),
    ]
    assert client.get("/api/v1/domains/plant/statistics").get_json()["stored"]["manual"] == 2


@pytest.mark.parametrize("format_", ["arrow", "parquet", "csv", "npy"])
def test_windows_are_written_in_each_format(
    client: KeyClient, generate: Callable[..., None], run_job: Callable[[str], dict[str, Any]], format_: str
) -> None:
    client.post("/api/v1/domains", json=PLAIN)
    generate("plain", 3)
    answer = client.post("/api/v1/domains/plain/windows/export", json={"format": format_, "first": 1})
    assert answer.status_code == 202, answer.text
    result = run_job(answer.get_json()["id"])["result"]
    assert (result["rows"], result["windows"]) == (20, 2)
    name = result["artifact"]
    content = client.get(f"/api/v1/jobs/{answer.get_json()['id']}/artifacts/{name}").data
    assert len(content) == result["bytes"]
    kept = [client.get(f"/api/v1/domains/plain/windows/{index}/content").data for index in (1, 2)]
    expected = [value for one in kept for value in pa.ipc.open_stream(one).read_all()["a"].to_pylist()]
    assert values_in(format_, content) == expected


def values_in(format_: str, content: bytes) -> list[float]:
    file = io.BytesIO(content)
    if format_ == "npy":
        return list(np.load(file)[:, 0].tolist())
    readers: dict[str, Callable[[Any], Any]] = {
        "arrow": lambda one: pa.ipc.open_stream(one).read_all(),
        "parquet": parquet.read_table,
        "csv": csv.read_csv,
    }
    return list(readers[format_](file)["a"].to_pylist())


def test_the_truth_is_for_operators(
    client: KeyClient, client_of: Callable[..., KeyClient], generate: Callable[..., None]
) -> None:
    client.post("/api/v1/domains", json={"name": "retail", "example": "retail"})
    generate("retail", 1)
    address = "/api/v1/domains/retail/truth?first=0&last=0"
    (truth,) = client_of(Role.OPERATOR).get(address).get_json()["items"]
    assert {edge["target"] for edge in truth["edges"]} >= {"sales", "stock"}
    assert client_of(Role.SUBMITTER).get(address).status_code == 403
    assert client.get("/api/v1/domains/retail/truth?first=0&last=1000").status_code == 422


def test_viewers_read_and_submitters_make(client_of: Callable[..., KeyClient]) -> None:
    assert client_of(Role.VIEWER).post("/api/v1/domains", json=PLAIN).status_code == 403
    assert client_of(Role.SUBMITTER).post("/api/v1/domains", json=PLAIN).status_code == 201
    assert client_of(Role.VIEWER).get("/api/v1/domains/plain").status_code == 200


def test_a_strangers_domain_is_not_there(client: KeyClient, client_of: Callable[..., KeyClient]) -> None:
    made = client.post("/api/v1/domains", json=PLAIN).get_json()
    stranger = client_of(Role.ADMIN, "a-stranger-to-domains")
    for address in ("", "/windows", "/windows/0", "/windows/0/content", "/statistics", "/truth?first=0&last=0"):
        assert stranger.get(f"/api/v1/domains/{made['id']}{address}").status_code == 404
    assert stranger.delete(f"/api/v1/domains/{made['id']}").status_code == 404
