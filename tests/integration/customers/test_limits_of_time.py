"""What holds for so long and no longer: windows of signals, memberships that ended, refreshes that are told of."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from core.clock import monotonic
from core.workloads.customers.operations import refreshing, segments, signals, trusting
from core.workloads.customers.operations.segment_models import MembershipRow
from tests.integration.customers.people import Person, keep
from tests.integration.customers.shop import NOW
from tests.integration.customers.trusted import trust

Transact = Callable[[], AbstractContextManager[Session]]


@pytest.mark.parametrize(("hours", "mode"), [(26.0, "normal"), (26.01, "cuts_only")])
def test_a_window_speaks_of_now_for_26_hours(tenant_id: UUID, transact: Transact, hours: float, mode: str) -> None:
    with transact() as session:
        trust(session, tenant_id, NOW)
        standing, healths = trusting.evaluate(session, tenant_id, NOW + timedelta(hours=hours))
        assert (standing.mode, len(healths)) == (mode, 1)
        assert trusting.decide(session, tenant_id, "update_budget", NOW).expires_at == NOW + timedelta(hours=24)


def test_the_oldest_windows_of_an_account_go(
    tenant_id: UUID, transact: Transact, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(signals, "KEPT_WINDOWS", 3)
    with transact() as session:
        signals.create(session, tenant_id, {"name": "meta", "vendor": "meta", "currency": "EUR"})
        for hour in range(4):
            signals.tell(session, tenant_id, "meta", NOW + timedelta(hours=hour), {"events": hour})
        kept = signals.list_signals(session, tenant_id, "meta", limit=10)
        assert [one.evidence["events"] for one in kept] == [3, 2, 1]


def test_who_left_is_known_for_400_days_and_so_many_refreshes_are(
    tenant_id: UUID, transact: Transact, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(refreshing, "REFRESHES_KEPT", 3)
    with transact() as session:
        keep(session, tenant_id, [Person(), Person()])
        row = segments.create(session, tenant_id, {"name": "all", "definition": {"all": []}})

        def refresh(days: float) -> int:
            refreshing.refresh(session, tenant_id, "all", NOW + timedelta(days=days), monotonic=monotonic)
            return session.scalar(select(func.count()).where(MembershipRow.segment_id == row.id)) or 0

        assert refresh(0) == 2
        segments.change(session, tenant_id, "all", {"definition": {"any": []}})
        assert [refresh(days) for days in (1, 401, 401.01)] == [2, 2, 0]
        kept = [one.at for one in segments.list_refreshes(session, row, limit=10)]
        assert kept == [NOW + timedelta(days=days) for days in (401.01, 401, 1)]
        assert session.scalar(text("SELECT count(*) FROM customer_refreshes")) == 3
