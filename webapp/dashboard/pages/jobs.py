"""Jobs: found by search and filter, page by page, and many of them changed at once."""

from collections.abc import Mapping
from uuid import UUID

from flask import Blueprint, Response, request
from marshmallow import fields
from marshmallow.validate import Length, OneOf, Range

from core.jobs import bulk, listing
from core.jobs.queries import JobFilter
from core.jobs.selection import Selection
from core.jobs.states import State
from webapp.cursors import after_job, job_cursor
from webapp.dashboard.frame import filled, page, rendered
from webapp.operations import Call
from webapp.parsing import load
from webapp.schemas.bulk import BulkAction
from webapp.schemas.jobs import JobsFilter
from webapp.schemas.values import Strict

blueprint = Blueprint("jobs", __name__)

PER_PAGE = 50
FILTERS = tuple(JobsFilter().fields)
ACTIONS = {"cancel": (bulk.cancel, "jobs:cancel"), "retry": (bulk.retry, "jobs:retry")}


class ListQuery(JobsFilter):
    """Which jobs, and behind which one."""

    cursor = fields.String(load_default=None, validate=Length(max=200))
    limit = fields.Integer(load_default=PER_PAGE, validate=Range(1, 200))


class Choice(Strict):
    """What is to be done with many jobs, and whether that was seen before."""

    action = fields.String(required=True, validate=OneOf(list(ACTIONS)))
    scope = fields.String(load_default="chosen", validate=OneOf(["chosen", "found"]))
    confirmed = fields.String(load_default="")


@page(blueprint, "GET /jobs", "jobs:read", query=ListQuery)
def list_jobs(call: Call) -> Response:
    """List jobs, newest first."""
    asked = call.query
    chosen = JobFilter(**{name: asked[name] for name in FILTERS})
    limit = asked["limit"]
    found = call.read_list(
        lambda session: listing.list_jobs(
            session,
            call.principal.tenant_id,
            chosen,
            limit=limit,
            after=after_job(asked["cursor"], newest_first=True),
            brief=True,
        )
    )
    return rendered(
        "jobs.html",
        jobs=found.rows,
        next_cursor=None if found.next_after is None else job_cursor(found.next_after, newest_first=True),
        left_off=found.next_after is not None and len(found.rows) < limit,
        asked={name: request.args[name] for name in FILTERS if request.args.get(name)},
        behind=asked["cursor"] is not None,
        states=[str(state) for state in State],
        kinds=list(call.process.catalogue.kinds),
    )


@page(blueprint, "POST /jobs/bulk", "jobs:read")
def change_jobs(call: Call) -> Response:
    """Show what an action on many jobs would change; once that was seen, carry it out."""
    form = request.form.to_dict()
    choice = load(Choice(), {name: form[name] for name in ("action", "scope", "confirmed") if name in form})
    action, permission = ACTIONS[choice["action"]]
    call.principal.require(permission)
    sent = _aim(choice)
    asked = load(BulkAction(), sent)
    selection = Selection(
        JobFilter(**(asked["filter"] or {})),
        ids=asked["ids"],
        after=UUID(form["cursor"]) if form.get("cursor") else None,
    )
    confirmed = bool(choice["confirmed"])
    tally = action(call.database, call.principal.tenant_id, selection, dry_run=not confirmed)
    return rendered(
        "bulk.html",
        choice=choice,
        tally=tally,
        confirmed=confirmed,
        ids=sent.get("ids", []),
        filter=sent.get("filter", {}),
    )


def _aim(choice: Mapping[str, str]) -> dict[str, object]:
    """Write what the form aims at as the API would be told it."""
    if choice["scope"] == "chosen":
        return {"ids": request.form.getlist("ids")}
    sent = filled(request.form)
    wanted = {name: sent[name] for name in FILTERS if name in sent}
    return {"filter": wanted, "all": not wanted}
