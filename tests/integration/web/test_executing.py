"""`POST /execute` and `GET /languages` without a worker: what is accepted, refused and told."""

from flask.testing import FlaskClient
from sqlalchemy import delete, text

from core.database import Database
from core.workloads.code.availability import NO_WORKER
from core.workloads.code.native import reports
from core.workloads.code.native.reports import ToolchainReport
from core.workloads.code.native.survey import Availability

HELLO = {"language": "assembly", "source": "        PRN #42\n        HLT #0\n"}


def test_what_does_not_end_in_time_goes_on_as_a_job(client: FlaskClient) -> None:
    answer = client.post("/api/v1/execute?wait=0", json=HELLO)
    job = answer.get_json()
    assert (answer.status_code, job["kind"], job["state"], job["queue"]) == (202, "code.run", "queued", "sandbox")
    assert answer.headers["Location"] == f"/api/v1/jobs/{job['id']}"
    assert client.get(answer.headers["Location"]).get_json()["params"]["source"] == HELLO["source"]


def test_a_wrong_program_request_names_the_field(client: FlaskClient) -> None:
    answer = client.post("/api/v1/execute", json={**HELLO, "language": "cobol", "limits": {"steps": 0}})
    assert answer.status_code == 422
    assert {error["pointer"] for error in answer.get_json()["errors"]} == {"/language", "/limits/steps"}


def test_a_wait_is_bounded(client: FlaskClient) -> None:
    assert client.post("/api/v1/execute?wait=10.5", json=HELLO).status_code == 422


def test_every_language_is_told_of_with_a_reason_where_it_cannot_be_run(client: FlaskClient) -> None:
    languages = {one["name"]: one for one in client.get("/api/v1/languages").get_json()["items"]}
    assert set(languages) == {"c", "python", "haskell", "lisp", "java", "idris", "system-f", "assembly"}
    assert languages["assembly"]["targets"]["engine"] == {
        "available": True,
        "version": "Engine assembly: native mnemonics, and card decks of the Fourmilab emulator",
        "reason": "",
    }
    told = [target for one in languages.values() for target in one["targets"].values()]
    assert all(target["available"] or target["reason"] for target in told)


def native(client: FlaskClient) -> dict[str, dict[str, object]]:
    items = client.get("/api/v1/languages").get_json()["items"]
    return {one["name"]: one["targets"]["native"] for one in items}


def said(language: str, *, available: bool, told: str = "") -> Availability:
    return Availability(language, language.upper(), available, "13.2" if available else "", told)


def test_the_native_target_is_what_living_workers_told(client: FlaskClient, web_database: Database) -> None:
    with web_database.transaction() as session:
        session.execute(delete(ToolchainReport))
    assert native(client)["c"] == {"available": False, "version": "", "reason": NO_WORKER}

    with web_database.transaction() as session:
        reports.record(session, "one", [said("c", available=False, told="no gcc on this host")])
    assert native(client)["c"]["reason"] == "no gcc on this host"
    assert native(client)["python"]["reason"] == NO_WORKER

    with web_database.transaction() as session:
        reports.record(session, "two", [said("c", available=True), said("python", available=True)])
    assert native(client)["c"] == {"available": True, "version": "13.2", "reason": ""}
    assert "declared" in str(native(client)["system-f"]["reason"])

    # The one that has a compiler falls silent, the other is heard of again.
    with web_database.transaction() as session:
        session.execute(text("UPDATE toolchain_reports SET reported_at = now() - interval '91 seconds'"))
        reports.renew(session, "one")
    assert native(client)["c"] == {"available": False, "version": "", "reason": "no gcc on this host"}
    assert native(client)["python"] == {"available": False, "version": "", "reason": NO_WORKER}
