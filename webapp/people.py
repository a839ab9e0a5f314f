"""Sources, profiles, the ledger of identity and consents as JSON documents."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from core.clock import rfc3339
from core.jobs.documents import API
from core.workloads.customers.operations import people
from core.workloads.customers.operations.models import ConsentRow, IdentifierRow, MergeRow, ProfileRow, SourceRow


def source_document(row: SourceRow) -> dict[str, Any]:
    """Write a source."""
    home = f"{API}/sources/{row.id}"
    plain = ("name", "sort", "region", "accepted", "duplicates", "rejected")
    return {
        "id": str(row.id),
        **{name: getattr(row, name) for name in plain},
        "last_event_at": None if row.last_event_at is None else rfc3339(row.last_event_at),
        "created_at": rfc3339(row.created_at),
        "links": {"self": home, "events": f"{home}/events"},
    }


def profile_document(row: ProfileRow) -> dict[str, Any]:
    """Write a profile, without who it is."""
    home = f"{API}/profiles/{row.id}"
    plain = ("id", "lifecycle", "traits", "events", "purchases", "revenue")
    return {
        **{name: getattr(row, name) for name in plain},
        "first_seen": rfc3339(row.first_seen),
        "last_seen": rfc3339(row.last_seen),
        "links": {"self": home, "events": f"{home}/events", "personal": f"{home}/personal"},
    }


def whole_profile(
    session: Session, tenant_id: UUID, row: ProfileRow, consents: Mapping[str, Mapping[str, bool]]
) -> dict[str, Any]:
    """Write a profile with what it is known by, masked."""
    known = people.identifiers_of(session, tenant_id, row.id)
    identifiers = [identifier_document(session, tenant_id, one) for one in known]
    return {**profile_document(row), "identifiers": identifiers, "consents": consents}


def identifier_document(session: Session, tenant_id: UUID, row: IdentifierRow) -> dict[str, Any]:
    """Write an identifier, masked."""
    shown = people.masked(row.type, people.opened(session, tenant_id, row))
    return {"type": row.type, "shown": shown, "blocked": row.blocked, "since": rfc3339(row.created_at)}


def merge_document(row: MergeRow) -> dict[str, Any]:
    """Write an entry of the ledger."""
    plain = {name: getattr(row, name) for name in ("survivor", "absorbed", "outcome", "decided_by")}
    links = {"undo": f"{API}/identities/{row.id}/undo"} if row.outcome == "merged" else {}
    return {"id": str(row.id), **plain, "created_at": rfc3339(row.created_at), "links": links}


def consent_document(row: ConsentRow, kind: str, profile: int | None) -> dict[str, Any]:
    """Write a word on consent."""
    plain = {name: getattr(row, name) for name in ("purpose", "channel", "jurisdiction", "granted", "proof")}
    return {"id": str(row.id), "profile": profile, "type": kind, **plain, "at": rfc3339(row.at)}
