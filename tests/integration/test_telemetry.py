"""Traces and errors reach real receivers, without secrets; who asks for neither pays for neither."""

import gzip
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import brotli  # type: ignore[import-untyped]  # it has no annotations
import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

ROOT = Path(__file__).parents[2]
UNPACK: dict[str, Callable[[bytes], bytes]] = {"gzip": gzip.decompress, "br": brotli.decompress, "identity": bytes}
EDGE = """
import os
from core import telemetry
from webapp.access_log import AccessLog
from webapp.edge import Edge
from webapp.metrics import Metrics
telemetry.begin("web", os.environ)
def app(environ, start):
    start("200 OK", [])
    return [b""]
edge = Edge(app, Metrics(), log=AccessLog(log_format="json"))
request = {"REQUEST_METHOD": "POST", "PATH_INFO": "/api/v1/jobs", "HTTP_X_REQUEST_ID": "one"}
edge({**request, "wsgi.url_scheme": "http"}, lambda *_: None)
telemetry.flush()
"""
WORKER = """
import os
from core import telemetry
telemetry.begin("worker", os.environ)
try:
    with telemetry.span("platform.echo", "one", **{"penstock.job_id": "7"}):
        raise ValueError("xyzzy")
except ValueError:
    pass
telemetry.flush()
"""
CRASH = """
import os
from core import telemetry
from core.redaction import redacting
telemetry.begin("worker", os.environ)
def compute(password):
    raise ValueError(f"cannot log in with {password}")
with redacting(["xyzzy"]):
    try:
        compute("xyzzy")
    except ValueError as error:
        telemetry.report(error)
telemetry.flush()
"""


@pytest.fixture
def received() -> Iterator[tuple[str, list[bytes]]]:
    """A receiver's address and what it got, unpacked."""
    got: list[bytes] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            got.append(UNPACK[self.headers.get("Content-Encoding", "identity")](body))
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield f"127.0.0.1:{server.server_port}", got
    server.shutdown()
    thread.join()
    server.server_close()


def run(code: str, **environ: str) -> str:
    command = [sys.executable, "-c", code]
    ended = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, check=True)
    return ended.stdout + ended.stderr


def spans(got: list[bytes]) -> list[Any]:
    return [
        span
        for body in got
        for resource in ExportTraceServiceRequest.FromString(body).resource_spans
        for scope in resource.scope_spans
        for span in scope.spans
    ]


def test_a_request_and_its_job_are_one_trace_whatever_processes_tell_of_them(
    received: tuple[str, list[bytes]],
) -> None:
    address, got = received
    for code in (EDGE, WORKER):
        run(code, OTEL_EXPORTER_OTLP_ENDPOINT=f"http://{address}")
    told = spans(got)
    assert [span.name for span in told] == ["POST /api/v1/jobs", "platform.echo"]
    assert len({span.trace_id for span in told}) == 1
    assert len({span.parent_span_id for span in told}) == 1
    assert told[1].status.message == "ValueError"
    assert b"xyzzy" not in b"".join(got)


def test_an_error_reaches_sentry_without_secrets_and_variables(received: tuple[str, list[bytes]]) -> None:
    address, got = received
    run(CRASH, SENTRY_DSN=f"http://key@{address}/1")
    told = b"".join(got)
    assert b"cannot log in with [sealed]" in told
    assert b"xyzzy" not in told
    assert b'"vars"' not in told


def test_who_asks_for_nothing_loads_nothing() -> None:
    code = "import sys, webapp.edge, tasks.carrying; from core import telemetry; telemetry.begin('web', {});"
    code += "print([name for name in sys.modules if name.startswith(('sentry', 'opentelemetry.exporter'))])"
    assert run(code) == "[]\n"


def test_what_is_asked_for_and_missing_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    code = "import sys; sys.modules['sentry_sdk'] = None; from core import telemetry;"
    told = run(code + "telemetry.begin('web', {'SENTRY_DSN': 'http://key@localhost/1'})")
    assert "telemetry.missing" in told
    assert "penstock[telemetry]" in told
