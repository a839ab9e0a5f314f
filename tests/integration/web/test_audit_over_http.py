"""Every change and every refusal leaves an entry; reading and mere mistakes leave none; secrets never get there."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text

from core.database import Database
from core.platform.access import Role
from core.platform.audit import chain, search
from core.platform.tenants import LOCAL_TENANT, ensure_tenant
from tests.integration.web.conftest import KeyClient, held_by
from webapp import auditing


@pytest.fixture
def trail(client: KeyClient) -> Callable[..., list[dict[str, Any]]]:
    """Read the tenant's trail, newest first."""

    def read(**asked: Any) -> list[dict[str, Any]]:
        answer = client.get("/api/v1/audit", query_string=asked)
        assert answer.status_code == 200, answer.text
        items: list[dict[str, Any]] = answer.get_json()["items"]
        return items

    return read


def test_a_change_is_told_of(client: KeyClient, trail: Callable[..., list[dict[str, Any]]]) -> None:
    job = client.post("/api/v1/jobs", json={"kind": "platform.echo"}, headers={"X-Request-ID": "abc"})
    client.post(f"{job.headers['Location']}/cancel")
    cancelled, submitted = trail()
    assert (submitted["action"], submitted["outcome"], submitted["status"]) == ("POST /jobs", "done", 202)
    assert (submitted["target"], submitted["request_id"]) == (job.headers["Location"], "abc")
    assert (submitted["actor"], submitted["role"]) == (cancelled["actor"], "admin")
    assert cancelled["path"] == f"{job.headers['Location']}/cancel"
    assert trail(request_id="abc") == [submitted]
    assert trail(action="POST /jobs", until="2020-01-01T00:00:00Z") == []


ECHO = {"kind": "platform.echo"}
SUBMISSIONS: dict[str, tuple[str, dict[str, Any]]] = {
    "one": ("/api/v1/jobs", ECHO),
    "one with a key": ("/api/v1/jobs", {**ECHO, "unique_key": "nightly"}),
    "many": ("/api/v1/jobs/bulk", {"jobs": [ECHO, ECHO]}),
    "a graph": ("/api/v1/workflows", {"jobs": {"a": ECHO}}),
}


