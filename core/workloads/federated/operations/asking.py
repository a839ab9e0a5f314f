"""What a round's job is asked: the federation's strategy, what members have sent, and who of them trains here."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.jobs.submission import JobRequest
from core.workloads.federated import kinds, strategy_settings
from core.workloads.federated.operations import connections, federations
from core.workloads.federated.operations import holding as kept
from core.workloads.federated.operations.models import FederationRow, MemberRow, UpdateRow

TAG = "federation"


def trainers(session: Session, row: FederationRow, sent: Sequence[UpdateRow]) -> Sequence[MemberRow]:
    """Return the members who train here: those whose data are known and who have sent nothing themselves."""
    if row.training is None:
        return []
    mine = (MemberRow.federation_id == row.id, MemberRow.data.is_not(None))
    found = session.scalars(select(MemberRow).where(*mine).order_by(MemberRow.name)).all()
    names = {one.member for one in sent}
    return [one for one in found if one.name not in names]


def make_request(
    session: Session, row: FederationRow, sent: Sequence[UpdateRow], privacy: dict[str, Any] | None
) -> JobRequest:
    """Make the request; what a federation's root has sent or has data for is trusted and not counted.

    `privacy` are the terms that the ledger admitted the round on.
    """
    here = trainers(session, row, sent)
    model = federations.latest_model(session, row)
    version = None if model is None else model.version
    params: dict[str, Any] = {
        "updates": [_update(session, row, one, version) for one in sent if one.member != row.root],
        "strategy": row.strategy,
        "settings": row.settings,
        "form": row.form,
        "at_least": row.quorum,
        "privacy": privacy,
        "gossip": connections.terms(session, row),
        **row.bounds,
    }
    if model is not None:
        params["model"] = kept.lend(session, row.tenant_id, model.artifact_id)
        if model.moments_id is not None and row.strategy in strategy_settings.REMEMBERING:
            params["moments"] = kept.lend(session, row.tenant_id, model.moments_id)
    for one in sent:
        if one.member == row.root:
            params["trusted"] = kept.lend(session, row.tenant_id, one.artifact_id)
    if row.training is None:
        return JobRequest(kinds.AGGREGATE, params, tags=[TAG, f"federation:{row.id}"])
    data = {one.name: _lent(session, row, one.data or {}) for one in here}
    root = data.pop(row.root, None) if row.root is not None else None
    params["members"] = [{"client": name, "data": given} for name, given in data.items()]
    params["training"] = {**row.training, "root": root}
    return JobRequest(kinds.ROUND, params, tags=[TAG, f"federation:{row.id}"])


def _lent(session: Session, row: FederationRow, data: Mapping[str, Any]) -> Mapping[str, Any]:
    return kept.lend(session, row.tenant_id, UUID(data["artifact"])) if "artifact" in data else data


def _update(session: Session, row: FederationRow, update: UpdateRow, version: int | None) -> dict[str, Any]:
    late = 0 if version is None or update.began_with is None else version - update.began_with
    facts: dict[str, Any] = {"client": update.member, "weight": update.weight, "staleness": late}
    if update.loss is not None:
        facts["loss"] = update.loss
    return {**facts, "update": kept.lend(session, row.tenant_id, update.artifact_id)}
