"""Collecting signals: each connected account's report, joined with what its own feed tells of the same window.

A window is a day (UTC). When it has ended it is told of once, for all accounts together, as trust is that of the worst.
Until then the report of the day so far is asked for again and again: what becomes of these calls tells how well the
platform can be reached.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from core.errors import Transient
from core.platform.breakers.breaker import BreakerOpen
from core.workloads.customers.connectors.base import (
    AccountReport,
    AdPlatform,
    Connection,
    OutcomeUnknown,
    PlatformAway,
    PlatformRefused,
)
from core.workloads.customers.operations import connections, measuring, signals
from core.workloads.customers.operations.acting import Worker
from core.workloads.customers.operations.lines import Line
from core.workloads.customers.operations.trust_models import AccountHourRow, AccountRow, SignalRow
from core.workloads.customers.trust.joining import Calls, join

WINDOW = timedelta(days=1)
ASKED_EVERY = timedelta(minutes=15)
SETTLED = timedelta(hours=1)
"""How long after its end a window is told of: late events and late reports are in by then."""
PATIENCE = timedelta(minutes=100)
"""How long after a window's end a platform that does not answer is asked again, before it is told that it did not."""
Report = AccountReport | None


@dataclass(slots=True)
class Collected:
    """What was collected."""

    accounts: int = 0
    told: list[tuple[str, datetime]] = field(default_factory=list)
    """Accounts, and the ends of their windows."""
    unanswered: set[str] = field(default_factory=set)


@dataclass(slots=True)
class _Asked:
    """An account, what its platform told by the ends of windows, and what the calls took."""

    account_id: UUID
    connection: Connection
    missing: Sequence[datetime]
    reports: dict[datetime, Report] = field(default_factory=dict)
    calls: Calls = field(default_factory=Calls)


def is_due(now: datetime) -> Any:
    """Return the condition that an account's platform is to be asked."""
    passed = or_(AccountRow.asked_at.is_(None), AccountRow.asked_at <= now - ASKED_EVERY)
    return AccountRow.connection_id.is_not(None) & passed


def collect(worker: Worker, tenant_id: UUID, now: datetime, windows: int = 1) -> Collected:
    """Ask the platforms, and tell of the latest windows that nobody told of; what was told stays as it is."""
    with worker.transact() as session:
        asked = _connected(session, tenant_id, ends_of(now, windows))
    for one in asked:
        _ask_all(worker, one, now)
    outcome = Collected(len(asked))
    with worker.transact() as session:
        rows = _locked(session, asked)
        for one in asked:
            if one.account_id in rows:
                _keep_calls(session, rows[one.account_id], now, one.calls)
        for end in reversed(ends_of(now, windows)):
            _tell(session, rows, asked, end, now, outcome)
    return outcome


def ends_of(now: datetime, windows: int) -> list[datetime]:
    """Return the ends of the latest windows that are over and settled, the newest first."""
    newest = _midnight(now - SETTLED)
    return [newest - WINDOW * back for back in range(windows)]


def ask(platform: AdPlatform, line: Line, since: datetime, until: datetime) -> tuple[Report, Calls]:
    """Ask for a report, and count the calls; a platform that is left alone after failures counts as one that failed."""
    calls = failures = 0

    def call() -> AccountReport:
        nonlocal calls, failures
        calls += 1
        try:
            return platform.account_report(since, until)
        except (PlatformAway, OutcomeUnknown, PlatformRefused):
            failures += 1
            raise

    try:
        return line.ask(call), Calls(calls, failures)
    except BreakerOpen:
        return None, Calls(calls + 1, failures + 1)
    except (Transient, PlatformRefused):
        return None, Calls(calls, failures)


def _connected(session: Session, tenant_id: UUID, ends: Sequence[datetime]) -> list[_Asked]:
    found = []
    for row in signals.list_accounts(session, tenant_id):
        if row.connection_id is None:
            continue
        connection = connections.opened(session, connections.find(session, tenant_id, str(row.connection_id)))
        told = _told(session, row.id, ends)
        found.append(_Asked(row.id, connection, [end for end in ends if end not in told]))
    return found


def _told(session: Session, account_id: UUID, ends: Sequence[datetime]) -> set[datetime]:
    query = select(SignalRow.window_end).where(SignalRow.account_id == account_id, SignalRow.window_end.in_(ends))
    return set(session.scalars(query))


def _ask_all(worker: Worker, one: _Asked, now: datetime) -> None:
    """Ask for the windows that are missing, or else for the day so far."""
    platform = connections.reach_ads(one.connection, worker.transact)
    line = worker.line(one.connection, worker.checkpoint)
    spans = [(end - WINDOW, end) for end in one.missing] or [(_midnight(now), now)]
    for since, until in spans:
        one.reports[until], calls = ask(platform, line, since, until)
        one.calls += calls


def _locked(session: Session, asked: Sequence[_Asked]) -> dict[UUID, AccountRow]:
    """Return the accounts that are still there, so that nobody else tells of them until our commit."""
    ids = [one.account_id for one in asked]
    query = select(AccountRow).where(AccountRow.id.in_(ids)).order_by(AccountRow.id).with_for_update()
    return {row.id: row for row in session.scalars(query)}


def _keep_calls(session: Session, row: AccountRow, now: datetime, calls: Calls) -> None:
    row.asked_at = now
    mine = {"account_id": row.id, "tenant_id": row.tenant_id}
    counts = {"calls": calls.calls, "failures": calls.failures}
    measuring.add_to_hour(session, AccountHourRow, mine, now, counts)


def _tell(
    session: Session,
    rows: Mapping[UUID, AccountRow],
    asked: Sequence[_Asked],
    end: datetime,
    now: datetime,
    outcome: Collected,
) -> None:
    """Tell of a window, all accounts at once: when all platforms answered, or, of the newest, patience is over."""
    there = [one for one in asked if one.account_id in rows and end in one.missing]
    silent = {rows[one.account_id].name for one in there if one.reports[end] is None}
    outcome.unanswered |= silent
    is_newest = end == ends_of(now, 1)[0]
    if silent and (not is_newest or now < end + PATIENCE):
        return
    for one in there:
        row = rows[one.account_id]
        if _told(session, row.id, [end]):
            continue
        signals.tell(session, row.tenant_id, str(row.id), end, _evidence(session, row, one, end))
        outcome.told.append((row.name, end))


def _evidence(session: Session, row: AccountRow, one: _Asked, end: datetime) -> dict[str, Any]:
    span = (end - WINDOW, end)
    measured = None
    if row.source_id is not None:
        measured = measuring.measure(session, row.tenant_id, row.source_id, span, row.currency)
    mine = (AccountHourRow.account_id == row.id, AccountHourRow.hour >= span[0], AccountHourRow.hour < end)
    sums = [func.coalesce(func.sum(getattr(AccountHourRow, name)), 0) for name in ("calls", "failures")]
    within = Calls(*map(int, session.execute(select(*sums).where(*mine)).one()))
    return join(measured, one.reports[end], within + one.calls)


def _midnight(at: datetime) -> datetime:
    return datetime.combine(at.astimezone(UTC).date(), time(), UTC)
