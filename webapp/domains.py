"""Domains and windows as JSON documents, and what their fields are together."""

import hashlib
import math
from collections.abc import Mapping, Sequence
from statistics import median
from typing import Any

from marshmallow import ValidationError
from sqlalchemy import Row

from core.clock import rfc3339
from core.errors import field_errors
from core.jobs.documents import API
from core.platform.domains import drift
from core.workloads.windows.examples import EXAMPLES
from core.workloads.windows.spec import GeneratorSpec
from webapp.parsing import FieldsInvalid
from webapp.schemas.domains import check_domain

_PLAIN = ("name", "description", "variables", "generator", "window_size", "interval_s", "offset_s", "status", "seed")
_QUANTILES = ("q05", "q25", "median", "q75", "q95")
DEFAULTS: Mapping[str, Any] = {
    "description": "",
    "generator": None,
    "window_size": 100,
    "interval_s": None,
    "offset_s": 0.0,
    "retention_windows": 1000,
}


def domain_document(row: Row[Any]) -> dict[str, Any]:
    """Write one domain."""
    home = f"{API}/domains/{row.id}"
    schedule = None if row.schedule_id is None else f"{API}/schedules/{row.schedule_id}"
    links = {"self": home, "windows": f"{home}/windows", "statistics": f"{home}/statistics", "schedule": schedule}
    return {
        "id": str(row.id),
        **{name: getattr(row, name) for name in _PLAIN},
        "retention_windows": row.retention_windows,
        "schedule_id": None if row.schedule_id is None else str(row.schedule_id),
        "next_index": row.next_index,
        "created_at": rfc3339(row.created_at),
        "updated_at": rfc3339(row.updated_at),
        "links": {**links, "events": f"{API}/events?subject={row.id}"},
    }


def window_document(row: Row[Any]) -> dict[str, Any]:
    """Write one window, without its rows."""
    return {
        "index": row.number,
        "source": row.source,
        "rows": row.rows,
        "continues": row.continues,
        "started_at": rfc3339(row.started_at),
        "stored_at": rfc3339(row.stored_at),
        "bytes": row.size,
        "receipt": row.receipt,
        "variables": row.summary,
        "url": f"{API}/domains/{row.domain_id}/windows/{row.number}/content",
    }


def completed(asked: Mapping[str, Any]) -> dict[str, Any]:
    """Return all fields of a new domain, of an example and defaults where it does not say; raises `FieldsInvalid`."""
    example = EXAMPLES.get(asked.get("example", ""), {})
    like = {**example, "generator": GeneratorSpec().load(example["generator"])} if example else {}
    given = {name: value for name, value in asked.items() if name != "example"}
    fields = {**DEFAULTS, **like, "seed": _seed(asked["name"]), **given}
    refuse_misfits(fields)
    return fields


def refuse_misfits(fields: Mapping[str, Any]) -> None:
    """Raise `FieldsInvalid`, with pointers, for what only shows when the fields of a domain meet."""
    try:
        check_domain(fields["variables"], fields["window_size"], fields["generator"])
    except ValidationError as error:
        found = list(field_errors(error.messages))
        raise FieldsInvalid(f"{len(found)} problem(s) in the domain", errors=found) from None


def statistics_document(
    domain: Row[Any],
    standing: Row[Any] | None,
    latest: Sequence[Row[Any]],
    first: Row[Any] | None,
    figures: Row[Any],
) -> dict[str, Any]:
    """Write what a domain's windows are like, given the latest of them, oldest first."""
    return {
        "stored": {"synthetic": 0, "manual": 0, **(standing.counts if standing else {})},
        "kept": figures.kept,
        "windows_per_minute": round(figures.lately / 10, 3),
        "first": None if first is None else window_document(first),
        "last": window_document(latest[-1]) if latest else None,
        "variables": {name: _pooled([row.summary.get(name, {}) for row in latest]) for name in domain.variables},
        "drift_score": drift.score(standing.drift) if standing else None,
    }


def _pooled(summaries: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    rows = sum(one.get("rows", 0) for one in summaries)
    missing = sum(one.get("missing", 0) for one in summaries)
    there = [one for one in summaries if one.get("mean") is not None]
    told: dict[str, Any] = {"rows": rows, "missing": missing, "mean": None, "sd": None}
    if not there:
        return {**told, **dict.fromkeys(_QUANTILES)}
    counts = [one["rows"] - one["missing"] for one in there]
    mean = sum(n * one["mean"] for n, one in zip(counts, there, strict=True)) / sum(counts)
    squares = sum(n * (one["sd"] ** 2 + (one["mean"] - mean) ** 2) for n, one in zip(counts, there, strict=True))
    told |= {"mean": mean, "sd": math.sqrt(squares / sum(counts))}
    return {**told, **{name: median(one[name] for one in there) for name in _QUANTILES}}


def _seed(name: str) -> int:
    """Return the seed of a domain that does not say one: the same for the same name."""
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:6], "big")
