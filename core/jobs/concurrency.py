"""Concurrency limits as they are set: by a kind's declaration, by an operator, by a submission with a key."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, func, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from core.jobs.admission_models import ConcurrencyLimit
from core.jobs.chores import take_turn
from core.jobs.gates import KEY_PREFIX, kind_gate
from core.jobs.kind import JobKind
from core.jobs.outbox import CHANNEL

FORGET_EVERY_S = 600.0


@dataclass(frozen=True, slots=True)
class LimitFigures:
    """One limit and how much of it is in use."""

    scope: str
    """`kind` or `tenant`."""
    subject: str
    """The kind's name, or the tenant's slug."""
    max_running: int
    declared: bool
    running: int


def list_limits(session: Session) -> Sequence[LimitFigures]:
    """List the limits of kinds and tenants; those of keys come and go with the jobs."""
    return [LimitFigures(*row) for row in session.execute(_FIGURES)]


def set_limit(session: Session, name: str, max_running: int) -> None:
    """Set a limit from now on, for jobs submitted before, too; who runs already runs on."""
    _put(session, [{"name": name, "max_running": max_running, "declared": False}])
    _tell_relays(session)


def lift_limit(session: Session, name: str, declared: int | None = None) -> bool:
    """Take an operator's limit away, back to what the kind declares if it does; False when none was set."""
    lifted = delete(ConcurrencyLimit).where(ConcurrencyLimit.name == name, ~ConcurrencyLimit.declared)
    if session.scalar(lifted.returning(ConcurrencyLimit.name)) is None:
        return False
    if declared is not None:
        _put(session, [{"name": name, "max_running": declared, "declared": True}])
    _tell_relays(session)
    return True


def declare_kinds(session: Session, kinds: Iterable[JobKind]) -> None:
    """Make the kinds' declared limits those of the database, except where an operator set another."""
    declared = {kind_gate(kind.name): kind.limits.concurrency for kind in kinds if kind.limits.concurrency}
    stale = ConcurrencyLimit.declared & ConcurrencyLimit.name.not_in(sorted(declared))
    session.execute(delete(ConcurrencyLimit).where(stale))
    rows = [{"name": name, "max_running": most, "declared": True} for name, most in sorted(declared.items())]
    if rows:
        _put(session, rows, where=ConcurrencyLimit.declared)


def limit_keys(session: Session, rows: Iterable[Mapping[str, Any]]) -> None:
    """Set the limits of the keys that new jobs come with; the latest submission's holds.

    Each stays locked until the commit, so that nobody takes it for unused meanwhile.
    """
    asked = {row["gates"][0]: row["concurrency_limit"] for row in rows if row["gates"]}
    if asked:
        _put(session, [{"name": name, "max_running": most, "declared": False} for name, most in sorted(asked.items())])


def forget_unused(session: Session) -> int:
    """Take away the limits of keys that no job on its way has, once in a while; return how many.

    They are locked first and looked at in a statement of its own, which sees every job of whoever locked them before.
    """
    if not take_turn(session, "concurrency.forget_unused", every_s=FORGET_EVERY_S):
        return 0
    names = session.scalars(
        select(ConcurrencyLimit.name)
        .where(ConcurrencyLimit.name.startswith(KEY_PREFIX, autoescape=True))
        .with_for_update(skip_locked=True)
    ).all()
    gone: Any = session.execute(_FORGET, {"names": names})
    return int(gone.rowcount)


def _put(session: Session, rows: Sequence[Mapping[str, Any]], *, where: Any = None) -> None:
    new = insert(ConcurrencyLimit)
    session.execute(
        new.on_conflict_do_update(
            index_elements=[ConcurrencyLimit.name],
            set_={"max_running": new.excluded.max_running, "declared": new.excluded.declared},
            where=where,
        ),
        rows,
    )


def _tell_relays(session: Session) -> None:
    session.execute(select(func.pg_notify(CHANNEL, ConcurrencyLimit.__tablename__)))


_FIGURES = text(
    """
SELECT split_part(name, ':', 1), coalesce(tenants.slug, split_part(name, ':', 2)), max_running, declared,
  (SELECT count(*) FROM jobs WHERE state = 'running' AND name = ANY(gates_of(gates, kind, tenant_id, queue, priority)))
FROM concurrency_limits LEFT JOIN tenants ON name = 'tenant:' || tenants.id
WHERE name NOT LIKE 'key:%' AND name NOT LIKE 'low:%' ORDER BY name
"""
)
_FORGET = text(
    """
DELETE FROM concurrency_limits WHERE name = ANY(:names) AND NOT EXISTS (
  SELECT FROM jobs WHERE gates @> ARRAY[name] AND gates <> '{}'
    AND state NOT IN ('cancelled', 'expired', 'failed', 'succeeded')
)
"""
)
