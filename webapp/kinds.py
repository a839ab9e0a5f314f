"""Kinds as JSON documents and pages show them."""

from dataclasses import asdict
from typing import Any

from core.jobs.documents import API
from core.jobs.kind import JobKind
from webapp.openapi import json_schema


def kind_document(kind: JobKind, typical_run_s: float | None) -> dict[str, Any]:
    """Write one kind."""
    return {
        "name": kind.name,
        "summary": kind.summary,
        "version": kind.version,
        "queue": kind.queue,
        "params_schema": json_schema(kind.params),
        "result_schema": json_schema(kind.result),
        "example": dict(kind.example),
        "limits": asdict(kind.limits),
        "retry": asdict(kind.retry),
        "typical_run_s": typical_run_s,
        "documentation": f"{API}/docs/kinds/{kind.name}",
    }
