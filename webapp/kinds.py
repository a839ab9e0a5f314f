"""Kinds as JSON documents and pages show them."""

from dataclasses import asdict
from typing import Any
from uuid import UUID, uuid4

from core.jobs.documents import API
from core.jobs.kind import JobKind
from core.platform.cache.tiers import Lifetime
from webapp.openapi import json_schema
from webapp.process import WebProcess

DECLARED = Lifetime(fresh_s=86_400.0)
_CODE = uuid4()
"""Stands for the declarations that were loaded here, before this process and its siblings were forked."""


def tenants_kind_document(process: WebProcess, kind: JobKind, tenant_id: UUID) -> dict[str, Any]:
    """Write a kind as a tenant sees it; what is declared is written once for all processes."""
    declared: dict[str, Any] = process.cache.get(
        f"kind:{_CODE}:{kind.name}", lambda: kind_document(kind, None), DECLARED
    )
    return {**declared, "typical_run_s": process.run_times.typical_s(tenant_id, kind.name)}


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
