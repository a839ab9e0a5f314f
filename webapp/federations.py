"""Federations, rounds, updates and models as JSON documents."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from core.clock import rfc3339
from core.jobs.documents import API
from core.workloads.federated.operations.models import (
    ConnectionRow,
    FederationRow,
    MemberRow,
    ModelRow,
    RoundRow,
    SpendingRow,
    UpdateRow,
)

_PARTS = ("members", "rounds", "models", "privacy", "topology", "connections")
BOUNDS = ("max_bytes", "max_norm", "clip_norm")


def federation_document(row: FederationRow) -> dict[str, Any]:
    """Write a federation."""
    home = f"{API}/federations/{row.id}"
    plain = ("name", "description", "strategy", "settings", "form", "quorum", "privacy", "topology")
    return {
        "id": str(row.id),
        **{name: getattr(row, name) for name in plain},
        **{name: row.bounds.get(name) for name in BOUNDS},
        "training": row.training,
        "root": row.root,
        "created_at": rfc3339(row.created_at),
        "links": {"self": home, **{name: f"{home}/{name}" for name in _PARTS}},
    }


def member_document(row: MemberRow) -> dict[str, Any]:
    """Write a member."""
    return {"name": row.name, "data": row.data, "joined_at": rfc3339(row.joined_at)}


def round_document(row: RoundRow, updates: int) -> dict[str, Any]:
    """Write a round, and how many updates it has."""
    home = f"{API}/federations/{row.federation_id}/rounds/{row.number}"
    return {
        **{name: getattr(row, name) for name in ("number", "status", "began_with", "reason", "outcome")},
        "updates": updates,
        "enough": row.enough,
        "closes_at": _instant(row.closes_at),
        "opened_at": rfc3339(row.opened_at),
        "settled_at": _instant(row.settled_at),
        "links": {
            "self": home,
            "updates": f"{home}/updates",
            "aggregate": f"{home}/aggregate",
            "job": None if row.job_id is None else f"{API}/jobs/{row.job_id}",
        },
    }


def update_document(row: UpdateRow) -> dict[str, Any]:
    """Write an update."""
    told = {name: getattr(row, name) for name in ("member", "weight", "loss", "began_with")}
    return {**told, "bytes": row.size, "sent_at": rfc3339(row.sent_at)}


def model_document(row: ModelRow) -> dict[str, Any]:
    """Write a version of a model."""
    home = f"{API}/federations/{row.federation_id}/models/{row.version}"
    links = {"self": home, "content": f"{home}/content"}
    return {"version": row.version, "round": row.number, "created_at": rfc3339(row.created_at), "links": links}


def topology_document(row: FederationRow, parts: Sequence[Sequence[str]], connections: int) -> dict[str, Any]:
    """Write a topology, and the members that hang together over it, the largest part first."""
    laid = row.topology or {"shape": None, "tolerance": None, "rounds": None}
    told = {name: laid.get(name) for name in ("shape", "probability", "degree", "seed", "tolerance", "rounds")}
    return {
        **told,
        "members": sum(map(len, parts)),
        "connections": connections,
        "cut_off": [name for part in parts[1:] for name in part],
        "links": {"connections": f"{API}/federations/{row.id}/connections"},
    }


def connection_document(row: ConnectionRow) -> dict[str, Any]:
    """Write a connection."""
    return {"one": row.one, "other": row.other, "connected_at": rfc3339(row.connected_at)}


def entry_document(row: SpendingRow) -> dict[str, Any]:
    """Write an entry of the ledger of privacy."""
    told = {name: getattr(row, name) for name in ("entry", "clip", "noise_multiplier", "sampling", "epsilon", "delta")}
    return {**told, "round": row.number, "admitted_at": rfc3339(row.admitted_at)}


def _instant(value: datetime | None) -> str | None:
    return None if value is None else rfc3339(value)
