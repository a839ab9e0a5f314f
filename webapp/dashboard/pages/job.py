"""One job: its life so far, what it says, what it left, where it comes from; and changing it."""

import re
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, request
from sqlalchemy.orm import Session

from core.jobs import cancellation, queries, retrying
from core.jobs.documents import job_document, to_json
from core.jobs.shards import count_shards
from core.jobs.states import FINAL
from webapp.api.v1.artifacts import served
from webapp.controlling import carry_out
from webapp.dashboard.frame import led_on, page, rendered
from webapp.dashboard.gallery import drawing_of
from webapp.dashboard.histories import attempts_of, steps_of
from webapp.dashboard.pages.submitting import AGAIN
from webapp.operations import Call

blueprint = Blueprint("job", __name__)

EVENTS_READ = 1_000
LOG_LINES_SHOWN = 200
_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@page(blueprint, "GET /jobs/<uuid:job_id>", "jobs:read")
def show_job(call: Call, job_id: UUID) -> Response:
    """Show a job."""
    caller = call.principal
    row = queries.read_job(call.database, caller.tenant_id, job_id)
    with call.database.statements() as session:
        steps = steps_of(queries.list_events(session, job_id, limit=EVENTS_READ))
        lines = queries.tail_log_lines(session, job_id, limit=LOG_LINES_SHOWN)
        shards = count_shards(session, job_id) if row["stages"] else None
        left = _artifacts(call, session, row)
        waits_for = queries.list_prerequisites(session, job_id)
    job = job_document(row, debug=caller.may("jobs:debug"), shards=shards)
    return rendered(
        "job.html",
        job=job,
        final=row["state"] in FINAL,
        steps=steps,
        attempts=attempts_of(steps),
        lines=lines,
        artifacts=left,
        waits_for=waits_for,
        source_id=_source_of(job["tags"]),
        typical_s=call.process.run_times.typical_s(caller.tenant_id, row["kind"]),
        known=row["kind"] in call.process.catalogue.kinds,
        **_drawn(row),
    )


@page(blueprint, "POST /jobs/<uuid:job_id>/cancel", "jobs:cancel")
def cancel_job(call: Call, job_id: UUID) -> Response:
    """Cancel a job, or ask its worker to stop."""
    carry_out(call, job_id, cancellation.cancel)
    return led_on("job.show_job", "cancelled", job_id=job_id)


@page(blueprint, "POST /jobs/<uuid:job_id>/retry", "jobs:retry")
def retry_job(call: Call, job_id: UUID) -> Response:
    """Queue a final job for a new attempt."""
    carry_out(call, job_id, retrying.retry)
    return led_on("job.show_job", "retried", job_id=job_id)


@page(blueprint, "GET /jobs/<uuid:job_id>/artifacts/<name>", "artifacts:read")
def send_artifact(call: Call, job_id: UUID, name: str) -> Response:
    """Send an artifact; images are shown in pages, everything else is kept."""
    return served(call, job_id, name)


@page(blueprint, "GET /jobs/<uuid:job_id>/result.json", "jobs:read")
def send_result(call: Call, job_id: UUID) -> Response:
    """Send a job's result as a file."""
    row = queries.read_job(call.database, call.principal.tenant_id, job_id)
    headers = {"Content-Disposition": f'attachment; filename="{row["kind"]}-{job_id}.json"'}
    return Response(to_json(row["result"]), content_type="application/json", headers=headers)


def _artifacts(call: Call, session: Session, row: Mapping[str, Any]) -> list[Any]:
    """Return what is known of a job's artifacts; nothing where only others may have them."""
    kind = call.process.catalogue.kinds.get(row["kind"])
    if not call.principal.may("artifacts:read"):
        return []
    if kind is not None and kind.confidential and not call.principal.may(kind.permission(kind.example)):
        return []
    return list(queries.list_artifacts(session, row["id"]))


def _source_of(tags: Sequence[str]) -> str | None:
    """Return from which job one was run again; tags are anybody's words, so only what is an id counts."""
    named = (tag.removeprefix(AGAIN) for tag in tags if tag.startswith(AGAIN))
    return next((each for each in named if _ID.fullmatch(each)), None)


def _drawn(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return how the result is drawn, and what that takes."""
    drawing, result = drawing_of(row["kind"]), row["result"]
    if drawing is None or result is None or request.args.get("as") == "json":
        return {"drawing": None, "drawn": {}, "scripts": () if drawing is None else drawing.scripts}
    drawn = {"result": result, **drawing.values(row["params"] or {}, result)}
    return {"drawing": drawing, "drawn": drawn, "scripts": drawing.scripts}
