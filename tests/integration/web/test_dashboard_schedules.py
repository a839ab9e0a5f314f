from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask

from tests.integration.web.account_world import joined
from tests.integration.web.conftest import KeyClient
from tests.integration.web.dashboard_world import Browser
from webapp.dashboard.strips import hours_of, strip_of

NOW = datetime(2026, 3, 1, 6, 30, tzinfo=UTC)


@pytest.fixture
def browser(app: Flask, client: KeyClient, stranger: KeyClient) -> Browser:
    browser = Browser(app.test_client())
    browser.log_in(joined(client, stranger, role="operator"))
    return browser


@pytest.fixture
def make(client: KeyClient) -> Callable[..., dict[str, Any]]:
    """Make a schedule over the API."""

    def make_one(**fields: Any) -> dict[str, Any]:
        made = client.post("/api/v1/schedules", json={"kind": "platform.echo", "every_s": 3600, **fields})
        assert made.status_code == 201, made.text
        document: dict[str, Any] = made.get_json()
        return document

    return make_one


def test_a_strip_gathers_fire_times_by_the_quarter_of_an_hour() -> None:
    times = [NOW + timedelta(minutes=minutes) for minutes in (0, 5, 15, 24 * 60 - 1, 24 * 60)]
    strip = strip_of(iter(times), NOW)
    assert [(mark.slot, mark.count) for mark in strip.marks] == [(0, 2), (1, 1), (95, 1)]
    assert strip.total == "4"


def test_a_strip_says_where_it_stopped_to_count() -> None:
    times = (NOW + timedelta(seconds=seconds) for seconds in range(24 * 3600))
    strip = strip_of(times, NOW, most=1_000)
    assert (strip.goes_on_from, strip.total) == (2, "more than 1000")


def test_the_hours_of_a_strip_lie_where_the_clock_says() -> None:
    hours = hours_of(NOW)
    assert [label for _, label in hours] == [f"{hour:02}:00" for hour in (9, 12, 15, 18, 21, 0, 3, 6)]
    assert hours[0][0] == pytest.approx(2.5 / 24)


def test_the_day_ahead_is_shown(browser: Browser, make: Callable[..., dict[str, Any]]) -> None:
    make(name="hourly")
    make(name="stopped", paused=True)
    page = browser.see("/schedules").text
    assert "hourly: 24 fire times within 24 hours" in page
    assert "stopped: " not in page
    assert "paused" in page


def test_a_schedule_is_changed_by_its_form(
    browser: Browser, client: KeyClient, make: Callable[..., dict[str, Any]]
) -> None:
    made = make(name="before", tags=["old"])
    form = {"/name": "after", "/cron": "30 2 * * *", "/every_s": "", "/timezone": "Europe/Helsinki", "/priority": "7"}
    answer = browser.send(f"/schedules/{made['id']}", {**form, "/params": '{"a": 1}', "/tags": ""})
    assert answer.status_code == 303, answer.text
    now = client.get(f"/api/v1/schedules/{made['id']}").get_json()
    assert (now["name"], now["cron"], now["every_s"], now["timezone"]) == (
        "after",
        "30 2 * * *",
        None,
        "Europe/Helsinki",
    )
    assert (now["priority"], now["params"], now["tags"]) == (7, {"a": 1}, [])


def test_a_wrong_rule_is_told_at_its_field(browser: Browser, make: Callable[..., dict[str, Any]]) -> None:
    made = make()
    answer = browser.send(f"/schedules/{made['id']}", {"/cron": "61 * * * *", "/params": "{}"})
    assert answer.status_code == 422
    assert 'class="field-error"' in answer.text.split('id="f-cron"')[1].split("</div>")[0]


def test_a_schedule_is_paused_resumed_run_and_deleted(
    browser: Browser, client: KeyClient, make: Callable[..., dict[str, Any]]
) -> None:
    made = make()
    address, api = f"/schedules/{made['id']}", f"/api/v1/schedules/{made['id']}"
    browser.send(f"{address}/pause", {})
    assert client.get(api).get_json()["paused"] is True
    browser.send(f"{address}/resume", {})
    assert client.get(api).get_json()["paused"] is False
    assert browser.send(f"{address}/run", {}).location.startswith("/dashboard/jobs/")
    assert "manual" in browser.see(address).text
    assert browser.send(f"{address}/delete", {}).status_code == 303
    assert browser.see(address).status_code == 404


def test_a_schedule_is_made_from_a_kinds_example(browser: Browser, client: KeyClient) -> None:
    page = browser.see("/schedules/new/platform.pi").text
    assert "&#34;points&#34;" in page
    answer = browser.send("/schedules/new/platform.pi", {"/every_s": "600", "/params": '{"points": 10}'})
    assert answer.status_code == 303, answer.text
    made = client.get("/api/v1/schedules").get_json()["items"][0]
    assert (made["kind"], made["every_s"], made["params"]) == ("platform.pi", 600.0, {"points": 10})
    neither = browser.send("/schedules/new/platform.pi", {"/params": '{"points": 10}'})
    assert (neither.status_code, "give either cron or every_s" in neither.text) == (422, True)


def test_a_viewer_sees_schedules_and_cannot_touch_them(
    app: Flask, client: KeyClient, stranger: KeyClient, make: Callable[..., dict[str, Any]]
) -> None:
    made = make()
    viewer = Browser(app.test_client())
    viewer.log_in(joined(client, stranger, role="viewer"))
    page = viewer.see(f"/schedules/{made['id']}").text
    assert "Run now" not in page
    assert "Change it" not in page
    for action in ("", "/pause", "/run", "/delete"):
        assert viewer.send(f"/schedules/{made['id']}{action}", {}).status_code == 403
