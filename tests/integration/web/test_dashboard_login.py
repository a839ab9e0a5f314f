from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from core.clock import utc_now
from core.database import Database
from core.platform.accounts.models import RefreshToken
from tests.integration.web.account_world import PASSWORD, Person, invited, joined
from tests.integration.web.conftest import KeyClient, held_by
from tests.integration.web.dashboard_world import Browser
from webapp.dashboard import login_steps
from webapp.dashboard.login_steps import LoginStale


@pytest.fixture
def browser(app: Flask) -> Browser:
    return Browser(app.test_client())


@pytest.fixture
def person(client: KeyClient, stranger: KeyClient) -> Person:
    return joined(client, stranger, role="operator")


def expire_access(browser: Browser) -> None:
    browser.client.set_cookie("penstock_access", "expired", path="/dashboard")


def test_a_login_leads_to_the_page_that_was_asked_for(browser: Browser, person: Person) -> None:
    asked = browser.see("/jobs?state=failed")
    assert (asked.status_code, asked.location) == (303, "/dashboard/login?next=/dashboard/jobs?state%3Dfailed")
    answer = browser.log_in(person, next="/dashboard/jobs?state=failed")
    assert (answer.status_code, answer.location) == (303, "/dashboard/jobs?state=failed")
    assert browser.see("/jobs?state=failed").status_code == 200


@pytest.mark.parametrize(
    "elsewhere", ["https://example.org/", "//example.org", "/\\example.org", "/api/v1/jobs", "/dashboard/\n", ""]
)
def test_a_login_leads_nowhere_but_into_the_dashboard(browser: Browser, person: Person, elsewhere: str) -> None:
    assert browser.log_in(person, next=elsewhere).location == "/dashboard/"


def test_no_script_can_read_the_cookies_and_no_other_site_send_them(browser: Browser, person: Person) -> None:
    set_cookies = browser.log_in(person).headers.getlist("Set-Cookie")
    mine = [line for line in set_cookies if line.startswith(("penstock_access=", "penstock_refresh="))]
    assert len(mine) == 2
    assert all({"HttpOnly", "SameSite=Lax", "Path=/dashboard"} <= set(line.split("; ")) for line in mine)
    assert not any("Secure" in line for line in mine)


def test_over_https_the_cookies_are_never_sent_in_the_open(app: Flask, person: Person) -> None:
    browser = Browser(app.test_client())
    secure: dict[str, Any] = {"base_url": "https://localhost"}
    word = browser.client.get("/dashboard/login", **secure).text.split('name="csrf" value="')[1].split('"')[0]
    form = {"csrf": word, "email": person.email, "password": PASSWORD}
    answer = browser.client.post("/dashboard/login", data=form, **secure)
    assert answer.status_code == 303
    assert all("Secure" in line for line in answer.headers.getlist("Set-Cookie"))


def test_whatever_is_wrong_is_answered_alike(browser: Browser, person: Person) -> None:
    wrong = browser.log_in(person, password="wrong horse battery staple")
    unknown = browser.log_in(Person(person.client, "", "nobody@example.org"))
    assert (wrong.status_code, unknown.status_code) == (401, 401)
    for answer in (wrong, unknown):
        assert "No account has this name and this password" in answer.text
        assert "horse" not in answer.text


def test_a_first_login_asks_for_a_password_of_ones_own(
    browser: Browser, client: KeyClient, stranger: KeyClient
) -> None:
    person, given = invited(client, stranger)
    asked = browser.log_in(person, password=given)
    assert "Choose your password" in asked.text
    assert given not in asked.text
    step = asked.text.split('name="step" value="')[1].split('"')[0]
    weak = browser.send("/login", {"step": step, "new_password": "short"}, seen="/login")
    assert (weak.status_code, "Choose your password" in weak.text) == (422, True)
    assert browser.send("/login", {"step": step, "new_password": PASSWORD}, seen="/login").status_code == 303
    assert person.log_in().status_code == 200


def test_a_step_that_was_changed_or_took_too_long_begins_anew(browser: Browser) -> None:
    sealed = login_steps.seal("secret", "me", "password", now=utc_now())
    assert login_steps.unseal("secret", sealed, now=utc_now()) == ("me", "password")
    late = utc_now() + login_steps.GOOD_FOR + timedelta(seconds=1)
    for broken, now in ((sealed, late), (f"{sealed[:-8]}AAAAAAA=", utc_now()), ("no base64 ä", utc_now())):
        with pytest.raises(LoginStale):
            login_steps.unseal("secret", broken, now=now)
    assert browser.send("/login", {"step": "x"}, seen="/login").status_code == 403


