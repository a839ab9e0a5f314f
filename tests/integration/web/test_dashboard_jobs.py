from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import update

from core.database import Database
from core.jobs import listing
from core.jobs.models import Job
from core.platform.access import PERMISSIONS, Role
from tests.integration.web.account_world import joined
from tests.integration.web.conftest import KeyClient
from tests.integration.web.dashboard_world import Browser


@pytest.fixture
def browser_of(app: Flask, client: KeyClient, stranger: KeyClient) -> Callable[[str], Browser]:
    """A browser in which a new member of some role is logged in."""

    def begin(role: str) -> Browser:
        browser = Browser(app.test_client())
        assert browser.log_in(joined(client, stranger, role=role)).status_code == 303
        return browser

    return begin


@pytest.fixture
def browser(browser_of: Callable[[str], Browser]) -> Browser:
    return browser_of("operator")


def state_of(client: KeyClient, job_id: object) -> str:
    return str(client.get(f"/api/v1/jobs/{job_id}").get_json()["state"])


def test_every_page_has_the_strict_policy_and_no_inline_code(browser: Browser, submit: Callable[..., UUID]) -> None:
    for path in ("/now", "/jobs", f"/jobs/{submit()}", "/submit", "/submit/platform.pi", "/account", "/nothing"):
        answer = browser.see(path)
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert " style=" not in answer.text
        assert " onclick" not in answer.text
        assert "<script>" not in answer.text


def test_jobs_are_found_by_state_kind_and_words(browser: Browser, submit: Callable[..., UUID]) -> None:
    tagged, other = submit(tags=["harvest"]), submit()
    for query in ("?q=harvest", "?tag=harvest", f"?q={tagged!s}"):
        page = browser.see(f"/jobs{query}").text
        assert (str(tagged) in page, str(other) in page) == (True, False), query
    assert "Nothing found" in browser.see("/jobs?state=failed").text
    assert browser.see("/jobs?kind=&state=&q=").status_code == 200


def test_a_filter_that_makes_no_sense_is_told(browser: Browser) -> None:
    answer = browser.see("/jobs?state=nonsense")
    assert (answer.status_code, "fields_invalid" in answer.text, "/state" in answer.text) == (422, True, True)


def test_pages_follow_each_other_without_gaps(browser: Browser, submit: Callable[..., UUID]) -> None:
    made = {str(submit()) for _ in range(5)}
    seen: set[str] = set()
    path = "/jobs?limit=2"
    while True:
        page = browser.see(path).text
        shown = {each for each in made if f"job-{each}" in page}
        assert shown
        assert not shown & seen
        seen |= shown
        if 'rel="next"' not in page:
            break
        path = page.split('rel="next" href="/dashboard')[1].split('"')[0].replace("&amp;", "&") + "&limit=2"
    assert seen == made


def test_a_job_is_cancelled_and_retried(browser: Browser, client: KeyClient, submit: Callable[..., UUID]) -> None:
    job_id = submit()
    answer = browser.send(f"/jobs/{job_id}/cancel", {})
    assert answer.location == f"/dashboard/jobs/{job_id}?told=cancelled"
    assert state_of(client, job_id) == "cancelled"
    again = browser.send(f"/jobs/{job_id}/cancel", {})
    assert (again.status_code, "already_final" in again.text) == (409, True)
    assert browser.send(f"/jobs/{job_id}/retry", {}).status_code == 303
    assert state_of(client, job_id) == "queued"


def test_many_jobs_are_changed_only_once_that_was_seen(
    browser: Browser, client: KeyClient, submit: Callable[..., UUID]
) -> None:
    chosen, left = [submit(), submit()], submit()
    form = {"action": "cancel", "ids": [str(each) for each in chosen]}
    seen = browser.send("/jobs/bulk", form)
    assert "2 of 2 jobs would be" in seen.text
    assert [state_of(client, each) for each in chosen] == ["queued", "queued"]
    done = browser.send("/jobs/bulk", {**form, "confirmed": "yes"})
    assert "2 of 2 jobs were cancelled" in done.text
    assert [state_of(client, each) for each in (*chosen, left)] == ["cancelled", "cancelled", "queued"]
    found = browser.send("/jobs/bulk", {"action": "retry", "scope": "found", "state": "cancelled"})
    assert "2 of 2 jobs would be" in found.text


def test_nothing_chosen_is_no_way_to_mean_everything(browser: Browser, submit: Callable[..., UUID]) -> None:
    submit()
    assert browser.send("/jobs/bulk", {"action": "cancel"}).status_code == 422
    assert "1 of 1 jobs would be" in browser.send("/jobs/bulk", {"action": "cancel", "scope": "found"}).text


def test_a_viewer_sees_no_buttons_and_is_refused(
    browser_of: Callable[[str], Browser], client: KeyClient, submit: Callable[..., UUID]
) -> None:
    viewer, job_id = browser_of("viewer"), submit()
    page = viewer.see(f"/jobs/{job_id}").text
    assert "/cancel" not in page
    assert "Run again" not in page
    assert 'name="ids"' not in viewer.see("/jobs").text
    assert viewer.see("/submit").status_code == 403
    for path in (f"/jobs/{job_id}/cancel", f"/jobs/{job_id}/retry", "/submit/platform.echo"):
        assert viewer.send(path, {}).status_code == 403, path
    assert viewer.send("/jobs/bulk", {"action": "cancel", "ids": [str(job_id)], "confirmed": "yes"}).status_code == 403
    assert state_of(client, job_id) == "queued"


