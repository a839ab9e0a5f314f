"""Retention beside that of jobs: how long each sort of record is kept, by the platform's rule or the tenant's own."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import delete, func, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from core.database import Database
from core.errors import Missing
from core.platform.audit.chain import Ends, lock_ends, sign
from core.platform.audit.models import AuditEntry, AuditHead
from core.platform.erasure.models import RetentionRule

DAYS: Mapping[str, int] = {"audit": 365, "alerts": 90, "notifications": 30, "deliveries": 7}
"""How many days each sort is kept unless a tenant has a rule of its own."""
LONGEST_DAYS = 3650
BATCH = 1_000


class SubjectUnknown(Missing):
    """Nothing of this name is kept."""

    code = "retention_subject_unknown"


@dataclass(frozen=True, slots=True)
class Kept:
    """How long one sort of record is kept."""

    subject: str
    days: int
    of_its_own: bool


def read_rules(session: Session, tenant_id: UUID) -> list[Kept]:
    """Return the rules that hold for a tenant."""
    rows = session.execute(select(RetentionRule).where(RetentionRule.tenant_id == tenant_id)).scalars()
    own = {rule.subject: rule.days for rule in rows}
    return [Kept(subject, own.get(subject, days), subject in own) for subject, days in DAYS.items()]


def set_rule(session: Session, tenant_id: UUID, subject: str, days: int | None) -> None:
    """Give a tenant a rule of its own, or the platform's again for None; raises `SubjectUnknown`."""
    if subject not in DAYS:
        raise SubjectUnknown(f"there is no {subject!r}; there are {', '.join(DAYS)}")
    mine = (RetentionRule.tenant_id == tenant_id, RetentionRule.subject == subject)
    if days is None:
        session.execute(delete(RetentionRule).where(*mine))
        return
    made = insert(RetentionRule).values(tenant_id=tenant_id, subject=subject, days=days)
    session.execute(made.on_conflict_do_update(index_elements=["tenant_id", "subject"], set_={"days": days}))


def forget(database: Database) -> dict[str, int]:
    """Forget a portion of what is past its time, of each sort; return how much of each went."""
    gone = {}
    for subject, statement in _FORGET.items():
        with database.transaction() as session:
            gone[subject] = len(session.execute(statement, {"default": DAYS[subject], "limit": BATCH}).all())
    with database.statements() as session:
        owing = session.execute(_OWING, {"default": DAYS["audit"]}).all()
    gone["audit"] = 0
    for tenant_id, days in owing:
        with database.transaction() as session:
            gone["audit"] += forget_trail(session, tenant_id, days)
    return gone


def forget_trail(session: Session, tenant_id: UUID, days: int) -> int:
    """Take the beginning of a trail away, and sign where it begins by now; what is left stays verifiable."""
    ends = lock_ends(session, tenant_id)
    old = AuditEntry.at < func.now() - func.make_interval(0, 0, 0, days)
    mine = (AuditEntry.tenant_id == tenant_id, AuditEntry.seq > ends.base_seq, AuditEntry.seq <= ends.base_seq + BATCH)
    young = session.scalar(select(func.min(AuditEntry.seq)).where(*mine, ~old))
    chosen = select(AuditEntry.seq, AuditEntry.hash).where(*mine)
    if young is not None:
        chosen = chosen.where(AuditEntry.seq < young)
    last = session.execute(chosen.order_by(AuditEntry.seq.desc()).limit(1)).one_or_none()
    if last is None or last.seq is None or last.hash is None:
        return 0
    sign(session, Ends(tenant_id, last.seq, last.hash, ends.seq, ends.hash))
    gone = delete(AuditEntry).where(AuditEntry.tenant_id == tenant_id, AuditEntry.seq <= last.seq)
    return len(session.execute(gone.returning(AuditEntry.id)).all())


def _forgetting(table: str, subject: str, is_over: str, since: str) -> str:
    return f"""
DELETE FROM {table} WHERE ctid = ANY(ARRAY(
  SELECT old.ctid FROM {table} AS old
  LEFT JOIN retention_rules AS rule ON rule.tenant_id = old.tenant_id AND rule.subject = '{subject}'
  WHERE old.{since} < now() - make_interval(days => coalesce(rule.days, :default)) AND {is_over}
  LIMIT :limit FOR UPDATE OF old SKIP LOCKED))
RETURNING 1
"""  # noqa: S608 - made of the constants below, never of input


_FORGET = {
    "alerts": text(_forgetting("alerts", "alerts", "old.state = 'resolved'", "resolved_at")),
    "notifications": text(_forgetting("notifications", "notifications", "old.next_attempt_at IS NULL", "created_at")),
    "deliveries": text(_forgetting("webhook_deliveries", "deliveries", "old.next_attempt_at IS NULL", "created_at")),
}
_OWING = text(
    f"""
SELECT head.tenant_id, coalesce(rule.days, :default) AS days FROM {AuditHead.__tablename__} AS head
LEFT JOIN retention_rules AS rule ON rule.tenant_id = head.tenant_id AND rule.subject = 'audit'
WHERE EXISTS (
  SELECT FROM audit_entries AS entry WHERE entry.tenant_id = head.tenant_id AND entry.seq = head.base_seq + 1
    AND entry.at < now() - make_interval(days => coalesce(rule.days, :default)))
"""  # noqa: S608 - made of the constant above, never of input
)