def test_an_expired_access_token_is_renewed_on_the_way(browser: Browser, person: Person) -> None:
    browser.log_in(person)
    refresh = browser.cookie("penstock_refresh")
    expire_access(browser)
    assert browser.see("/jobs").status_code == 200
    assert browser.cookie("penstock_access") != "expired"
    assert browser.cookie("penstock_refresh") != refresh


def test_tabs_that_come_with_the_same_refresh_token_are_no_thieves(
    app: Flask, browser: Browser, person: Person, at_once: Callable[..., list[Any]]
) -> None:
    browser.log_in(person)
    refresh = browser.cookie("penstock_refresh")

    def tab() -> int:
        other = Browser(app.test_client())
        other.client.set_cookie("penstock_refresh", str(refresh), path="/dashboard")
        return int(other.see("/jobs").status_code)

    assert at_once(tab, 4) == [200, 200, 200, 200]


def test_a_refresh_token_that_comes_later_again_ends_the_session(
    app: Flask, browser: Browser, person: Person, web_database: Database
) -> None:
    browser.log_in(person)
    stolen = str(browser.cookie("penstock_refresh"))
    expire_access(browser)
    browser.see("/jobs")
    with web_database.transaction() as session:
        session.query(RefreshToken).filter(RefreshToken.used_at.is_not(None)).update(
            {RefreshToken.used_at: utc_now() - timedelta(minutes=1)}
        )
    thief = Browser(app.test_client())
    thief.client.set_cookie("penstock_refresh", stolen, path="/dashboard")
    assert thief.see("/jobs").status_code == 303
    assert browser.see("/jobs").location.startswith("/dashboard/login")


def test_after_the_logout_nothing_is_honoured(app: Flask, browser: Browser, person: Person) -> None:
    browser.log_in(person)
    kept = {name: browser.cookie(name) for name in ("penstock_access", "penstock_refresh")}
    answer = browser.send("/logout", {})
    assert answer.location == "/dashboard/login?told=logged-out"
    assert browser.cookie("penstock_access") is None
    thief = Browser(app.test_client())
    for name, value in kept.items():
        thief.client.set_cookie(name, str(value), path="/dashboard")
    assert thief.see("/jobs").status_code == 303


def test_an_api_key_is_no_login_and_cookies_are_no_key(
    app: Flask, browser: Browser, person: Person, client: KeyClient
) -> None:
    browser.client.set_cookie("penstock_access", str(client.key), path="/dashboard")
    assert browser.see("/jobs").status_code == 303
    assert browser.see("/jobs", headers={"Authorization": f"Bearer {client.key}"}).status_code == 303
    browser.log_in(person)
    access = browser.cookie("penstock_access")
    assert browser.client.get("/api/v1/jobs", headers={"Cookie": f"penstock_access={access}"}).status_code == 401


@pytest.mark.parametrize("word", ["", "0" * 64, "ä"])
def test_a_form_without_the_word_of_its_session_is_refused(browser: Browser, person: Person, word: str) -> None:
    browser.log_in(person)
    answer = browser.send("/logout", {}, word=word)
    assert (answer.status_code, "forgery_suspected" in answer.text) == (403, True)
    assert browser.see("/jobs").status_code == 200


def test_the_word_of_another_session_does_not_do(app: Flask, browser: Browser, person: Person) -> None:
    other = Browser(app.test_client())
    other.log_in(person)
    browser.log_in(person)
    word = other.see("/account").text.split('name="csrf" value="')[1].split('"')[0]
    assert browser.send("/logout", {}, word=word).status_code == 403


def test_a_form_that_the_browser_says_comes_from_elsewhere_is_refused(browser: Browser, person: Person) -> None:
    browser.log_in(person)
    word = browser.see("/account").text.split('name="csrf" value="')[1].split('"')[0]
    for site, status in (("cross-site", 403), ("same-site", 403), ("same-origin", 303)):
        answer = browser.client.post("/dashboard/logout", data={"csrf": word}, headers={"Sec-Fetch-Site": site})
        assert answer.status_code == status, site


def test_a_login_form_of_another_site_is_refused(browser: Browser, person: Person) -> None:
    answer = browser.client.post("/dashboard/login", data={"email": person.email, "password": PASSWORD})
    assert answer.status_code == 403


def test_live_news_of_an_ended_session_lead_to_the_login(browser: Browser) -> None:
    answer = browser.see("/now", headers={"HX-Request": "true"})
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (401, "/dashboard/login?next=/dashboard/now")


def test_a_login_counts_towards_its_limit(app: Flask, browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(held_by(app).limits, "logins_per_minute", 1)
    browser.client.environ_base["REMOTE_ADDR"] = "203.0.113.9"
    person = Person(browser.client, "", "limit@example.org")
    answers = [browser.log_in(person).status_code for _ in range(3)]
    assert answers[-1] == 429
