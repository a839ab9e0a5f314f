"""`penstock bench access`: what authentication, tenancy, rate limits and the audit trail add to a bare endpoint.

Both sides read the same job by the same prepared statement and answer the same document behind the same edge. Counted
is the processor time of the web process, and that of Postgres and Redis beside it.
"""

import argparse
import os
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from io import StringIO
from pathlib import Path
from typing import Any

import psutil
from flask import Flask, Response
from flask_smorest import Blueprint
from job_costs.bed import Bed, laid
from job_costs.figures import Figure, Target, spread
from job_costs.reporting import report
from werkzeug.test import EnvironBuilder, run_wsgi_app

from core.clock import utc_now
from core.config import read_settings
from core.jobs import queries
from core.jobs.documents import job_document
from core.jobs.submission import JobRequest, submit_at_once
from core.platform.access import Principal, Role
from core.platform.tenants import LOCAL_TENANT, ensure_tenant
from webapp.access_log import AccessLog
from webapp.app import create_app
from webapp.edge import Edge
from webapp.openapi import described
from webapp.operations import Answer, Call, json_answer, operation
from webapp.process import EXTENSION, WebProcess

ALLOWED_MS = 1.5
Send = Callable[[], None]


def main(argv: Sequence[str] | None = None) -> int:
    """Measure and print the table; 0 when every target is met."""
    options = _options(argv)
    with (
        tempfile.TemporaryDirectory(prefix="penstock-bench-") as root,
        laid(Path(root), peers=None, quick=True, history=0) as bed,
    ):
        figures = list(_figures(bed, options))
    surroundings = {"cores": os.cpu_count(), "load before": os.getloadavg()[2], "requests a round": options.requests}
    report(figures, surroundings, as_json=options.json)
    return int(any(figure.met is False for figure in figures))


def _figures(bed: Bed, options: argparse.Namespace) -> Iterator[Figure]:
    os.environ.update(bed.environ)
    sys.stderr = (bed.root / "access.log").open("w")  # a line for each request
    app = create_app(replace(read_settings(), rate_limit=10**9))
    process: WebProcess = app.extensions[EXTENSION]
    mine, theirs = _job_of(process, LOCAL_TENANT), _job_of(process, "neighbour")
    described(app).register_blueprint(_guarded(mine), url_prefix="/api/v1")
    bare = _sender(_bare(process, mine), "GET", "/bare", expect=200)
    read = _sender(app.wsgi_app, "GET", "/api/v1/bench", bed.api_key, expect=200)
    for clock, where in ((time.process_time, "web process"), (_cpu_s, "with Postgres and Redis")):
        yield _added(f"reading: authentication, tenancy, rate limit; {where}", read, bare, options, clock)
    change = _sender(app.wsgi_app, "POST", "/api/v1/bench", bed.api_key, expect=200)
    for clock, where in ((time.process_time, "web process"), (_cpu_s, "with Postgres and Redis")):
        yield _added(
            f"changing: the same, and a durable entry of the audit trail; {where}", change, bare, options, clock
        )
    another = _sender(app.wsgi_app, "GET", f"/api/v1/jobs/{theirs}", bed.api_key, expect=404)
    nobodys = _sender(app.wsgi_app, "GET", f"/api/v1/jobs/{uuid.uuid4()}", bed.api_key, expect=404)
    yield _apart("404 of another tenant's job", another, nobodys, options)
    process.database.engine.dispose()


def _added(name: str, ours: Send, bare: Send, options: argparse.Namespace, clock: Callable[[], float]) -> Figure:
    """Judge how many milliseconds of processor time a request takes on top of the bare one's."""
    rounds = _rounds(ours, bare, options, clock)
    more = spread([1000 * (mine - theirs) for mine, theirs in rounds])
    told = f"{spread([1000 * mine for mine, _ in rounds]).written('ms')}"
    beside = f"bare: {spread([1000 * theirs for _, theirs in rounds]).written('ms')}"
    target = Target(at_most=ALLOWED_MS, unit="ms more")
    return Figure(
        name, target.written(), f"{more.written('ms more')}, in all {told}", beside, met=target.met(more.median)
    )


