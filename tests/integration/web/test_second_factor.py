"""The second factor: set up, asked for, each code once, recovery codes once, enforced by the tenant."""

import time
from typing import Any

import pyotp
import pytest
from flask.testing import FlaskClient

from tests.integration.web.account_world import Person, joined


@pytest.fixture
def person(client: FlaskClient, stranger: FlaskClient) -> Person:
    return joined(client, stranger)


class App:
    """An authenticator app."""

    def __init__(self, secret: str) -> None:
        self._totp = pyotp.TOTP(secret)
        self._began = time.time()

    def code(self, step: int) -> str:
        """The code of a time step as counted from the one it began in; -1, 0 and 1 are taken."""
        return self._totp.at(int(self._began), counter_offset=step)


def set_up(person: Person, token: str, *, step: int = -1) -> tuple[App, list[str]]:
    told = person.ask("POST", "/auth/totp", token).get_json()
    app = App(told["secret"])
    confirmed = person.ask("POST", "/auth/totp/confirm", token, json={"code": app.code(step)})
    assert confirmed.status_code == 200, confirmed.text
    return app, confirmed.get_json()["recovery_codes"]


def test_setting_up_shows_a_code_to_scan_and_takes_one_of_the_app(person: Person) -> None:
    token = person.tokens()["access_token"]
    told = person.ask("POST", "/auth/totp", token)
    assert told.status_code == 201
    document = told.get_json()
    assert document["uri"].startswith("otpauth://totp/Penstock:")
    assert document["secret"] in document["uri"]
    assert document["qr_svg"].startswith("<svg")
    assert person.log_in().status_code == 200, "not asked for before a code was seen"
    wrong = person.ask("POST", "/auth/totp/confirm", token, json={"code": "000000"})
    assert (wrong.status_code, wrong.get_json()["code"]) == (403, "totp_invalid")
    code = App(document["secret"]).code(0)
    confirmed = person.ask("POST", "/auth/totp/confirm", token, json={"code": code}).get_json()
    assert len(set(confirmed["recovery_codes"])) == 10
    assert person.ask("POST", "/auth/totp", token).get_json()["code"] == "totp_active"


def test_a_code_works_once_and_so_does_every_earlier_one(person: Person) -> None:
    app, _ = set_up(person, person.tokens()["access_token"], step=-1)
    assert person.log_in().get_json()["code"] == "totp_required"
    assert person.log_in(totp=app.code(-1)).get_json()["code"] == "login_refused", "used when it was set up"
    assert person.log_in(totp=app.code(1)).status_code == 200
    for step in (1, 0, -1):
        assert person.log_in(totp=app.code(step)).get_json()["code"] == "login_refused"
    assert person.log_in(totp="000000").status_code == 401


def test_a_recovery_code_works_once_however_it_is_typed(person: Person) -> None:
    token = person.tokens()["access_token"]
    _, codes = set_up(person, token)
    assert person.log_in(totp=codes[0]).status_code == 200
    assert person.log_in(totp=codes[0]).status_code == 401
    assert person.log_in(totp=codes[1].lower().replace("-", "")).status_code == 200
    assert person.ask("GET", "/me", token).get_json()["totp"] == {
        "active": True,
        "required": False,
        "recovery_codes": 8,
    }


def test_two_logins_with_one_code_at_once_are_one(person: Person, at_once: Any) -> None:
    _, codes = set_up(person, person.tokens()["access_token"])
    answers = at_once(lambda: person.log_in(totp=codes[2]), 2)
    assert sorted(answer.status_code for answer in answers) == [200, 401]


def test_taking_it_off_takes_a_code_of_it(person: Person) -> None:
    token = person.tokens()["access_token"]
    app, codes = set_up(person, token)
    assert person.ask("POST", "/auth/totp/remove", token, json={"code": "000000"}).status_code == 403
    assert person.ask("POST", "/auth/totp/remove", token, json={"code": codes[0]}).status_code == 204
    assert person.log_in().status_code == 200
    assert person.log_in(totp=codes[1]).status_code == 200, "what is not asked for is not looked at"
    assert app


def test_a_tenant_may_ask_for_it_of_all_its_members(client: FlaskClient, person: Person, tenant: str) -> None:
    before = person.tokens()["access_token"]
    client.patch(f"/api/v1/tenants/{tenant}", json={"totp_required": True})
    token = person.tokens()["access_token"]
    for each in (before, token):
        assert person.ask("GET", "/jobs", each).get_json()["code"] == "permission_missing"
    assert person.ask("GET", "/me", token).get_json()["totp"]["required"] is True
    set_up(person, token)
    assert person.ask("GET", "/jobs", token).status_code == 200
    assert client.get("/api/v1/jobs").status_code == 200, "keys have no second factor"


def test_an_admin_lets_somebody_begin_anew_who_lost_it(client: FlaskClient, person: Person) -> None:
    token = person.tokens()["access_token"]
    set_up(person, token)
    given = client.post(f"/api/v1/members/{person.id}/reset").get_json()["password"]
    assert person.ask("GET", "/me", token).status_code == 401
    assert person.log_in().status_code == 401
    assert person.log_in(password=given, new_password="begin again, twelve").status_code == 200


def test_a_key_has_no_account_to_change(client: FlaskClient) -> None:
    for path, body in (("/totp", None), ("/totp/confirm", {"code": "1"}), ("/logout", None)):
        refused = client.post(f"/api/v1/auth{path}", json=body)
        assert (refused.status_code, refused.get_json()["code"]) == (403, "not_a_member")
