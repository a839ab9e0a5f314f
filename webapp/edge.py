"""The edge of the app: request ids, timing, security headers, one log line and one measurement for each request.

It wraps the WSGI app rather than hooking into Flask, so that whatever answers, even a crash, passes here, and since
adding to a list of headers costs next to nothing.
"""

import re
import time
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import structlog

from core import telemetry
from core.clock import rfc3339, utc_now
from core.ids import uuid7
from core.platform.rates.limiter import Standing
from webapp.access_log import AccessLog
from webapp.metrics import Metrics
from webapp.pulse import Pulse

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

REQUEST_ID = "penstock.request_id"
ROUTE = "penstock.route"
PROBLEM_CODE = "penstock.problem_code"
STANDING = "penstock.standing"
"""Where the environment of a request tells how it stands to its rate limit."""
_GOOD_ID = re.compile(r"[A-Za-z0-9._:+/=@-]{1,128}")
_QUIET = frozenset({"/api/v1/health/live", "/api/v1/metrics"})
_FIRST_ERROR = "400"
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_ALWAYS = [
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "DENY"),
    ("Referrer-Policy", "no-referrer"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
]
_API_POLICY = "default-src 'none'; frame-ancestors 'none'"
_PAGE_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


class Edge:
    """A WSGI app around another one."""

    def __init__(
        self,
        app: "WSGIApplication",
        metrics: Metrics,
        pulse: Pulse | None = None,
        *,
        log: AccessLog,
    ) -> None:
        self._app = app
        self._metrics = metrics
        self._pulse = pulse
        self._log = log

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Answer a request through the inner app."""
        began_s = time.perf_counter()
        sent = environ.get("HTTP_X_REQUEST_ID", "")
        request_id = sent if _GOOD_ID.fullmatch(sent) else uuid7().hex
        environ[REQUEST_ID] = request_id
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request_id)

        def start(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
            seconds = time.perf_counter() - began_s
            self._observe(environ, status, seconds, request_id)
            timing = [("X-Request-ID", request_id), ("Server-Timing", f"app;dur={seconds * 1000:.2f}")]
            added = timing + _standing(environ.get(STANDING)) + _security(headers, environ["wsgi.url_scheme"])
            return start_response(status, headers + added, *rest)

        with telemetry.span(f"{environ['REQUEST_METHOD']} {environ['PATH_INFO']}", request_id):
            return self._app(environ, start)

    def _observe(self, environ: "WSGIEnvironment", status: str, seconds: float, request_id: str) -> None:
        method, path = environ["REQUEST_METHOD"], environ["PATH_INFO"]
        # Labels must not grow with what strangers send.
        self._metrics.observe(
            method if method in _METHODS else "other", environ.get(ROUTE, "none"), status[:3], seconds
        )
        # Who asks to wait is not kept waiting.
        if self._pulse is not None and "wait=" not in environ.get("QUERY_STRING", ""):
            self._pulse.beat(status, seconds)
        if path not in _QUIET or status >= _FIRST_ERROR:
            entry = {
                "event": "request.answered",
                "method": method,
                "path": path,
                "status": int(status[:3]),
                "ms": round(seconds * 1000, 2),
                "request_id": request_id,
                "level": "info",
                "at": rfc3339(utc_now()),
            }
            self._log.add(entry)


def _standing(standing: Standing | None) -> list[tuple[str, str]]:
    """Tell how the request stands to its limit, where it has one."""
    if standing is None:
        return []
    return [
        ("RateLimit-Limit", str(standing.limit)),
        ("RateLimit-Remaining", str(standing.remaining)),
        ("RateLimit-Reset", str(standing.reset_s)),
    ]


def _security(headers: list[tuple[str, str]], scheme: str) -> list[tuple[str, str]]:
    """Add what every answer carries; caching and content policy only where the answer has no opinion."""
    given = {name.lower(): value for name, value in headers}
    added = _ALWAYS.copy()
    if "cache-control" not in given:
        added.append(("Cache-Control", "no-store"))
    if scheme == "https":
        added.append(("Strict-Transport-Security", "max-age=31536000"))
    if "content-security-policy" not in given:
        page = given.get("content-type", "").startswith("text/html")
        added.append(("Content-Security-Policy", _PAGE_POLICY if page else _API_POLICY))
    return added
