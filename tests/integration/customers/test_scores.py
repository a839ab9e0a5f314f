"""Scores: equal values get equal fifths, and without ties they are the quantiles that everybody computes."""

import random
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID

import numpy as np
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.database import Database
from core.platform.tenants import ensure_tenant
from core.workloads.customers.operations import scoring
from core.workloads.customers.operations.segment_models import ScoreRow
from tests.integration.customers.people import Happening, Person, keep

NOW = datetime(2026, 11, 27, tzinfo=UTC)


def buyer(days_ago: float, sums: Sequence[float]) -> Person:
    at = NOW - timedelta(days=days_ago)
    earlier = at - timedelta(days=1)
    return Person(happened=[Happening("Bought", at if n == 0 else earlier, {}, one) for n, one in enumerate(sums)])


def scored(session: Session, tenant_id: UUID, people: Sequence[Person]) -> list[tuple[int, int, int]]:
    keep(session, tenant_id, people)
    scoring.score(session, tenant_id, NOW, 365)
    found = {row.profile_id: row for row in session.scalars(select(ScoreRow))}
    rows = [found[one.number] for one in people]
    return [(row.recency, row.frequency, row.monetary) for row in rows]


def fifths(values: Sequence[float]) -> list[int]:
    """Cut at the quantiles as `pandas.qcut` does: a fifth holds its upper end."""
    edges = np.quantile(values, [0.2, 0.4, 0.6, 0.8])
    return [int(one) + 1 for one in np.searchsorted(edges, values, side="left")]


@pytest.mark.parametrize("count", [25, 26, 101])
def test_without_ties_scores_are_quantiles(database: Database, count: int) -> None:
    rng = random.Random(count)
    days, sums = rng.sample(range(1, 300), count), rng.sample(range(1, 5000), count)
    with database.transaction() as session:
        tenant_id = ensure_tenant(session, "buyers")
        found = scored(session, tenant_id, [buyer(*one) for one in zip(days, ([float(s)] for s in sums), strict=True)])
    ranks = np.argsort(np.argsort([-float(one) for one in days]))
    assert [one[0] for one in found] == fifths(ranks.tolist())
    ranks = np.argsort(np.argsort(sums))
    assert [one[2] for one in found] == fifths(ranks.tolist())


def test_ties_never_straddle_two_fifths(database: Database) -> None:
    """Of 30, 18 bought once, 11 twice, one thrice: shares of those who are worse are 0, 18/29, 1."""
    times = [1] * 18 + [2] * 11 + [3]
    with database.transaction() as session:
        tenant_id = ensure_tenant(session, "tied")
        found = scored(session, tenant_id, [buyer(3, [1.0] * one) for one in times])
    assert Counter((n, one[1]) for n, one in zip(times, found, strict=True)) == {(1, 1): 18, (2, 4): 11, (3, 5): 1}
    assert {one[0] for one in found} == {1}  # all bought last on the same day, so nobody is before anybody


def test_few_are_not_scored_and_who_buys_no_more_loses_the_score(database: Database) -> None:
    with database.transaction() as session:
        tenant_id = ensure_tenant(session, "few")
        keep(session, tenant_id, [buyer(day, [1.0]) for day in range(1, scoring.FEWEST)])
        assert sum(scoring.score(session, tenant_id, NOW, 365).values()) == 0
        keep(session, tenant_id, [buyer(400, [1.0]), buyer(30, [1.0])])
        assert sum(scoring.score(session, tenant_id, NOW, 365).values()) == scoring.FEWEST
        assert sum(scoring.score(session, tenant_id, NOW + timedelta(days=1), 365).values()) == scoring.FEWEST
        assert sum(scoring.score(session, tenant_id, NOW + timedelta(days=300), 20).values()) == 0
