"""Domains: sources of windows, generated at times or uploaded; made, read, changed, paused, cloned, removed."""

from typing import Any

from flask import Response
from flask_smorest import Blueprint
from sqlalchemy import Row
from sqlalchemy.orm import Session

from core.clock import database_now
from core.platform.domains import windows
from core.workloads.windows import domains
from core.workloads.windows.examples import EXAMPLES
from webapp.domains import completed, domain_document, refuse_misfits, statistics_document
from webapp.operations import Answer, Body, Call, json_answer, operation, page_answer
from webapp.schemas.domains import (
    CloneRequest,
    DomainChange,
    DomainDocument,
    DomainList,
    DomainRequest,
    DomainsQuery,
    DomainStatistics,
    ExampleList,
)

blueprint = Blueprint("domains", __name__, description="Sources of windows of data")

_NOW = {200: Answer("The domain as it is now", DomainDocument)}


@operation(
    blueprint,
    "GET /domains",
    "domains:read",
    query=DomainsQuery,
    answers={200: Answer("One page of domains", DomainList)},
)
def list_domains(call: Call) -> Response:
    """List domains, newest first."""
    query, limit = call.query, call.query["limit"]
    with call.database.statements() as session:
        rows = domains.list_domains(
            session, call.principal.tenant_id, limit=limit + 1, after=query["cursor"], status=query["status"]
        )
    page = [domain_document(row) for row in rows[:limit]]
    return page_answer(page, page[-1]["id"] if len(rows) > limit else None)


@operation(
    blueprint,
    "POST /domains",
    "domains:write",
    body=Body(DomainRequest),
    answers={201: Answer("The domain", DomainDocument, headers={"Location": "Its address"})},
    problems=(409, 413, 415),
)
def create_domain(call: Call) -> Response:
    """Make a domain; with a generator and an interval it begins to generate windows by itself."""
    return _made(call, lambda session, now: domains.create(*_who(call, session), completed(call.body), now=now))


@operation(
    blueprint,
    "GET /domains/examples",
    "domains:read",
    answers={200: Answer("What `example` may name", ExampleList)},
)
def list_examples(call: Call) -> Response:
    """List the domains that are ready to be made."""
    del call
    return page_answer([{"name": name, **example} for name, example in EXAMPLES.items()])


@operation(blueprint, "GET /domains/<domain>", "domains:read", answers=_NOW, problems=(404,))
def read_domain(call: Call, domain: str) -> Response:
    """Read a domain, by its id or its name."""
    with call.database.statements() as session:
        return json_answer(domain_document(domains.get_domain(session, call.principal.tenant_id, domain)))


@operation(
    blueprint,
    "PATCH /domains/<domain>",
    "domains:write",
    body=Body(DomainChange),
    answers=_NOW,
    problems=(404, 409, 413, 415),
)
def change_domain(call: Call, domain: str) -> Response:
    """Change some fields of a domain.

    A new generator holds for the windows to come. Variables and window size stay as they are once there are windows.
    """
    with call.database.transaction() as session:
        before = domains.get_domain(session, call.principal.tenant_id, domain)
        refuse_misfits({**before._asdict(), **call.body})
        row = domains.change(*_who(call, session), domain, call.body, now=database_now(session))
    return json_answer(domain_document(row))


@operation(
    blueprint,
    "DELETE /domains/<domain>",
    "domains:write",
    answers={204: Answer("It is gone")},
    problems=(404,),
)
def remove_domain(call: Call, domain: str) -> Response:
    """Remove a domain with its windows and its schedule; its jobs and their artifacts stay."""
    with call.database.transaction() as session:
        domains.remove(session, call.principal.tenant_id, domain)
    return Response(status=204)


@operation(blueprint, "POST /domains/<domain>/pause", "domains:write", answers=_NOW, problems=(404, 409))
def pause_domain(call: Call, domain: str) -> Response:
    """Generate no windows until it is resumed; what falls into the pause is not made up for."""
    return _set_status(call, domain, "paused")


@operation(blueprint, "POST /domains/<domain>/resume", "domains:write", answers=_NOW, problems=(404, 409))
def resume_domain(call: Call, domain: str) -> Response:
    """Go on generating windows."""
    return _set_status(call, domain, "active")


@operation(blueprint, "POST /domains/<domain>/stop", "domains:write", answers=_NOW, problems=(404, 409))
def stop_domain(call: Call, domain: str) -> Response:
    """Generate no windows any more, for good; those that there are can be read."""
    return _set_status(call, domain, "stopped")


@operation(
    blueprint,
    "POST /domains/<domain>/clone",
    "domains:write",
    body=Body(CloneRequest),
    answers={201: Answer("The new domain", DomainDocument, headers={"Location": "Its address"})},
    problems=(404, 409, 413, 415),
)
def clone_domain(call: Call, domain: str) -> Response:
    """Make another domain like this one, without its windows; with the same seed they will be the same again."""

    def clone(session: Session, now: Any) -> Row[Any]:
        row = domains.clone(*_who(call, session), domain, call.body, now=now)
        refuse_misfits(row._asdict())
        return row

    return _made(call, clone)


@operation(
    blueprint,
    "GET /domains/<domain>/statistics",
    "domains:read",
    answers={200: Answer("What its windows are like", DomainStatistics)},
    problems=(404,),
)
def read_domain_statistics(call: Call, domain: str) -> Response:
    """Read what a domain's windows are like: counts, pace, each variable, how far it has drifted."""
    tenant_id = call.principal.tenant_id
    with call.database.statements() as session:
        row = domains.get_domain(session, tenant_id, domain)
        standing = domains.read_standing(session, tenant_id, row.id)
        latest = windows.list_latest(session, tenant_id, row.id)
        first = windows.list_windows(session, tenant_id, row.id, limit=1)
        figures = windows.count(session, tenant_id, row.id)
    return json_answer(statistics_document(row, standing, latest, first[0] if first else None, figures))


def _set_status(call: Call, domain: str, status: str) -> Response:
    with call.database.transaction() as session:
        row = domains.set_status(*_who(call, session), domain, status, now=database_now(session))
    return json_answer(domain_document(row))


def _made(call: Call, make: Any) -> Response:
    with call.database.transaction() as session:
        document = domain_document(make(session, database_now(session)))
    return json_answer(document, 201, {"Location": document["links"]["self"]})


def _who(call: Call, session: Session) -> tuple[Session, Any, Any]:
    return session, call.principal, call.process.catalogue.find
