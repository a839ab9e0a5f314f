"""The governor over HTTP: readings, forecasts, actions with reasons, the metrics, and heavy jobs refused."""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from sqlalchemy import text

from core.database import Database
from core.platform.access import Role
from core.platform.cache.entry import Entry
from core.platform.cache.hot import LIMIT_BYTES, HotTier
from core.platform.governor import reports
from core.platform.governor.memory import Memory
from core.platform.governor.policy import Change, Level, Stance, Terms
from core.platform.governor.readings import Gauge, Reading
from core.platform.governor.reports import Teller
from tests.integration.web.conftest import KeyClient
from webapp.governing import Thrift

READINGS = {
    "memory_total_mib": 1000.0,
    "memory_available_mib": 40.0,
    "memory_used": 0.96,
    "memory_foreseen": 0.99,
    "memory_pressure": None,
    "cpu": 0.5,
    "cpu_pressure": 0.1,
    "load_per_cpu": 1.0,
    "queues": {"default": {"depth": 3, "oldest_age_s": 1.5}},
}
CHANGE = Change("memory", "tight", "critical", "memory is taken to 96%, soon to 99%")


@pytest.fixture
def squeezed(app: Flask, web_database: Database) -> Iterator[None]:
    """The only worker there is has next to no memory left."""
    with web_database.transaction() as session:
        teller = Teller("worker@here", "here", ("default", "io"), "on")
        reports.report(session, teller, Stance(2, 1, level=Level.CRITICAL), READINGS, [CHANGE], held=1, acted=7)
    yield
    with web_database.transaction() as session:
        session.execute(text("DELETE FROM governor_reports"))
        session.execute(text("DELETE FROM governor_actions"))


def test_it_tells_what_is_seen_foreseen_and_done_and_why(squeezed: None, client_of: Callable[..., KeyClient]) -> None:
    told = client_of(Role.VIEWER).get("/api/v1/governor?actions=1").get_json()
    (worker,) = told["workers"]
    assert (worker["level"], worker["slots"], worker["full_slots"], worker["low_slots"]) == ("critical", 1, 2, 0)
    assert (worker["readings"]["memory_used"], worker["forecast"]["memory_used"]) == (0.96, 0.99)
    assert worker["queues_waiting"] == [{"name": "default", "depth": 3, "oldest_age_s": 1.5}]
    assert told["low_priority_limits"] == [
        {"queue": "default", "max_running": 0},
        {"queue": "io", "max_running": 0},
    ]
    (action,) = told["actions"]
    assert (action["after"], action["reason"], action["dry_run"]) == (CHANGE.after, CHANGE.reason, False)
    assert (told["mode"], told["thresholds"]["memory"], told["thresholds"]["cpu"]) == ("on", 0.85, 0.9)


def test_the_metrics_tell_it_too(squeezed: None, client_of: Callable[..., KeyClient]) -> None:
    text = client_of(Role.OPERATOR).get("/api/v1/metrics").get_data(as_text=True)
    assert 'penstock_governor_slots{worker="worker@here"} 1.0' in text
    assert 'penstock_governor_memory_used{worker="worker@here"} 0.96' in text
    assert 'penstock_governor_level{level="critical",worker="worker@here"} 1.0' in text
    assert 'penstock_governor_actions_total{worker="worker@here"} 7.0' in text


def test_heavy_jobs_are_refused_with_the_reason_and_light_ones_are_not(squeezed: None, client: KeyClient) -> None:
    heavy = {"kind": "platform.pi", "params": {"points": 1000}}
    light = {"kind": "platform.echo", "params": {}}
    for address, body in (("jobs", heavy), ("jobs/bulk", {"jobs": [light, heavy]})):
        refused = client.post(f"/api/v1/{address}", json=body)
        assert (refused.status_code, refused.get_json()["code"]) == (429, "capacity_short")
        assert refused.headers["Retry-After"] == "15"
    assert client.post("/api/v1/jobs", json=light).status_code == 202
    science = {"kind": "windows.profile", "params": {}}
    assert client.post("/api/v1/jobs", json=science).get_json()["code"] != "capacity_short", "no worker complains"


class Squeeze(Gauge):
    """A host that is short of memory."""

    used = 0.9
    at_s = 0.0

    def read(self) -> Reading:
        self.at_s += 2.0
        return Reading(self.at_s, Memory(1000.0, 1000.0 * (1 - self.used)), 0.1, 0.1)


def test_the_cache_in_memory_gives_room_back_while_memory_is_short() -> None:
    tier, gauge = HotTier(), Squeeze()
    thrift = Thrift(tier, Terms(), gauge)
    for number in range(100):
        tier.put(str(number), Entry(bytes(1 << 20), 1e12, 1e12))
    thrift.look()
    assert (tier.limit_bytes, tier.used_bytes <= LIMIT_BYTES // 4) == (LIMIT_BYTES // 4, True)
    assert tier.get("99", 0.0) is not None, "who was asked for last stays longest"
    gauge.used = 0.1
    for _ in range(5):
        thrift.look()
    assert tier.limit_bytes == LIMIT_BYTES
