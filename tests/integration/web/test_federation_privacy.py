"""A federation's privacy budget over HTTP: terms, spending, refusal before any update is read, and kills in between."""

import io
import json
import random
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

import numpy as np
import pytest
from flask import Flask
from sqlalchemy import text

from core.config import Settings
from core.jobs.execution import Station, execute
from core.platform.events import Announcer
from core.workloads.federated.privacy import tight
from core.workloads.federated.privacy.moments import Releases
from tasks.binding import load_bindings
from tests.conftest import NoInterrupts
from tests.integration.web.conftest import KeyClient, held_by

TERMS = {"clip": 1.0, "noise_multiplier": 4.0}
COSTS = [tight.epsilon([Releases(4.0, 1.0, rounds)] if rounds else [], 1e-5) for rounds in range(4)]
ADMIT_AND_WAIT = """
import json, sys
from pathlib import Path
from unittest.mock import patch
from core.config import Settings
from tests.integration.web.conftest import KeyClient, held_by
from webapp.app import create_app

given = json.loads(sys.stdin.readline())
folder = Path(given["settings"].pop("data_dir"))
app = create_app(Settings(data_dir=folder, **given["settings"]))
app.test_client_class = KeyClient
client = app.test_client()
client.key = given["key"]

def wait(*_args, **_options):
    print("here", flush=True)
    sys.stdin.readline()

with patch(given["where"], wait) if given["where"] else patch.object(held_by(app).waker, "wake", wait):
    client.post(given["path"])
"""
BEFORE_COMMIT, AFTER_COMMIT = "core.workloads.federated.operations.rounds.submit", None


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


def made(client: KeyClient, name: str, **fields: Any) -> str:
    asked = {"name": name, "members": ["m0", "m1"], "form": "change", **fields}
    answer = client.post("/api/v1/federations", json=asked)
    assert answer.status_code == 201, answer.text
    return str(answer.headers["Location"])


def opened(client: KeyClient, home: str, number: int) -> str:
    """Open a round and send to it; return where it is aggregated."""
    assert client.post(f"{home}/rounds").status_code == 201
    for member in ("m0", "m1"):
        file = io.BytesIO()
        np.savez(file, w=np.array([1.0, 2.0]))
        artifact = client.post("/api/v1/artifacts?name=u.npz", data=file.getvalue()).get_json()["artifact_id"]
        assert client.put(f"{home}/rounds/{number}/updates/{member}", json={"artifact": artifact}).status_code == 200
    return f"{home}/rounds/{number}/aggregate"


def ledger_of(client: KeyClient, home: str) -> list[tuple[int, Any]]:
    items = client.get(f"{home}/privacy/ledger").get_json()["items"]
    return [(one["round"], one["epsilon"]) for one in items]


def test_rounds_spend_until_the_budget_refuses_one_before_its_job_is_made(
    client: KeyClient, work: Callable[[str], str], app: Flask
) -> None:
    home = made(client, "private", privacy={**TERMS, "epsilon": (COSTS[2] + COSTS[3]) / 2})
    for number in (1, 2):
        begun = client.post(opened(client, home, number)).get_json()
        assert work(begun["links"]["job"]) == "succeeded"
        told = client.get(f"{home}/rounds/{number}").get_json()["outcome"]["privacy"]
        assert told["spent"] == pytest.approx(COSTS[number])
        assert told["keyed"] is True
        shown = client.get(begun["links"]["job"]).get_json()["params"]["privacy"]
        assert len(shown["key"]) < 64
    refused = client.post(opened(client, home, 3))
    assert (refused.status_code, refused.get_json()["code"]) == (409, "privacy_budget_spent")
    assert f"of which {(COSTS[3] - COSTS[2]) / 2:.2f}" in refused.get_json()["detail"]
    assert [one["pointer"] for one in refused.get_json()["errors"]] == ["/privacy/epsilon"]
    assert client.get(f"{home}/rounds/3").get_json()["status"] == "open"
    found = client.get(f"{home}/privacy").get_json()
    assert (found["rounds"], found["spent"]) == (2, pytest.approx(COSTS[2]))
    assert found["left"] == pytest.approx((COSTS[3] - COSTS[2]) / 2, rel=1e-3)
    assert ledger_of(client, home) == [(2, pytest.approx(COSTS[2])), (1, pytest.approx(COSTS[1]))]
    page = client.get(f"{home}/privacy/ledger?limit=1").get_json()
    assert page["next_cursor"] == "2"
    with held_by(app).database.everywhere().statements() as session:
        tag = f"federation:{home.rsplit('/', 1)[1]}"
        assert session.scalar(text("SELECT count(*) FROM jobs WHERE :tag = ANY(tags)"), {"tag": tag}) == 2


