"""Logging in and out: tokens, their renewal and theft, passwords, and what strangers can learn of accounts."""

import uuid
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import jwt
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, text

from core.clock import utc_now
from core.database import Database
from core.platform.access import Role
from core.platform.accounts.passwords import AT_ONCE, Passwords
from tests.integration.web.account_world import PASSWORD, Person, invited, joined
from tests.integration.web.conftest import held_by


@pytest.fixture
def person(client: FlaskClient, stranger: FlaskClient) -> Person:
    return joined(client, stranger)


@pytest.fixture
def statements(web_database: Database) -> Iterator[list[str]]:
    """What the database is asked, without values."""
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        asked.append(statement)

    event.listen(web_database.engine, "before_cursor_execute", note)
    yield asked
    event.remove(web_database.engine, "before_cursor_execute", note)


def test_a_login_gives_tokens_that_say_who_asks(person: Person, tenant: str) -> None:
    tokens = person.tokens()
    me = person.ask("GET", "/me", tokens["access_token"]).get_json()
    assert (me["id"], me["type"], me["name"], me["role"]) == (person.id, "member", person.email, "submitter")
    assert (me["tenant"]["slug"], me["session_id"]) == (tenant, tokens["session_id"])
    assert tokens["expires_in"] == 900
    claims = jwt.decode(tokens["access_token"], options={"verify_signature": False})
    assert (claims["iss"], claims["aud"], claims["exp"] - claims["iat"]) == ("penstock", "penstock-api", 900)
    assert claims["jti"] != jwt.decode(person.tokens()["access_token"], options={"verify_signature": False})["jti"]


def test_a_password_that_was_given_is_exchanged_at_the_first_login(client: FlaskClient, stranger: FlaskClient) -> None:
    person, given = invited(client, stranger)
    assert person.log_in(password=given).get_json()["code"] == "password_change_required"
    short = person.log_in(password=given, new_password="short")
    assert (short.status_code, short.get_json()["errors"][0]["pointer"]) == (422, "/new_password")
    assert person.log_in(password=given, new_password=person.email.upper()).status_code == 422
    assert person.log_in(password=given, new_password=PASSWORD).status_code == 200
    assert person.log_in(password=given, new_password=PASSWORD).status_code == 401, "once"
    assert person.log_in().status_code == 200


def test_a_given_password_expires(client: FlaskClient, stranger: FlaskClient, web_database: Database) -> None:
    person, given = invited(client, stranger)
    _put(web_database, person, "password_until = now() - interval '1 second'")
    assert person.log_in(password=given, new_password=PASSWORD).get_json()["code"] == "login_refused"


def test_all_that_is_wrong_is_told_alike_and_asks_the_database_alike(
    client: FlaskClient, person: Person, web_database: Database, statements: list[str]
) -> None:
    disabled = joined(client, person.client)
    client.patch(f"/api/v1/members/{disabled.id}", json={"disabled": True})
    unknown = Person(person.client, "", f"{uuid.uuid4().hex}@example.org")
    seen = []
    for each, password in ((person, "wrong"), (unknown, PASSWORD), (disabled, PASSWORD)):
        statements.clear()
        answer = each.log_in(password=password)
        told = {**answer.get_json(), "request_id": None}
        seen.append((answer.status_code, told, sorted(answer.headers.keys()), list(statements)))
    assert seen[0][:2] == (401, seen[0][1])
    assert seen[0][1]["code"] == "login_refused"
    assert len(seen[0][3]) >= 3
    assert seen[0] == seen[1] == seen[2]


def test_lock_out_tells_nothing_of_whether_there_is_an_account(person: Person, web_database: Database) -> None:
    unknown = Person(person.client, "", f"{uuid.uuid4().hex}@example.org")
    told = []
    for each in (person, unknown):
        answers = [each.log_in(password="wrong") for _ in range(6)]
        _move_locks(web_database, "locked_until + interval '1 minute'")  # it would be over before a slow machine asks
        answers.append(each.log_in(password="wrong"))
        told.append([(answer.status_code, answer.get_json()["code"]) for answer in answers])
        assert 1 <= int(answers[-1].headers["Retry-After"]) <= 64
        assert each.log_in().status_code == 429, "the right password opens no lock"
    assert told[0] == told[1]
    assert told[0] == [(401, "login_refused")] * 6 + [(429, "login_locked")]