def _apart(name: str, ours: Send, other: Send, options: argparse.Namespace) -> Figure:
    """Judge whether two answers can be told apart by the time until they come."""
    rounds = _rounds(ours, other, options, time.perf_counter)
    ratio = spread([mine / theirs for mine, theirs in rounds])
    target = Target(at_least=0.9, at_most=1.1)
    told = spread([1000 * mine for mine, _ in rounds]).written("ms")
    beside = f"nobody's: {spread([1000 * theirs for _, theirs in rounds]).written('ms')}"
    return Figure(name, target.written(), told, beside, ratio, target.met(ratio.median))


def _rounds(
    ours: Send, theirs: Send, options: argparse.Namespace, clock: Callable[[], float]
) -> list[tuple[float, float]]:
    for send in (ours, theirs) * 2:
        _mean_s(send, 50, clock)
    return [
        (_mean_s(ours, options.requests, clock), _mean_s(theirs, options.requests, clock))
        for _ in range(options.rounds)
    ]


def _mean_s(send: Send, requests: int, clock: Callable[[], float]) -> float:
    before_s = clock()
    for _ in range(requests):
        send()
    return (clock() - before_s) / requests


def _cpu_s() -> float:
    """Return the processor time of this process and of the servers below it."""
    servers = 0.0
    for child in psutil.Process().children(recursive=True):
        times = child.cpu_times()
        servers += times.user + times.system
    return time.process_time() + servers


def _sender(app: Any, method: str, path: str, key: str = "", *, expect: int) -> Send:
    headers = {"Authorization": f"Bearer {key}"} if key else {}

    def send() -> None:
        answer, status, _ = run_wsgi_app(
            app, EnvironBuilder(path=path, method=method, headers=headers.items()).get_environ()
        )
        b"".join(answer)
        assert int(status[:3]) == expect, status

    return send


def _guarded(job_id: uuid.UUID) -> Blueprint:
    """Make the same endpoint twice as the API makes them: one to read, one that says that it changes something."""
    blueprint = Blueprint("bench", __name__)

    def read_bench(call: Call) -> Response:
        """Read a job."""
        return _answer(queries.read_job(call.database, call.principal.tenant_id, job_id))

    def change_bench(call: Call) -> Response:
        """Read a job, too."""
        return _answer(queries.read_job(call.database, call.principal.tenant_id, job_id))

    answers = {200: Answer("The job")}
    operation(blueprint, "GET /bench", "jobs:read", answers=answers)(read_bench)
    operation(blueprint, "POST /bench", "jobs:cancel", answers=answers)(change_bench)
    return blueprint


def _bare(process: WebProcess, job_id: uuid.UUID) -> Any:
    """Make an app of one endpoint that asks nobody who they are."""
    app, everything = Flask("bare"), process.database.everywhere()
    tenant_id = _tenant(process, LOCAL_TENANT)

    def read() -> Any:
        return _answer(queries.read_job(everything, tenant_id, job_id))

    app.add_url_rule("/bare", view_func=read)
    return Edge(app.wsgi_app, process.metrics, log=AccessLog(log_format="json", log=StringIO()))


def _answer(job: dict[str, Any]) -> Response:
    return json_answer(job_document(job, debug=True))


def _job_of(process: WebProcess, slug: str) -> uuid.UUID:
    principal = Principal(uuid.uuid4(), _tenant(process, slug), Role.ADMIN, "benchmark")
    request = JobRequest(process.catalogue.find("platform.echo"), {"n": 1})
    return uuid.UUID(submit_at_once(process.database.everywhere(), principal, request, clock=utc_now)["id"])


def _tenant(process: WebProcess, slug: str) -> uuid.UUID:
    with process.database.everywhere().transaction() as session:
        return ensure_tenant(session, slug)


def _options(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="penstock bench access", description=__doc__)
    parser.add_argument("--json", action="store_true", help="one JSON document instead of the table")
    parser.add_argument("--requests", type=int, default=400, help="how many are sent in each round")
    parser.add_argument("--rounds", type=int, default=7)
    return parser.parse_args(argv)


if __name__ == "__main__":
    sys.exit(main())
