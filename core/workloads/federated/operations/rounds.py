"""Rounds: opened, sent to, aggregated, settled.

What a round's job leaves is settled once, by whoever looks next: the model becomes a version of the federation's own.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from core.clock import Clock, rfc3339
from core.errors import Conflict, FieldError, Invalid, Missing
from core.jobs.models import Artifact, Job
from core.jobs.states import FINAL, State
from core.jobs.submission import submit
from core.platform.access import Principal
from core.platform.bus import publishing
from core.platform.bus.topic import News
from core.workloads.federated.operations import asking, federations, ledger
from core.workloads.federated.operations import holding as kept
from core.workloads.federated.operations.models import FederationRow, MemberRow, RoundRow, UpdateRow
from core.workloads.federated.topics import ROUND_OPENED, ROUND_SETTLED

KEPT_ROUNDS = 1_000
"""Of a federation, the newest."""
_TOLD = (
    "strategy",
    "counted",
    "clients",
    "suspected",
    "refused",
    "values",
    "change_norm",
    "precision",
    "privacy",
    "gossip",
    "before",
    "after",
)


class RoundMissing(Missing):
    """The federation has no such round."""

    code = "round_missing"


class RoundUnsettled(Conflict):
    """The round before is not settled yet."""

    code = "round_unsettled"


class RoundClosed(Conflict):
    """The round takes no more updates, or is aggregated already."""

    code = "round_closed"


class QuorumMissed(Conflict):
    """Fewer members have sent an update than the round takes."""

    code = "quorum_missed"


class RootMissing(Conflict):
    """The strategy measures all by the root's update, and the federation has no root."""

    code = "root_missing"


class SenderUnknown(Invalid):
    """Whoever sends an update has to be a member of the federation."""

    code = "sender_unknown"


def open_round(
    session: Session, row: FederationRow, *, closes_at: datetime | None = None, enough: int | None = None
) -> RoundRow:
    """Open the next round and invite the members; the federation is locked. Raises `RoundUnsettled`.

    With `closes_at` or `enough` it closes by itself (`closing.py`).
    """
    latest = refuse_unsettled(session, row)
    model = federations.latest_model(session, row)
    made = RoundRow(
        federation_id=row.id,
        number=1 if latest is None else latest.number + 1,
        tenant_id=row.tenant_id,
        status="open",
        began_with=None if model is None else model.version,
        closes_at=closes_at,
        enough=enough,
    )
    session.add(made)
    session.flush()
    session.refresh(made)
    _forget_rounds(session, row, made.number - KEPT_ROUNDS)
    until = None if closes_at is None else rfc3339(closes_at)
    invitation = {"name": row.name, "round": made.number, "began_with": made.began_with, "closes_at": until}
    publishing.publish(session, row.tenant_id, [News(ROUND_OPENED, str(row.id), invitation)])
    return made


def refuse_unsettled(session: Session, row: FederationRow) -> RoundRow | None:
    """Return the latest round, None where there was none yet; raises `RoundUnsettled` while it goes on."""
    latest = next(iter(list_rounds(session, row, limit=1)), None)
    if latest is not None and latest.status in {"open", "aggregating"}:
        raise RoundUnsettled(f"round {latest.number} of {row.name} is {latest.status}")
    return latest


def list_rounds(session: Session, row: FederationRow, *, limit: int, before: int | None = None) -> Sequence[RoundRow]:
    """Return rounds, newest first, beginning before one."""
    query = select(RoundRow).where(RoundRow.federation_id == row.id).order_by(RoundRow.number.desc()).limit(limit)
    return session.scalars(query if before is None else query.where(RoundRow.number < before)).all()


def read_round(session: Session, row: FederationRow, number: int) -> RoundRow:
    """Return a round; raises `RoundMissing`."""
    found = session.get(RoundRow, (row.id, number), populate_existing=True)
    if found is None:
        raise RoundMissing(f"{row.name} has no round {number}")
    return found


def list_updates(
    session: Session, row: FederationRow, number: int, *, after: str = "", limit: int
) -> Sequence[UpdateRow]:
    """Return what was sent for a round, by member, beginning behind `after`."""
    mine = (UpdateRow.federation_id == row.id, UpdateRow.number == number, UpdateRow.member > after)
    return session.scalars(select(UpdateRow).where(*mine).order_by(UpdateRow.member).limit(limit)).all()


def count_updates(session: Session, row: FederationRow, number: int) -> int:
    """Return how many members have sent something."""
    mine = (UpdateRow.federation_id == row.id, UpdateRow.number == number)
    return session.scalar(select(func.count()).where(*mine)) or 0


def count_present(session: Session, row: FederationRow, found: RoundRow) -> int:
    """Return how many have sent something or train here, the root left out."""
    sent = list_updates(session, row, found.number, limit=federations.MOST_MEMBERS)
    here = [one.member for one in sent] + [one.name for one in asking.trainers(session, row, sent)]
    return sum(name != row.root for name in here)


