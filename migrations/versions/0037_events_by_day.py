"""Events of jobs in partitions by the day of their job's id.

What there is stays where it lies, as the partition of all days before: that none of it is of a later day is checked
beforehand, beside all work, so that the table is locked for moments alone.
"""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from alembic import op
from sqlalchemy import text

from core.ids import floor_at
from core.protection import ensure_role, protect_by_parent

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None

AHEAD = 14
"""For how many days there are partitions from the start."""
_DAY = timedelta(days=1)
_LIKE = "(LIKE {model} INCLUDING DEFAULTS, CONSTRAINT {key} PRIMARY KEY (job_id, seq))"
_KEY = "ALTER TABLE {} RENAME CONSTRAINT {} TO {}"


def upgrade() -> None:
    """Apply."""
    today = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    fresh = not op.get_bind().scalar(text("SELECT EXISTS (SELECT FROM job_events)"))
    # Clocks of hosts are apart: a day of grace to either side.
    first = today - _DAY if fresh else today + 2 * _DAY
    if not fresh:
        _check_that_all_lies_before(floor_at(first))
    op.execute("LOCK TABLE job_events IN ACCESS EXCLUSIVE MODE")
    op.execute("ALTER TABLE job_events RENAME TO job_events_before")
    op.execute(_KEY.format("job_events_before", "pk_job_events", "pk_job_events_before"))
    like = _LIKE.format(model="job_events_before", key="pk_job_events")
    op.execute(f"CREATE TABLE job_events {like} PARTITION BY RANGE (job_id)")
    protect_by_parent("job_events", "jobs", column="job_id")
    _make_partitions(first, today + AHEAD * _DAY)
    _keep_what_there_was(floor_at(first))
    ensure_role(op.get_bind())


def downgrade() -> None:
    """Take back."""
    op.execute("LOCK TABLE job_events IN ACCESS EXCLUSIVE MODE")
    if op.get_bind().scalar(text("SELECT to_regclass('job_events_before')")) is None:
        op.execute(f"CREATE TABLE job_events_before {_LIKE.format(model='job_events', key='pk_job_events_before')}")
        protect_by_parent("job_events_before", "jobs", column="job_id")
    else:
        op.execute("ALTER TABLE job_events DETACH PARTITION job_events_before")
    op.execute("INSERT INTO job_events_before SELECT * FROM job_events")
    op.execute("DROP TABLE job_events")
    op.execute("ALTER TABLE job_events_before RENAME TO job_events")
    op.execute(_KEY.format("job_events", "pk_job_events_before", "pk_job_events"))
    ensure_role(op.get_bind())


def _check_that_all_lies_before(end: UUID) -> None:
    """Have Postgres know it, unless there are events of jobs with ids of another time: those are moved under the lock.

    Each step is a transaction of its own: the first waits for what is in progress alone, the second stops nobody.
    """
    behind = text("SELECT EXISTS (SELECT FROM job_events WHERE job_id >= :end)")
    with op.get_context().autocommit_block():
        op.execute("ALTER TABLE job_events DROP CONSTRAINT IF EXISTS ck_job_events_before")
        op.execute(f"ALTER TABLE job_events ADD CONSTRAINT ck_job_events_before CHECK (job_id < '{end}') NOT VALID")
        if op.get_bind().scalar(behind, {"end": end}):
            op.execute("ALTER TABLE job_events DROP CONSTRAINT ck_job_events_before")
        else:
            op.execute("ALTER TABLE job_events VALIDATE CONSTRAINT ck_job_events_before")


def _make_partitions(first: datetime, last: datetime) -> None:
    bounds = {"default": "DEFAULT"}
    for day in range((last - first).days):
        begin = first + day * _DAY
        bounds[f"{begin:%Y%m%d}"] = f"FOR VALUES FROM ('{floor_at(begin)}') TO ('{floor_at(begin + _DAY)}')"
    for name, values in bounds.items():
        op.execute(f"CREATE TABLE job_events_{name} PARTITION OF job_events {values}")
        protect_by_parent(f"job_events_{name}", "jobs", column="job_id")


def _keep_what_there_was(end: UUID) -> None:
    bind = op.get_bind()
    bind.execute(text(_MOVE), {"end": end})
    if not bind.scalar(text("SELECT EXISTS (SELECT FROM job_events_before)")):
        op.execute("DROP TABLE job_events_before")
        return
    op.execute(f"ALTER TABLE job_events ATTACH PARTITION job_events_before FOR VALUES FROM (MINVALUE) TO ('{end}')")
    op.execute("ALTER TABLE job_events_before DROP CONSTRAINT IF EXISTS ck_job_events_before")


_MOVE = """
WITH behind AS (DELETE FROM job_events_before WHERE job_id >= :end RETURNING *)
INSERT INTO job_events SELECT * FROM behind
"""