def test_navigation_leads_only_where_one_may_go(browser_of: Callable[[str], Browser]) -> None:
    for role in ("viewer", "admin"):
        page = browser_of(role).see("/jobs").text
        assert ('href="/dashboard/submit"' in page) == ("jobs:submit" in PERMISSIONS[Role(role)])


def test_another_tenants_job_is_not_there(browser: Browser, client_of: Callable[..., KeyClient], tenant: str) -> None:
    foreign = client_of(Role.ADMIN, f"{tenant}-other").post("/api/v1/jobs", json={"kind": "platform.echo"}).get_json()
    assert browser.see(f"/jobs/{foreign['id']}").status_code == 404
    assert browser.send(f"/jobs/{foreign['id']}/cancel", {}).status_code == 404
    assert foreign["id"] not in browser.see("/jobs").text


def test_a_form_submits_what_it_says(browser: Browser, client: KeyClient) -> None:
    form = {"/points": "2000", "/seed": "7", "option:/priority": "8", "option:/tags": '["by hand"]'}
    answer = browser.send("/submit/platform.pi", form)
    assert answer.status_code == 303, answer.text
    job = client.get(f"/api/v1/jobs/{answer.location.split('/')[-1].split('?')[0]}").get_json()
    assert job["params"] == {"points": 2000, "seed": 7}
    assert (job["priority"], job["tags"]) == (8, ["by hand"])


@pytest.mark.parametrize(
    ("form", "field", "words"),
    [
        ({"/points": "0"}, "f-points", "greater than or equal to 1"),
        ({"/points": "many"}, "f-points", "Not a number."),
        ({"/points": "5", "option:/priority": "11"}, "foption--priority", "less than or equal to 9"),
    ],
)
def test_what_is_wrong_is_told_at_its_field(browser: Browser, form: dict[str, str], field: str, words: str) -> None:
    answer = browser.send("/submit/platform.pi", form)
    assert answer.status_code == 422
    at_field = answer.text.split(f'id="{field}"')[1].split("</div>")[0]
    assert words in at_field
    assert 'aria-invalid="true"' in answer.text


def test_wrong_json_is_told_and_kept(browser: Browser) -> None:
    answer = browser.send("/submit/platform.echo", {"json": "{broken"})
    assert (answer.status_code, "{broken" in answer.text) == (400, True)
    assert browser.send("/submit/platform.echo", {"json": '{"a": [1]}'}).status_code == 303


def test_running_again_begins_with_the_same_params_but_no_secrets(browser: Browser, client: KeyClient) -> None:
    asked: dict[str, Any] = {"kind": "platform.sign", "params": {"text": "a letter", "key": "a secret of mine"}}
    job_id = client.post("/api/v1/jobs", json=asked).get_json()["id"]
    page = browser.see(f"/submit/platform.sign?from={job_id}").text
    assert "a letter" in page
    assert "a secret of mine" not in page
    assert "[sealed]" not in page


def test_what_people_wrote_is_never_taken_for_markup(browser: Browser, client: KeyClient) -> None:
    evil = "<script>alert(1)</script>"
    job_id = client.post(
        "/api/v1/jobs", json={"kind": "platform.echo", "params": {"x": evil}, "tags": [evil]}
    ).get_json()["id"]
    for path in (f"/jobs/{job_id}", "/jobs", f"/jobs?q={evil}"):
        assert evil not in browser.see(path).text


def test_pages_that_are_not_there_say_so(browser: Browser) -> None:
    answer = browser.see("/nothing/at/all")
    assert (answer.status_code, "no_such_page" in answer.text) == (404, True)
    assert browser.see("/submit/no.such").status_code == 404


def test_grades_and_comparisons_are_drawn_case_by_case(
    browser: Browser, submit: Callable[..., UUID], web_database: Database
) -> None:
    differs = {"line": 3, "expected": "<b>7", "found": "8"}
    case = {"name": "seven", "hidden": False, "verdict": "wrong_answer", "points": 1.5, "points_possible": 4.0}
    case |= {"difference": differs, "trap": None, "stderr": "", "limit_hit": None}
    grade = {"verdict": "wrong_answer", "points": 1.5, "points_possible": 9.0, "passed": 0, "cases": [case]}
    side = {"verdict": "ok", "exit_code": 5, "stdout": "8", "diagnostics": []}
    runs = [{"same": False, "first": side, "second": {**side, "exit_code": 6}, "difference": None}]
    results = {
        "code.grade": ({**grade, "diagnostics": []}, ("1.5 of 9", "0 of 2 cases", "line 3", "&lt;b&gt;7")),
        "code.compare": ({"same": False, "runs": runs}, ("The two differ", "ended with 6", "how they ended")),
    }
    for kind, (result, shown) in results.items():
        job_id = submit()
        ended = {"kind": kind, "state": "succeeded", "params": {"cases": [{}, {}]}, "result": result}
        with web_database.transaction() as session:
            session.execute(update(Job).where(Job.id == job_id).values(ended))
        page = browser.see(f"/jobs/{job_id}").text
        assert [words for words in shown if words not in page] == [], kind
        assert "<b>7" not in page


def test_a_list_that_was_left_off_leads_on(
    browser: Browser, submit: Callable[..., UUID], monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(3):
        submit()
    monkeypatch.setattr(listing, "MOST_LOOKED_AT", 2)
    page = browser.see("/jobs?state=succeeded&limit=1").text
    assert ("Nothing found so far" in page, "Look further back" in page) == (True, True)
