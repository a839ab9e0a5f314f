"""Jobs about audiences: a sync planned, a plan applied, an audience written as a file."""

import csv
import io
import tempfile
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from core.clock import database_now
from core.jobs.context import JobContext
from core.workloads.customers.operations import audiences, connections, planning, sweeping, syncing
from core.workloads.customers.operations.audience_models import AudienceRow, PlanRow
from core.workloads.customers.operations.audiences import AudienceMissing


def plan(params: dict[str, Any], context: JobContext) -> dict[str, Any]:
    """Plan the sync of one audience, or of all whose time has come, each in a transaction of its own."""
    context.progress(0.0, "looking")
    named = params["audience"]
    with context.transaction() as session:
        due = sweeping.due(session, context.tenant_id, database_now(session)) if named is None else [named]
    plans = []
    for number, name in enumerate(due):
        context.progress(number / len(due), "planning", name)
        with context.transaction() as session:
            plans.append(_told(session, planning.plan(session, context.tenant_id, name, database_now(session))))
    return {"plans": plans}


def apply(params: dict[str, Any], context: JobContext) -> dict[str, Any]:
    """Apply one plan, or all that wait and need nobody's word; killed anywhere, another attempt goes on."""
    context.progress(0.0, "looking")
    if params["plan"] is None:
        with context.transaction() as session:
            ready = sweeping.ready(session, context.tenant_id)
    else:
        ready = [params["plan"]]
    return {"applied": [_apply(one, context, confirmed=params["confirm"]) for one in ready]}


def _apply(plan_id: UUID, context: JobContext, *, confirmed: bool) -> dict[str, Any]:
    tenant_id = context.tenant_id
    with context.transaction() as session:
        sync = syncing.begin(session, tenant_id, plan_id, context.job_id, confirmed=confirmed)
    ads = connections.reach_ads(sync.connection, context.transaction)
    platform_id = syncing.reach_audience(context.transaction, tenant_id, sync, ads)
    for done, number in enumerate(sync.chunks):
        context.progress(done / len(sync.chunks), "sending", f"{sync.name}: chunk {number}")
        syncing.send(context.transaction, tenant_id, sync, number, ads, platform_id)
    with context.transaction() as session:
        told = syncing.finish(session, tenant_id, sync, database_now(session))
    return {"plan": str(plan_id), "audience": sync.name, **told}


def export(params: dict[str, Any], context: JobContext) -> dict[str, Any]:
    """Write who should be in an audience now as CSV, by the vendor's rules: one column, each key once."""
    context.progress(0.0, "writing")
    told = {"audience": params["audience"], "found": False, "rows": 0, "unusable": 0}
    with tempfile.TemporaryFile() as file, context.transaction() as session:
        try:
            row = audiences.find(session, context.tenant_id, params["audience"])
        except AudienceMissing:
            return told
        lines = io.TextIOWrapper(file, encoding="utf-8", newline="")
        rows, unusable = _write(session, row, csv.writer(lines), context)
        lines.flush()
        file.seek(0)
        context.save_artifact("audience.csv", file, "text/csv")
        lines.detach()
    return {**told, "found": True, "rows": rows, "unusable": unusable}


def _write(session: Session, row: AudienceRow, writer: Any, context: JobContext) -> tuple[int, int]:
    """Write each key once; return how many there are, and of how many identifiers none can be made."""
    seen: set[str] = set()
    unusable = 0
    writer.writerow([row.field])
    found = session.scalars(planning.wanted(row)).all()
    for part in planning.keys_of(session, row, found):
        context.checkpoint()
        fresh = dict.fromkeys(key for _, key in part if key is not None and key not in seen)
        unusable += sum(1 for _, key in part if key is None)
        seen.update(fresh)
        writer.writerows([key] for key in fresh)
    return len(seen), unusable


def _told(session: Session, made: PlanRow) -> dict[str, Any]:
    name = audiences.find(session, made.tenant_id, str(made.audience_id)).name
    return {
        "plan": str(made.id),
        "audience": name,
        **made.counts,
        "needs_confirmation": made.needs_confirmation,
    }