def test_a_failed_round_is_paid_again(client: KeyClient, work: Callable[[str], str]) -> None:
    home = made(client, "paying", privacy=TERMS, quorum=2)
    where = opened(client, home, 1)
    file = client.post("/api/v1/artifacts?name=u.npz", data=b"nothing").get_json()["artifact_id"]
    client.put(f"{home}/rounds/1/updates/m1", json={"artifact": file})
    assert work(client.post(where).get_json()["links"]["job"]) == "failed"
    client.get(f"{home}/rounds/1")
    assert client.post(where).status_code == 202
    assert ledger_of(client, home) == [(1, pytest.approx(COSTS[2])), (1, pytest.approx(COSTS[1]))]
    assert client.get(f"{home}/privacy").get_json()["left"] is None


def test_the_clip_follows_from_round_to_round(client: KeyClient, work: Callable[[str], str]) -> None:
    home = made(client, "adapting", privacy={**TERMS, "quantile": 0.5})
    assert work(client.post(opened(client, home, 1)).get_json()["links"]["job"]) == "succeeded"
    adapted = client.get(f"{home}/rounds/1").get_json()["outcome"]["privacy"]["next_clip"]
    assert client.get(f"{home}/privacy").get_json()["clip"] == adapted != 1.0
    job = client.post(opened(client, home, 2)).get_json()["links"]["job"]
    assert client.get(job).get_json()["params"]["privacy"]["clip"] == adapted


def test_privacy_cannot_be_ended_or_undermined_once_promised(client: KeyClient) -> None:
    home = made(client, "promised", privacy=TERMS)
    for change, pointer in (({"strategy": "krum"}, "/strategy"), ({"max_norm": 1}, "/max_norm")):
        wrong = client.patch(home, json=change)
        assert (wrong.status_code, [one["pointer"] for one in wrong.get_json()["errors"]]) == (422, [pointer])
    wrong = client.patch(home, json={"privacy": {"clip": 1, "noise_multiplier": 0.1}})
    assert [one["pointer"] for one in wrong.get_json()["errors"]] == ["/privacy/noise_multiplier"]
    assert client.patch(home, json={"privacy": None}).get_json()["privacy"] is None
    assert client.get(f"{home}/privacy").get_json()["terms"] is None
    assert client.patch(home, json={"privacy": TERMS}).status_code == 200
    assert client.post(opened(client, home, 1)).status_code == 202
    ended = client.patch(home, json={"privacy": None})
    assert (ended.status_code, ended.get_json()["code"]) == (409, "privacy_promised")
    assert client.patch(home, json={"privacy": {**TERMS, "epsilon": 5}}).get_json()["privacy"]["epsilon"] == 5


@pytest.mark.parametrize(("where", "entries"), [(BEFORE_COMMIT, 0), (AFTER_COMMIT, 1)])
def test_whoever_is_killed_in_between_never_releases_what_is_not_in_the_ledger(
    client: KeyClient, web_settings: Settings, work: Callable[[str], str], where: str | None, entries: int
) -> None:
    home = made(client, f"killed {entries}", privacy=TERMS)
    path = opened(client, home, 1)
    settings = {name: getattr(web_settings, name) for name in SETTINGS} | {"data_dir": str(web_settings.data_dir)}
    given = json.dumps({"settings": settings, "key": client.key, "where": where, "path": path})
    with subprocess.Popen(
        [sys.executable, "-c", ADMIT_AND_WAIT], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT
    ) as child:
        assert child.stdin is not None
        assert child.stdout is not None
        child.stdin.write(given + "\n")
        child.stdin.flush()
        assert child.stdout.readline() == "here\n"
        child.kill()
    told = client.get(f"{home}/rounds/1").get_json()
    assert ledger_of(client, home) == [(1, pytest.approx(COSTS[1]))] * entries
    assert told["status"] == ("aggregating" if entries else "open")
    begun = told if entries else client.post(path).get_json()
    assert work(begun["links"]["job"]) == "succeeded"
    assert client.get(f"{home}/rounds/1").get_json()["status"] == "published"
    assert ledger_of(client, home) == [(1, pytest.approx(COSTS[1]))]


ROOT = Path(__file__).parents[3]
SETTINGS = (
    *("database_url", "redis_url", "storage_url", "port", "log_format", "log_level", "max_body_bytes"),
    *("max_upload_bytes", "lease_s", "retention_days", "database_pool_size", "secret_key", "web_threads"),
)