def test_a_lock_lasts_longer_each_time_and_ends_with_the_right_password(person: Person, web_database: Database) -> None:
    waits = []
    for _ in range(9):
        person.log_in(password="wrong")
        waits.append(_wait_s(web_database))
        _move_locks(web_database, "now() - interval '1 second'")
    assert waits == pytest.approx([0, 0, 0, 0, 0, 2, 4, 8, 16], abs=1.0)
    assert person.log_in().status_code == 200
    assert [person.log_in(password="wrong").status_code for _ in range(6)] == [401] * 6, "counted from nothing again"


def test_a_refresh_token_is_good_once(person: Person) -> None:
    first = person.tokens()
    second = person.refresh(first["refresh_token"]).get_json()
    assert second["session_id"] == first["session_id"]
    assert person.ask("GET", "/me", second["access_token"]).status_code == 200
    third = person.refresh(second["refresh_token"])
    assert third.status_code == 200


def test_a_refresh_token_used_twice_ends_the_whole_session(person: Person) -> None:
    stolen = person.tokens()
    other = person.tokens()
    renewed = person.refresh(stolen["refresh_token"]).get_json()
    again = person.refresh(stolen["refresh_token"])
    assert (again.status_code, again.get_json()["code"]) == (401, "refresh_refused")
    assert person.refresh(renewed["refresh_token"]).status_code == 401, "who stole it and who owns it, both"
    for token in (stolen["access_token"], renewed["access_token"]):
        assert person.ask("GET", "/me", token).status_code == 401
    assert person.ask("GET", "/me", other["access_token"]).status_code == 200, "another login is another session"


def test_expired_and_unknown_refresh_tokens_renew_nothing(person: Person, web_database: Database) -> None:
    tokens = person.tokens()
    with web_database.transaction() as session:
        session.execute(text("UPDATE refresh_tokens SET expires_at = now() - interval '1 second'"))
    assert person.refresh(tokens["refresh_token"]).status_code == 401
    assert person.ask("GET", "/me", tokens["access_token"]).status_code == 200, "nobody was robbed"
    assert person.refresh("psr_nobody").status_code == 401


def test_a_refresh_token_opens_no_route_and_an_access_token_renews_nothing(person: Person) -> None:
    tokens = person.tokens()
    assert person.ask("GET", "/me", tokens["refresh_token"]).status_code == 401
    assert person.refresh(tokens["access_token"]).status_code == 401


def test_logging_out_ends_the_session_at_once(person: Person) -> None:
    tokens, other = person.tokens(), person.tokens()
    assert person.ask("POST", "/auth/logout", tokens["access_token"]).status_code == 204
    assert person.ask("GET", "/me", tokens["access_token"]).status_code == 401
    assert person.refresh(tokens["refresh_token"]).status_code == 401
    assert person.ask("GET", "/me", other["access_token"]).status_code == 200


@pytest.mark.parametrize("change", [{"disabled": True}, {"role": "viewer"}])
def test_what_an_admin_changes_holds_for_tokens_that_are_out(
    client: FlaskClient, person: Person, change: dict[str, Any]
) -> None:
    tokens = person.tokens()
    assert person.ask("POST", "/jobs", tokens["access_token"], json={"kind": "platform.echo"}).status_code == 202
    assert client.patch(f"/api/v1/members/{person.id}", json=change).status_code == 200
    refused = person.ask("POST", "/jobs", tokens["access_token"], json={"kind": "platform.echo"})
    assert refused.status_code == (401 if "disabled" in change else 403)


