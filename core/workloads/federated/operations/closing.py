"""Closing rounds: as soon as enough members have sent, at the latest at the deadline.

A round that closes by itself is aggregated in the federation's own name; with fewer than its quorum it fails.
"""

import structlog
from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from core.clock import Clock
from core.database import Database
from core.errors import PenstockError
from core.jobs.models import Job
from core.jobs.states import FINAL
from core.platform.access import Principal, Role
from core.workloads.federated.operations import federations, rounds
from core.workloads.federated.operations.models import FederationRow, RoundRow

log = structlog.get_logger()


def close_if_enough(session: Session, row: FederationRow, number: int, *, clock: Clock) -> None:
    """Close a round that closes by itself if nobody more is awaited; the federation is locked."""
    found = rounds.read_round(session, row, number)
    if (
        found.status == "open"
        and found.enough is not None
        and rounds.count_present(session, row, found) >= found.enough
    ):
        _close(session, row, found, clock=clock)


def close_due(session: Session, row: FederationRow, *, clock: Clock) -> None:
    """Close the round that is open past its deadline, if there is one; the federation is locked."""
    due = select(RoundRow).where(RoundRow.federation_id == row.id, *_DUE)
    for found in session.scalars(due).all():
        _close(session, row, found, clock=clock)


def turn(database: Database, *, clock: Clock) -> int:
    """Close every round that is due and settle what jobs have left; return of how many federations."""
    with database.transaction() as session:
        done = select(Job.id).where(Job.id == RoundRow.job_id, Job.state.in_(sorted(FINAL))).exists()
        which = select(RoundRow.tenant_id, RoundRow.federation_id).where(
            (RoundRow.status == "aggregating") & done | (RoundRow.status == "open") & (RoundRow.closes_at <= func.now())
        )
        found = session.execute(which).all()
    for tenant_id, federation_id in found:
        try:
            with database.transaction() as session:
                row = federations.find(session, tenant_id, str(federation_id), lock=True)
                rounds.settle(session, row)
                close_due(session, row, clock=clock)
        except (PenstockError, DBAPIError) as error:
            log.warning("federation.turn_failed", federation_id=str(federation_id), detail=str(error))
    return len(found)


def _close(session: Session, row: FederationRow, found: RoundRow, *, clock: Clock) -> None:
    itself = Principal(row.id, row.tenant_id, Role.OPERATOR, "federation")
    try:
        with session.begin_nested():
            rounds.aggregate(session, itself, row, found.number, clock=clock)
    except PenstockError as error:
        found.status, found.reason, found.settled_at = "failed", error.detail, session.scalar(select(func.now()))
        session.flush()


_DUE = (RoundRow.status == "open", RoundRow.closes_at <= func.now())
