"""Submitting and polling over HTTP beside a bare Flask app under the same gunicorn settings."""

import contextlib
import itertools
import json
import socket
import sys
from collections.abc import Callable, Iterator

from sqlalchemy import create_engine, text

from core.database import spell_out_driver
from job_costs import load
from job_costs.bed import BENCHMARKS, CHECKOUT, Bed
from job_costs.figures import Figure, Target, compared
from job_costs.processes import await_that, started

BARE = "bare Flask + psycopg2"
BODY = {"kind": "platform.echo", "params": {"n": 1, "name": "no-op"}}
PLAIN = b'{"kind":"platform.echo","params":{"n":1,"name":"no-op"}}'
BULK = 1000

Rate = Callable[[], float]


def measure(bed: Bed) -> list[Figure]:
    """Keep both servers under the same load in turn."""
    with penstock_web(bed) as ours, _bare_web(bed) as bare:
        return [*_submission(bed, ours, bare), *_polling(bed, ours, bare), *_bulk(bed, ours)]


@contextlib.contextmanager
def penstock_web(bed: Bed) -> Iterator[int]:
    """Run the web process as the Procfile starts it; yield its port."""
    with watched_web(bed) as (port, _):
        yield port


@contextlib.contextmanager
def watched_web(bed: Bed) -> Iterator[tuple[int, int]]:
    """Do the same; yield its port and the id of its first process."""
    port = _free_port()
    environ = {**bed.environ, "PENSTOCK_PORT": str(port)}
    with started(bed.command("web", environ), environ=environ, cwd=CHECKOUT, log=bed.log("web")) as process:
        _await_port(port)
        yield port, process.pid


@contextlib.contextmanager
def _bare_web(bed: Bed) -> Iterator[int]:
    port, url = _free_port(), bed.new_database("bare")
    with create_engine(spell_out_driver(url), isolation_level="AUTOCOMMIT").connect() as connection:
        connection.execute(
            text("CREATE TABLE rows (id uuid PRIMARY KEY, body jsonb NOT NULL, created_at timestamptz DEFAULT now())")
        )
    environ = {**bed.environ, "PEER_DATABASE": url.replace("postgresql+psycopg2://", "postgresql://")}
    settings = ("--worker-class", "gthread", "--workers", "1", "--threads", "16", "--keep-alive", "75")
    argv = (sys.executable, "-m", "gunicorn", *settings, "--bind", f"127.0.0.1:{port}", "job_sides.bare_flask:app")
    with started(argv, environ={**environ, "PYTHONPATH": str(BENCHMARKS)}, cwd=BENCHMARKS, log=bed.log("bare-web")):
        _await_port(port)
        yield port


def _submission(bed: Bed, ours: int, bare: int) -> Iterator[Figure]:
    submit = load.request("POST", "/api/v1/jobs", key=bed.api_key, body=PLAIN)
    insert = load.request("POST", "/rows", body=PLAIN)
    mine, theirs = _alternate(bed, _rate(bed, ours, submit, 202), _rate(bed, bare, insert, 202))
    yield compared("HTTP submission", Target(at_least=0.6), mine, theirs, peer=f"{BARE}, INSERT", unit="/s")


def _polling(bed: Bed, ours: int, bare: int) -> Iterator[Figure]:
    job = _submitted(ours, bed.api_key)
    row = json.loads(load.exchange(bare, load.request("POST", "/rows", body=PLAIN))[1])["id"]
    poll = load.request("GET", f"/api/v1/jobs/{job}", key=bed.api_key)
    again = load.request("GET", f"/api/v1/jobs/{job}", key=bed.api_key, headers='If-None-Match: "2"\r\n')
    select = load.request("GET", f"/rows/{row}")
    mine, theirs = _alternate(bed, _rate(bed, ours, poll, 200), _rate(bed, bare, select, 200))
    yield compared("poll of one job", Target(at_least=0.8), mine, theirs, peer=f"{BARE}, SELECT", unit="/s")
    mine, theirs = _alternate(bed, _rate(bed, ours, again, 304), _rate(bed, ours, poll, 200))
    yield compared("poll answered 304", Target(at_least=1.0), mine, theirs, peer="poll answered 200", unit="/s")


def _bulk(bed: Bed, ours: int) -> Iterator[Figure]:
    submit = load.request("POST", "/api/v1/jobs", key=bed.api_key, body=PLAIN)
    many = json.dumps({"jobs": [BODY] * BULK}).encode()
    bulk = load.request("POST", "/api/v1/jobs/bulk", key=bed.api_key, body=many)
    requests = _rate(bed, ours, bulk, 202)
    mine, theirs = _alternate(bed, lambda: BULK * requests(), _rate(bed, ours, submit, 202))
    yield compared(
        "bulk submission over HTTP, per job", Target(at_least=20.0), mine, theirs, peer="single POSTs", unit="jobs/s"
    )


def _rate(bed: Bed, port: int, request: bytes, expect: int) -> Rate:
    seconds = 1.0 if bed.quick else 2.0
    return lambda: load.rate(port, itertools.repeat(request), expect=expect, seconds=seconds)


def _alternate(bed: Bed, ours: Rate, theirs: Rate) -> tuple[list[float], list[float]]:
    ours(), theirs()  # the first requests open connections and fill caches
    pairs = [(ours(), theirs()) for _ in range(3 if bed.quick else 7)]
    return [mine for mine, _ in pairs], [other for _, other in pairs]


def _submitted(port: int, key: str) -> str:
    _, body = load.exchange(port, load.request("POST", "/api/v1/jobs", key=key, body=PLAIN))
    return str(json.loads(body)["id"])


def _await_port(port: int) -> None:
    def answers() -> bool:
        with contextlib.suppress(OSError):
            load.exchange(port, load.request("GET", "/api/v1/health/live"))
            return True
        return False

    await_that(answers, f"an answer on port {port}")


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])
