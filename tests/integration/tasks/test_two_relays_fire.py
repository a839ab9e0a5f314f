"""Two relays at once fire a schedule of every second: each fire time once, and its message arrives."""

import time
from collections.abc import Callable
from threading import Thread
from typing import Any

from celery import Celery
from sqlalchemy import text

from core.catalogue import Catalogue
from core.clock import database_now
from core.database import Database
from core.jobs import schedules
from core.platform.access import Principal

WITHIN_S = 60
ASKED = {
    "kind": "platform.echo",
    "params": {},
    "priority": 5,
    "tags": [],
    "every_s": 1.0,
    "timezone": "UTC",
    "jitter_s": 0.0,
    "missed": "all",
    "overlap": "allow",
    "paused": False,
}


def test_two_relays_fire_each_second_once(
    make_relay: Callable[[Celery], Any], celery: Celery, database: Database, admin: Principal, catalogue: Catalogue
) -> None:
    with database.transaction() as session:
        schedule_id = schedules.create(session, admin, catalogue.find, ASKED, now=database_now(session))
    relays = [make_relay(celery) for _ in range(2)]
    threads = [Thread(target=relay.run) for relay in relays]
    for thread in threads:
        thread.start()
    try:
        give_up_at = time.monotonic() + WITHIN_S
        while len(fired(database)) < 3 and time.monotonic() < give_up_at:
            time.sleep(0.2)
    finally:
        for relay in relays:
            relay.stopping.set()
        for thread in threads:
            thread.join(WITHIN_S)
    found = fired(database)
    assert len(found) >= 3
    assert {(row.outcome, row.jobs) for row in found} == {("submitted", 1)}
    assert [row.second for row in found] == list(range(1, len(found) + 1))
    with database.statements() as session:
        jobs = session.execute(text("SELECT count(*) FROM jobs WHERE schedule_id = :id"), {"id": schedule_id})
        assert jobs.scalar_one() == len(found)


def fired(database: Database) -> list[Any]:
    """Read each fire time: which second after the creation, what became of it, and how many jobs it has."""
    query = """
        SELECT extract(epoch FROM fire_at - schedules.created_at)::int AS second, outcome,
               (SELECT count(*) FROM jobs WHERE jobs.id = job_id AND run_at = fire_at) AS jobs
        FROM schedule_runs JOIN schedules ON schedules.id = schedule_id ORDER BY fire_at"""
    with database.statements() as session:
        return list(session.execute(text(query)).all())
