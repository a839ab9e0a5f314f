"""The ledger of privacy: what each round of a federation spent, written in the transaction that admits the round.

So no update is read that was not paid for: what is written stays, whatever becomes of the round's job, and a round that
is aggregated anew pays anew. Nothing is ever taken out of it.
"""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.errors import Conflict
from core.workloads.federated.operations.models import FederationRow, RoundRow, SpendingRow
from core.workloads.federated.privacy import budget
from core.workloads.federated.privacy.moments import Releases


class PrivacyPromised(Conflict):
    """Rounds were released under privacy: one without it would void what was promised."""

    code = "privacy_promised"


@dataclass(frozen=True, slots=True)
class Spending:
    """What a federation has spent at its present terms."""

    rounds: int
    epsilon: float
    left: float | None
    clip: float
    """That the next round begins with."""


def admit(session: Session, row: FederationRow, number: int) -> dict[str, Any] | None:
    """Write what a round is to spend, and return the terms that its job keeps to; None without privacy.

    The federation is locked, and the job is submitted in the same transaction. Raises `PrivacyBudgetSpent`.
    """
    if row.privacy is None:
        return None
    earlier = _releases(session, row)
    terms = {**row.privacy, "clip": _clip(session, row, row.privacy)}
    epsilon = budget.charge(earlier, terms, "/privacy/epsilon")
    told = {name: terms[name] for name in ("clip", "noise_multiplier", "sampling", "delta")}
    session.add(
        SpendingRow(
            federation_id=row.id,
            entry=_count(session, row) + 1,
            tenant_id=row.tenant_id,
            number=number,
            epsilon=epsilon,
            **told,
        )
    )
    session.flush()
    spent = [
        {"noise_multiplier": one.noise_multiplier, "sampling": one.sampling, "rounds": one.rounds} for one in earlier
    ]
    return {**terms, "earlier": spent, "key": secrets.token_hex(32)}


def spending(session: Session, row: FederationRow, terms: Mapping[str, Any]) -> Spending:
    """Return what is spent and left."""
    releases = _releases(session, row)
    epsilon = budget.spent(releases, terms)
    return Spending(
        sum(one.rounds for one in releases), epsilon, budget.left(terms, epsilon), _clip(session, row, terms)
    )


def list_entries(
    session: Session, row: FederationRow, *, limit: int, before: int | None = None
) -> Sequence[SpendingRow]:
    """Return entries, newest first, beginning before one."""
    query = select(SpendingRow).where(SpendingRow.federation_id == row.id).order_by(SpendingRow.entry.desc())
    return session.scalars((query if before is None else query.where(SpendingRow.entry < before)).limit(limit)).all()


def refuse_ending(session: Session, row: FederationRow, privacy: Mapping[str, Any] | None) -> None:
    """Raise `PrivacyPromised` where privacy would end that rounds were released under."""
    if privacy is None and _count(session, row):
        raise PrivacyPromised(f"{row.name} has released rounds under privacy; it cannot go on without")


def _count(session: Session, row: FederationRow) -> int:
    return session.scalar(select(func.count()).where(SpendingRow.federation_id == row.id)) or 0


def _releases(session: Session, row: FederationRow) -> list[Releases]:
    by = (SpendingRow.noise_multiplier, SpendingRow.sampling)
    query = select(*by, func.count()).where(SpendingRow.federation_id == row.id).group_by(*by).order_by(*by)
    return [Releases(noise, sampling, rounds) for noise, sampling, rounds in session.execute(query)]


def _clip(session: Session, row: FederationRow, terms: Mapping[str, Any]) -> float:
    """Return the clip of the terms or, where it follows a quantile, what the last published round adapted it to."""
    if terms["quantile"] is None:
        return float(terms["clip"])
    latest = (
        select(RoundRow.outcome)
        .where(RoundRow.federation_id == row.id, RoundRow.outcome["privacy"]["next_clip"].is_not(None))
        .order_by(RoundRow.number.desc())
        .limit(1)
    )
    outcome = session.scalar(latest)
    return float(terms["clip"] if outcome is None else outcome["privacy"]["next_clip"])
