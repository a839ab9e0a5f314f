"""Workflows as JSON documents."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row

from core.clock import rfc3339
from core.jobs.documents import API, error_document, job_links
from core.jobs.graph import Node, parents_of
from core.jobs.workflow_queries import Read


def workflow_summary(workflow: Read) -> dict[str, Any]:
    """Write one workflow without its jobs."""
    standing = workflow.standing
    home = f"{API}/workflows/{workflow.id}"
    return {
        "id": str(workflow.id),
        "state": standing.state,
        "created_at": rfc3339(workflow.created_at),
        "progress": {"fraction": standing.fraction, "finished": standing.finished, "total": standing.total},
        "counts": dict(sorted(standing.counts.items())),
        "links": {
            "self": home,
            "jobs": f"{API}/jobs?workflow_id={workflow.id}",
            "cancel": f"{home}/cancel",
            "retry": f"{home}/retry",
        },
    }


def workflow_document(workflow: Read, steps: Sequence[Row[Any]], *, debug: bool) -> dict[str, Any]:
    """Write one workflow with its graph; tracebacks are for those who may debug."""
    return {**workflow_summary(workflow), "jobs": {step.name: _step_document(step, debug=debug) for step in steps}}


def _step_document(step: Row[Any], *, debug: bool) -> dict[str, Any]:
    return {
        "id": str(step.id),
        "kind": step.kind,
        "state": step.state,
        "after": list(parents_of(Node(step.after, step.params_from))),
        "params_from": step.params_from,
        "allow_failure": step.allow_failure,
        "progress": step.progress,
        "error": error_document(step.error, debug=debug),
        "links": job_links(str(step.id)),
    }
