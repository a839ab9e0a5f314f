"""What a worker tells of its host's toolchains is what they do behind the walls, renewed for as long as it lives."""

from collections.abc import Iterator
from datetime import datetime

import pytest
from sqlalchemy import select

from core.database import Database
from core.workloads.code.native import reports, survey
from core.workloads.code.native.reports import ToolchainReport
from core.workloads.code.native.telling import EXAMINED_EVERY_S, HostReport
from core.workloads.code.sandbox.asking import Sandbox


def told_at(database: Database) -> set[datetime]:
    with database.statements() as session:
        return set(session.scalars(select(ToolchainReport.reported_at)))


def test_a_worker_tells_what_works_here_and_renews_it(sandbox: Sandbox, database: Database) -> None:
    examined: list[Sandbox] = []
    times: Iterator[float] = iter([0.0, 30.0, EXAMINED_EVERY_S])

    def opened() -> Sandbox:
        examined.append(Sandbox())
        return examined[-1]

    report = HostReport(opened, lambda: next(times))
    assert report.tell(database, "sandbox@here") == reports.RENEWED_EVERY_S
    with database.statements() as session:
        assert reports.read(session) == {one.language: one for one in survey.survey(sandbox)}
    first = told_at(database)
    report.tell(database, "sandbox@here")
    assert len(examined) == 1
    assert max(first) < min(told_at(database))
    report.tell(database, "sandbox@here")
    assert len(examined) == 2


@pytest.mark.parametrize("language", ["c", "python"])
def test_a_worker_without_its_walls_offers_nothing_and_says_why(database: Database, language: str) -> None:
    HostReport(lambda: Sandbox(python="/bin/false")).tell(database, "sandbox@bare")
    with database.statements() as session:
        found = reports.read(session)[language]
    assert not found.available
    assert "sandbox_unavailable:launcher" in found.reason or found.reason.startswith("no ")
