"""Accounts, signals and decisions as JSON documents."""

from collections.abc import Sequence
from typing import Any

from core.clock import rfc3339
from core.jobs.documents import API
from core.workloads.customers.operations.trust_models import AccountRow, DecisionRow, SignalRow
from core.workloads.customers.trust.gate import Standing
from core.workloads.customers.trust.health import WEIGHTS, Band, Health, overall


def account_document(row: AccountRow) -> dict[str, Any]:
    """Write an account."""
    plain = {name: getattr(row, name) for name in ("name", "vendor", "currency")}
    links = {"self": f"{API}/ad-accounts/{row.id}", "signals": f"{API}/signals?account={row.id}"}
    linked = {name: getattr(row, name) for name in ("connection_id", "source_id")}
    return {
        "id": str(row.id),
        **plain,
        **{name: None if value is None else str(value) for name, value in linked.items()},
        "asked_at": None if row.asked_at is None else rfc3339(row.asked_at),
        "created_at": rfc3339(row.created_at),
        "links": links,
    }


def signal_document(row: SignalRow) -> dict[str, Any]:
    """Write a window."""
    return {
        "account_id": str(row.account_id),
        "window_end": rfc3339(row.window_end),
        "evidence": row.evidence,
        "received_at": rfc3339(row.received_at),
    }


def trust_document(standing: Standing, healths: Sequence[Health], *, killed: bool) -> dict[str, Any]:
    """Write where trust stands, and why."""
    return {
        "score": overall(healths).low,
        "level": standing.level,
        "mode": "frozen" if killed else standing.mode,
        "killed": killed,
        "weights": dict(WEIGHTS),
        "accounts": [_health(one) for one in healths],
    }


def decision_document(row: DecisionRow, *, whole: bool = False) -> dict[str, Any]:
    """Write a decision; a whole one with its inputs."""
    home = f"{API}/gate-decisions/{row.id}"
    plain = ("action", "risk", "verdict", "score", "level", "reasons", "rule_version")
    return {
        "id": str(row.id),
        **{name: getattr(row, name) for name in plain},
        **({"inputs": row.inputs} if whole else {}),
        "created_at": rfc3339(row.created_at),
        "expires_at": rfc3339(row.expires_at),
        "links": {"self": home, "replay": f"{home}/replay"},
    }


def _health(one: Health) -> dict[str, Any]:
    return {
        "account": one.name,
        "score": one.band.low,
        "not_ruled_out": one.band.high,
        "parts": {name: _band(part) for name, part in one.parts.items()},
        "reasons": one.reasons,
    }


def _band(part: Band) -> dict[str, float]:
    return {"low": round(part.low, 3), "high": round(part.high, 3)}