@pytest.mark.parametrize(("path", "body"), SUBMISSIONS.values(), ids=SUBMISSIONS)
def test_the_entry_of_a_submission_lands_with_it(
    path: str,
    body: dict[str, Any],
    client: KeyClient,
    trail: Callable[..., list[dict[str, Any]]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Even if the process is killed as soon as the change is made; and there is but one if it is not."""
    with monkeypatch.context() as killed:
        killed.setattr(auditing.Auditor, "tell", lambda *_: None)
        first = client.post(path, json=body)
    (told,) = trail()
    assert (told["outcome"], told["status"], told["target"]) == ("done", 202, first.headers.get("Location"))
    again = client.post(path, json=body)
    assert [one["status"] for one in trail()] == [again.status_code, 202]


def test_a_submission_that_fails_after_all_is_told_of_as_it_ended(
    client: KeyClient, trail: Callable[..., list[dict[str, Any]]], app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> int:
        raise ValueError("as planned")

    monkeypatch.setattr(type(held_by(app).run_times), "retry_after_s", fail)
    assert client.post("/api/v1/jobs", json=ECHO).status_code == 500
    assert [(one["outcome"], one["status"]) for one in trail()] == [("failed", 500), ("done", 202)]


def test_a_refusal_is_told_of(client_of: Callable[..., KeyClient], trail: Callable[..., list[dict[str, Any]]]) -> None:
    assert client_of(Role.VIEWER).post("/api/v1/jobs", json={"kind": "platform.echo"}).status_code == 403
    assert client_of(Role.VIEWER).get("/api/v1/audit").status_code == 403
    read, submitted = trail(outcome="denied")
    assert (submitted["role"], submitted["code"], submitted["status"]) == ("viewer", "permission_missing", 403)
    assert read["action"] == "GET /audit"


def test_reading_and_mistakes_are_not(client: KeyClient, trail: Callable[..., list[dict[str, Any]]]) -> None:
    client.get("/api/v1/jobs")
    assert client.post("/api/v1/jobs", json={"kind": "platform.echo", "colour": "red"}).status_code == 422
    assert trail() == []


def test_who_is_unknown_is_told_of_where_the_installation_began(
    stranger: KeyClient, web_database: Database, app: Flask
) -> None:
    with web_database.transaction() as session:
        home = ensure_tenant(session, LOCAL_TENANT)
    held_by(app).auditor._room = auditing.DENIALS_AT_ONCE
    stranger.key = "psk_wrong"
    request_id = "of-a-stranger"
    answer = stranger.post("/api/v1/jobs", json={}, headers={"X-Request-ID": request_id})
    assert answer.status_code == 401
    found = text(
        "SELECT outcome, status, code, actor, client FROM audit_entries WHERE request_id = :id AND tenant_id = :home"
    )
    with web_database.statements() as session:
        told = session.execute(found, {"id": request_id, "home": home}).one()
    assert tuple(told) == ("denied", 401, "key_invalid", None, "127.0.0.1")


def test_a_flood_of_refusals_is_counted_not_kept(
    client_of: Callable[..., KeyClient], trail: Callable[..., list[dict[str, Any]]], app: Flask
) -> None:
    auditor, viewer = held_by(app).auditor, client_of(Role.VIEWER)
    clock, auditor.clock = auditor.clock, lambda: auditor._counted_at
    auditor._room = 2.0
    try:
        for _ in range(5):
            viewer.get("/api/v1/audit")
        assert len(trail()) == 2
        auditor._room = 1.0
        viewer.get("/api/v1/audit")
    finally:
        auditor.clock, auditor._room = clock, auditing.DENIALS_AT_ONCE
    assert trail()[0]["data"] == {"suppressed": 3}


def test_nothing_of_bodies_queries_and_headers_gets_there(client: KeyClient, web_database: Database) -> None:
    client.post(
        "/api/v1/jobs", json={"kind": "platform.echo", "params": {"word": "xyzzy"}}, headers={"X-Word": "xyzzy"}
    )
    client.post("/api/v1/webhooks?word=xyzzy", json={"url": "https://example.org/xyzzy"})
    client.post("/api/v1/webhooks", json={"url": "https://example.org/xyzzy"})
    assert client.key is not None
    with web_database.statements() as session:
        for word in ("xyzzy", client.key, "whsec_"):
            told = text("SELECT count(*) FROM audit_entries WHERE to_jsonb(audit_entries)::text LIKE :word")
            assert session.scalar(told, {"word": f"%{word}%"}) == 0


def test_the_trail_is_verified_part_by_part(
    client: KeyClient, submit: Callable[..., Any], web_database: Database, tenant: str
) -> None:
    for _ in range(3):
        submit()
    waiting = client.get("/api/v1/audit/verification").get_json()
    assert (waiting["intact"], waiting["unchained"]) == (True, 3)
    chain.chain_all(web_database)
    found = client.get("/api/v1/audit/verification").get_json()
    assert (found["intact"], found["checked"], found["seq"], found["unchained"]) == (True, 3, 3, 0)
    with web_database.transaction() as session:
        session.execute(text("SET LOCAL session_replication_role = replica"))
        tenant_id = ensure_tenant(session, tenant)
        session.execute(
            text("UPDATE audit_entries SET actor = 'x' WHERE seq = 2 AND tenant_id = :id"), {"id": tenant_id}
        )
    flawed = client.get("/api/v1/audit/verification").get_json()
    assert (flawed["intact"], flawed["flaw"]["seq"], flawed["seq"]) == (False, 2, 1)


def test_only_admins_read_it_and_only_their_own(
    client: KeyClient, client_of: Callable[..., KeyClient], tenant: str
) -> None:
    client.post("/api/v1/jobs", json={"kind": "platform.echo"})
    assert client_of(Role.OPERATOR).get("/api/v1/audit").status_code == 403
    assert client_of(Role.OPERATOR).get("/api/v1/audit/verification").status_code == 403
    stranger = client_of(Role.ADMIN, f"not-{tenant}")
    assert stranger.get("/api/v1/audit?outcome=done").get_json()["items"] == []


def test_pages_follow_each_other(client: KeyClient, submit: Callable[..., Any]) -> None:
    for _ in range(5):
        submit()
    whole = client.get("/api/v1/audit").get_json()["items"]
    first = client.get("/api/v1/audit?limit=3").get_json()
    second = client.get(f"/api/v1/audit?limit=3&cursor={first['next_cursor']}").get_json()
    assert first["items"] + second["items"] == whole
    assert second["next_cursor"] is None


def test_a_page_looks_at_so_many_entries_and_says_where_to_go_on(
    client: KeyClient, submit: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Given six entries of which the first alone is of that sort, a page that looks at five has none yet."""
    client.post("/api/v1/schedules", json={"kind": "platform.echo", "every_s": 3600})
    for _ in range(5):
        submit()
    found: dict[int, list[int]] = {}
    for most in (5, 6, 7):
        monkeypatch.setattr(search, "MOST_LOOKED_AT", most)
        asked, pages = {"action": "POST /schedules"}, []
        while True:
            page = client.get("/api/v1/audit", query_string=asked).get_json()
            pages.append(len(page["items"]))
            if page["next_cursor"] is None:
                break
            asked = {**asked, "cursor": page["next_cursor"]}
        found[most] = pages
    assert found == {5: [0, 1], 6: [1, 0], 7: [1]}