def send(session: Session, row: FederationRow, number: int, member: str, asked: Mapping[str, Any]) -> UpdateRow:
    """Keep a member's update, in place of the one before; the federation is locked.

    Raises `SenderUnknown`, `RoundClosed`, `ArtifactUnknown`, and `ModelMissing` for a version that never was.
    """
    check_sender(session, row, number, member)
    if asked["began_with"] is not None:
        federations.read_model(session, row, asked["began_with"])
    before = session.get(UpdateRow, (row.id, number, member))
    if before is not None:
        kept.let_go(session, row.tenant_id, [before.artifact_id])
    artifact_id, size = kept.keep(session, row.tenant_id, asked["artifact"])
    fields = {name: asked[name] for name in ("weight", "loss", "began_with")}
    values = {**fields, "artifact_id": artifact_id, "size": size, "sent_at": func.now()}
    key = {"federation_id": row.id, "number": number, "member": member}
    statement = insert(UpdateRow).values(**key, tenant_id=row.tenant_id, **values)
    session.execute(statement.on_conflict_do_update(index_elements=list(key), set_=values))
    return session.get_one(UpdateRow, (row.id, number, member), populate_existing=True)


def check_sender(session: Session, row: FederationRow, number: int, member: str) -> None:
    """Refuse who may not send now; raises `SenderUnknown`, `RoundClosed`, `RoundMissing`."""
    found = _writable(session, row, number)
    now = session.scalar(select(func.now()))
    if found.status == "open" and found.closes_at is not None and now is not None and found.closes_at <= now:
        raise RoundClosed(f"round {number} of {row.name} has closed")
    if session.get(MemberRow, (row.id, member)) is None:
        raise SenderUnknown(errors=[FieldError("/member", f"{row.name} has no member {member!r}")])


def aggregate(session: Session, principal: Principal, row: FederationRow, number: int, *, clock: Clock) -> RoundRow:
    """Have a round aggregated by a job, a failed one anew; the federation is locked.

    Raises `RoundClosed`, `QuorumMissed` and `PrivacyBudgetSpent`, and what submitting raises for params that do not fit
    the strategy.
    """
    found = _writable(session, row, number)
    updates = list_updates(session, row, number, limit=federations.MOST_MEMBERS)
    present = count_present(session, row, found)
    if present < max(row.quorum, 1):
        raise QuorumMissed(f"{present} members are present, {row.quorum} are needed")
    if row.strategy == "fltrust" and row.root is None:
        raise RootMissing(f"{row.name} has no root whose update the server trusts")
    request = asking.make_request(session, row, updates, ledger.admit(session, row, number))
    found.job_id = submit(session, principal, request, clock=clock, quiet=True).job_id
    found.status, found.reason, found.settled_at = "aggregating", None, None
    session.flush()
    return found


def settle(session: Session, row: FederationRow) -> None:
    """Take over what the job of the round that is being aggregated left, if it is final; the federation is locked."""
    open_rounds = select(RoundRow).where(RoundRow.federation_id == row.id, RoundRow.status == "aggregating")
    for found in session.scalars(open_rounds.with_for_update()).all():
        job = session.execute(
            select(Job.state, Job.result, Job.error).where(Job.id == found.job_id, Job.tenant_id == row.tenant_id)
        ).one_or_none()
        if job is not None and job.state not in FINAL:
            continue
        found.settled_at = session.scalar(select(func.now()))
        if job is None or job.state != State.SUCCEEDED or job.result is None:
            told = None if job is None else job.error
            found.status, found.reason = "failed", (told or {}).get("message", "Its job left nothing.")
            _tell_settled(session, row, found)
            continue
        left = select(Artifact.name, Artifact.id).where(
            Artifact.job_id == found.job_id, Artifact.tenant_id == row.tenant_id
        )
        made = {one.name: one.id for one in session.execute(left)}
        moments = None if job.result["moments"] is None else made[job.result["moments"]]
        federations.publish_model(session, row, made[job.result["model"]], moments_id=moments, number=found.number)
        _let_updates_go(session, row, UpdateRow.number == found.number)
        found.status, found.outcome = "published", {name: job.result[name] for name in _TOLD if name in job.result}
        _tell_settled(session, row, found)
    session.flush()


def _tell_settled(session: Session, row: FederationRow, found: RoundRow) -> None:
    told = found.outcome if found.status == "published" and found.outcome else {"counted": None, "suspected": []}
    news = {"name": row.name, "round": found.number, "status": found.status}
    news |= {"counted": told["counted"], "suspected": told["suspected"]}
    publishing.publish(session, row.tenant_id, [News(ROUND_SETTLED, str(row.id), news)])


def _forget_rounds(session: Session, row: FederationRow, last: int) -> None:
    _let_updates_go(session, row, UpdateRow.number <= last)
    session.execute(delete(UpdateRow).where(UpdateRow.federation_id == row.id, UpdateRow.number <= last))
    session.execute(delete(RoundRow).where(RoundRow.federation_id == row.id, RoundRow.number <= last))


def _let_updates_go(session: Session, row: FederationRow, which: ColumnElement[bool]) -> None:
    """Have the files of updates expire; what is told of them stays."""
    mine = select(UpdateRow.artifact_id).where(UpdateRow.federation_id == row.id, which)
    kept.let_go(session, row.tenant_id, list(session.scalars(mine)))


def _writable(session: Session, row: FederationRow, number: int) -> RoundRow:
    """Return a round that is open, or failed and the latest: updates may still mend it."""
    found = read_round(session, row, number)
    latest = next(iter(list_rounds(session, row, limit=1)))
    if found.status not in {"open", "failed"} or latest.number != number:
        raise RoundClosed(f"round {number} of {row.name} is {found.status}")
    return found