def test_changing_the_password_takes_the_present_one_and_ends_other_sessions(person: Person) -> None:
    here, elsewhere = person.tokens(), person.tokens()
    new = "another twelve letters"

    def change(current: str) -> Any:
        body = {"current_password": current, "new_password": new}
        return person.ask("POST", "/auth/password", here["access_token"], json=body)

    assert change("wrong").get_json()["code"] == "login_refused"
    assert change(PASSWORD).status_code == 204
    assert person.ask("GET", "/me", here["access_token"]).status_code == 200
    assert person.ask("GET", "/me", elsewhere["access_token"]).status_code == 401
    assert [person.log_in(password=each).status_code for each in (PASSWORD, new)] == [401, 200]


@pytest.mark.parametrize(
    "fault",
    [
        {"exp": utc_now() - timedelta(seconds=1)},
        {"aud": "another"},
        {"iss": "another"},
        {"jti": None},
        {"sid": str(uuid.uuid4())},
        {"sub": str(uuid.uuid4())},
        {"sub": "nobody"},
    ],
    ids=lambda fault: next(iter(fault)),
)
def test_a_token_that_is_not_whole_is_none(app: Flask, person: Person, fault: dict[str, Any]) -> None:
    signer = held_by(app).signer
    good = person.tokens()["access_token"]
    claims = {**jwt.decode(good, options={"verify_signature": False}), **fault}
    claims = {name: value for name, value in claims.items() if value is not None}

    def sent(key: Any, algorithm: str = "HS256", **header: str) -> int:
        token = jwt.encode(claims, key, algorithm, headers={"typ": "at+jwt", **header})
        return int(person.ask("GET", "/me", token).status_code)

    assert sent(signer._key) == 401
    claims = {**jwt.decode(good, options={"verify_signature": False}), "jti": uuid.uuid4().hex}
    assert sent(b"another key, of thirty-two bytes!") == 401
    assert sent(signer._key, typ="JWT") == 401
    assert sent(signer._key + bytes(32), "HS512") == 401
    assert sent(None, "none") == 401
    assert sent(signer._key) == 200, "only the fault was refused"


def test_only_so_many_passwords_are_checked_at_once() -> None:
    passwords = Passwords()
    kept = passwords.hash(PASSWORD)
    assert kept.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert passwords.matches(PASSWORD, kept)
    assert not passwords.matches("wrong", kept)
    assert not passwords.matches(PASSWORD, None)
    assert not passwords.matches(PASSWORD, "no hash")
    for _ in range(AT_ONCE):
        passwords._places.acquire()
    assert not passwords._places.acquire(blocking=False)


def test_an_address_has_one_account_in_whatever_tenant(
    client: FlaskClient, client_of: Callable[..., FlaskClient], person: Person
) -> None:
    for asker in (client, client_of(Role.ADMIN, f"other-{uuid.uuid4().hex}")):
        refused = asker.post("/api/v1/members", json={"email": person.email.upper(), "role": "viewer"})
        assert (refused.status_code, refused.get_json()["code"]) == (409, "email_taken")
    assert person.log_in().status_code == 200


def test_the_last_admin_stays(client: FlaskClient, stranger: FlaskClient) -> None:
    admin = joined(client, stranger, role="admin")
    address = f"/api/v1/members/{admin.id}"
    for refused in (
        client.delete(address),
        client.patch(address, json={"role": "viewer"}),
        client.patch(address, json={"disabled": True}),
    ):
        assert (refused.status_code, refused.get_json()["code"]) == (409, "last_admin")
    joined(client, stranger, role="admin")
    assert client.delete(address).status_code == 204
    assert client.get(address).status_code == 404


def _put(database: Database, person: Person, change: str) -> None:
    with database.transaction() as session:
        session.execute(text(f"UPDATE members SET {change} WHERE id = :id"), {"id": person.id})


def _wait_s(database: Database) -> float:
    with database.statements() as session:
        latest = (
            "SELECT extract(epoch FROM locked_until - failed_at) FROM login_failures ORDER BY failed_at DESC LIMIT 1"
        )
        return float(session.execute(text(latest)).scalar_one())


def _move_locks(database: Database, until: str) -> None:
    with database.transaction() as session:
        session.execute(text(f"UPDATE login_failures SET locked_until = {until}"))
