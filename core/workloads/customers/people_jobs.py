"""Jobs about people: who is who resolved, a person exported, a person forgotten."""

import json
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from core.clock import rfc3339, utc_now
from core.jobs.context import JobContext
from core.workloads.customers.operations import (
    audiences,
    consents,
    crm_links,
    erasing,
    people,
    rebuilding,
    resolving,
    segments,
    sources,
)
from core.workloads.customers.operations.people import ProfileMissing

_MOST_EVENTS = 100_000


def resolve(params: dict[str, Any], context: JobContext) -> dict[str, Any]:
    """Resolve what waits, or everything anew, or tell how a rebuild would differ."""
    context.progress(0.0, params["mode"])
    nothing = {"sightings": 0, "changed_profiles": 0, "merges": 0, "refused": 0, "differing": 0}
    with context.transaction() as session:
        sources.lock_people(session, context.tenant_id)
        if params["mode"] == "check":
            compared = rebuilding.compare(session, context.tenant_id)
            rebuilding.tell_differing(session, context.tenant_id, compared["differing"])
            return {**nothing, "mode": "check", "differing": compared["differing"]}
        turn = rebuilding.rebuild if params["mode"] == "rebuild" else rebuilding.resolve_waiting
        return {**nothing, "mode": params["mode"], **turn(session, context.tenant_id)}


def erase(params: dict[str, Any], context: JobContext) -> dict[str, Any]:
    """Forget a person, and have CRMs forget the contact; who is not there is forgotten already."""
    context.progress(0.0, "erasing")
    with context.transaction() as session:
        sources.lock_people(session, context.tenant_id)
        counts = erasing.erase(session, context.tenant_id, params["profile"])
        crm_links.sync_to_forget(session, context.tenant_id, clock=utc_now)
    return {"profile": params["profile"], "counts": counts}


def export(params: dict[str, Any], context: JobContext) -> dict[str, Any]:
    """Write down all that is kept of a person, opened."""
    context.progress(0.0, "gathering")
    tenant_id, number = context.tenant_id, params["profile"]
    with context.transaction() as session:
        try:
            row = people.find(session, tenant_id, number)
        except ProfileMissing:
            return {"profile": number, "found": False, "events": 0}
        events = people.events_of(session, tenant_id, number, limit=_MOST_EVENTS)
        told = {
            "profile": number,
            "traits": row.traits,
            "personal": people.personal_of(session, tenant_id, number),
            "identifiers": [
                {"type": one.type, "value": people.opened(session, tenant_id, one)}
                for one in people.identifiers_of(session, tenant_id, number)
            ],
            "refused": _refused(session, tenant_id, number),
            "segments": [
                {name: value if name == "segment" or value is None else rfc3339(value) for name, value in one.items()}
                for one in segments.memberships_of(session, tenant_id, number)
            ],
            "audiences": audiences.names_of(session, tenant_id, number),
            "consents": consents.standing(session, tenant_id, number),
            "events": [{**one._mapping, "at": rfc3339(one.at)} for one in events],  # noqa: SLF001 - SQLAlchemy's way
        }
    context.save_artifact("profile.json", json.dumps(told, indent=1, sort_keys=True).encode(), "application/json")
    return {"profile": number, "found": True, "events": len(events)}


def _refused(session: Session, tenant_id: UUID, number: int) -> list[dict[str, Any]]:
    """Open what only this person was seen with though a limit refused it, unless somebody said it is another's."""
    apart = {one for pair in resolving.separations(session, tenant_id) for one in pair}
    return [
        {
            "type": one.type,
            "value": people.opened(session, tenant_id, one),
            "consents": consents.standing(session, tenant_id, one.id),
        }
        for one in people.refused_to(session, tenant_id, number)
        if one.id not in apart
    ]
