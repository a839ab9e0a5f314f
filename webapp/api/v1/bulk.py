"""Cancelling and retrying many jobs by one request."""

from collections.abc import Callable
from uuid import UUID

from flask import Response
from flask_smorest import Blueprint

from core.jobs import bulk
from core.jobs.bulk import Tally
from core.jobs.queries import JobFilter
from core.jobs.selection import Selection
from webapp.operations import Answer, Body, Call, json_answer, operation
from webapp.schemas.bulk import BulkAction, BulkOutcome

blueprint = Blueprint("bulk", __name__, description="Cancelling and retrying many jobs")


@operation(
    blueprint,
    "POST /jobs/cancel",
    "jobs:cancel",
    body=Body(BulkAction),
    answers={200: Answer("What became of the jobs, or with `dry_run` what would", BulkOutcome)},
    problems=(413, 415),
)
def cancel_jobs(call: Call) -> Response:
    """Cancel many jobs.

    A filter finds those that are not final, 10,000 at a time, or fewer where many had to be looked at: go on with
    `next_cursor` until it is null. Workers of running jobs are asked to stop; shards go along with their parents. An
    empty filter needs `"all": true`.
    """
    return _act(call, bulk.cancel)


@operation(
    blueprint,
    "POST /jobs/retry",
    "jobs:retry",
    body=Body(BulkAction),
    answers={200: Answer("What became of the jobs, or with `dry_run` what would", BulkOutcome)},
    problems=(413, 415),
)
def retry_jobs(call: Call) -> Response:
    """Retry many jobs, each as a new attempt.

    A filter finds those that failed, expired or were cancelled, and those that succeeded only if it asks for that
    state; 10,000 at a time, or fewer where many had to be looked at: go on with `next_cursor` until it is null. An
    empty filter needs `"all": true`.
    """
    return _act(call, bulk.retry)


def _act(call: Call, action: Callable[..., Tally]) -> Response:
    asked = call.body
    selection = Selection(
        JobFilter(**(asked["filter"] or {})),
        ids=asked["ids"],
        after=UUID(asked["cursor"]) if asked["cursor"] else None,
    )
    tally = action(call.database, call.principal.tenant_id, selection, dry_run=asked["dry_run"])
    document = {
        "matched": tally.matched,
        "changed": tally.changed,
        "skipped": tally.skipped,
        "dry_run": asked["dry_run"],
        "next_cursor": tally.next_after.hex if tally.next_after else None,
    }
    return json_answer(document)
