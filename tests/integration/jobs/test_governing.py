"""What governors say together: jobs of low priority stand back while any worker of their queue is strained."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from core.catalogue import Catalogue
from core.database import Database
from core.jobs import governing, outbox, reconciler
from core.jobs.governing import CapacityShort
from core.platform.governor import reports
from core.platform.governor.policy import Change, Level, Stance
from core.platform.governor.reports import Teller
from tests.integration.jobs.test_concurrency import claim, end, started

Submit = Callable[..., UUID]
READINGS = {"memory_used": 0.5}


def say(database: Database, stance: Stance, worker: str = "a", mode: str = "on", **more: Any) -> None:
    changes = more.get("changes", ())
    with database.transaction() as session:
        teller = Teller(worker, "host", ("default", "maintenance"), mode)
        reports.report(session, teller, stance, READINGS, changes, held=0, acted=len(changes))
        governing.settle_low(session)


def limits(database: Database) -> dict[str, int]:
    with database.statements() as session:
        return dict(
            session.execute(text("SELECT name, max_running FROM concurrency_limits WHERE name LIKE 'low:%'")).all()
        )


def carried(database: Database, room: int = 50) -> list[UUID]:
    with database.transaction() as session:
        return [message.job_id for message in outbox.take_batch(session, {"default": room}).messages]


def test_a_strained_worker_leaves_one_place_to_the_urgent(database: Database, submit_job: Submit) -> None:
    say(database, Stance(2, 2, cpu_busy=True))
    low = [submit_job("platform.echo", {}, priority=2) for _ in range(5)]
    urgent = [submit_job("platform.echo", {}, priority=7) for _ in range(3)]
    plain = submit_job("platform.echo", {})
    assert carried(database) == [*urgent, plain, low[0]]
    first = started(database, low[0])
    assert claim(database, low[1]) is None, "nor is one that is on its way begun"
    assert all(claim(database, job_id) for job_id in urgent)
    end(database, first)
    assert carried(database) == [low[1]]


def test_all_workers_of_a_queue_count_together(database: Database) -> None:
    say(database, Stance(2, 2), worker="a")
    assert limits(database) == {}
    say(database, Stance(4, 2, level=Level.TIGHT), worker="b")
    assert limits(database) == {"low:default": 2 + 1}
    say(database, Stance(2, 1, level=Level.CRITICAL), worker="a")
    say(database, Stance(4, 1, level=Level.CRITICAL), worker="b")
    assert limits(database) == {"low:default": 0}
    say(database, Stance(2, 2), worker="a")
    say(database, Stance(4, 4), worker="b")
    assert limits(database) == {}


def test_who_waited_goes_when_the_strain_is_over(database: Database, submit_job: Submit) -> None:
    say(database, Stance(2, 1, level=Level.CRITICAL))
    job_id = submit_job("platform.echo", {}, priority=0)
    assert carried(database) == []
    say(database, Stance(2, 2))
    reconciler.reconcile(database, lambda _queue: 0, every_s=0.0)
    assert carried(database) == [job_id]


def test_silence_ends_what_was_said(database: Database) -> None:
    say(database, Stance(2, 2, cpu_busy=True))
    with database.transaction() as session:
        session.execute(text("UPDATE governor_reports SET at = at - interval '16 seconds'"))
    assert reconciler.reconcile(database, lambda _queue: 0, every_s=0.0)["governed"] == 1
    assert limits(database) == {}


def test_a_dry_run_changes_nothing_and_tells_what_it_would_do(database: Database) -> None:
    change = Change("slots", "2", "1", "memory is taken to 90%, soon to 95%")
    say(database, Stance(2, 1, level=Level.CRITICAL), mode="dry_run", changes=[change])
    assert limits(database) == {}
    with database.statements() as session:
        (told,) = reports.list_actions(session, limit=10)
        assert not reports.is_critical(session, "default")
    assert (told.what, told.before, told.after, told.dry_run) == ("slots", "2", "1", True)


def test_heavy_kinds_are_refused_where_every_worker_is_out_of_memory(database: Database, catalogue: Catalogue) -> None:
    heavy, light = catalogue.find("platform.pi"), catalogue.find("platform.echo")
    say(database, Stance(2, 1, level=Level.CRITICAL), worker="a")
    with database.statements() as session:
        governing.hold_to_capacity(session, light)
        with pytest.raises(CapacityShort, match=r"platform\.pi") as refused:
            governing.hold_to_capacity(session, heavy)
    assert refused.value.retry_after_s == governing.AGAIN_AFTER_S
    say(database, Stance(2, 2), worker="b")
    with database.statements() as session:
        governing.hold_to_capacity(session, heavy)
