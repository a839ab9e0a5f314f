"""The WSGI app of one stream process: a door for each transport, and health."""

import json
import logging
from collections.abc import Iterable
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

from flask import Flask, Response, request

from core import redis
from core.config import Settings, read_settings
from core.platform.streams.places import Places
from core.platform.streams.tickets import TicketOffice
from core.platform.streams.topics import API
from webapp.access_log import AccessLog
from webapp.edge import Edge
from webapp.metrics import Metrics
from webapp.problems import answer_with_problems, problem
from webapp.stream.admission import Admission, Refusal
from webapp.stream.hub import Hub
from webapp.stream.listening import Listening
from webapp.stream.serving import event_stream, serve_websocket
from webapp.stream.websocket import SILENT_FOR_S

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

WEBSOCKET, SSE = f"{API}/streams/ws", f"{API}/streams/sse"
RETRY_AFTER_S = "5"
_NO_BUFFERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}


class StreamApp:
    """What gunicorn calls: WebSockets are taken out of HTTP's hands, the rest is an ordinary app."""

    def __init__(self, settings: Settings) -> None:
        self._origins = frozenset(settings.cors_origins)
        client = redis.connect(settings.redis_url)
        places = Places(client, settings.stream_connections, settings.stream_per_client)
        self.hub = Hub()
        self.admission = Admission(client, TicketOffice.of(settings.secret_key), places)
        ear = redis.connect(settings.redis_url, timeout_s=5.0)
        self.listening = Listening(self.hub, client, ear, self.admission, places)
        self._pages = Edge(_pages(self), Metrics(), log=AccessLog(log_format=settings.log_format))

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Hold a WebSocket to its end, or answer a request."""
        wants_websocket = environ.get("HTTP_UPGRADE", "").lower() == "websocket"
        if not wants_websocket or environ["PATH_INFO"] != WEBSOCKET or not self.is_welcome(environ):
            environ.pop("HTTP_UPGRADE", None)  # werkzeug would look for routes of WebSockets
            return self._pages(environ, start_response)
        tickets = parse_qs(environ.get("QUERY_STRING", "")).get("ticket", [""])
        serve_websocket(environ, self.hub, self.admission, tickets[0])
        raise StopIteration  # so gunicorn knows that nothing is left to answer

    def is_welcome(self, environ: "WSGIEnvironment") -> bool:
        """Tell whether the page that asks is of this host or one of the origins that the operator named."""
        origin = environ.get("HTTP_ORIGIN")
        if origin is None or origin in self._origins:
            return True
        return urlsplit(origin).hostname == urlsplit(f"//{environ.get('HTTP_HOST', '')}").hostname


def create_app(settings: Settings | None = None) -> StreamApp:
    """Make the app; nothing is opened before `listening` is started."""
    return StreamApp(settings or read_settings())


def _pages(app: StreamApp) -> Any:
    flask = Flask(__name__, static_folder=None)
    flask.logger.handlers[:] = []
    logging.getLogger(flask.name).propagate = True
    answer_with_problems(flask)

    @flask.get(SSE)
    def follow() -> Response:
        """Open a stream of server-sent events."""
        if not app.is_welcome(request.environ):
            return _unwelcome()
        try:
            listener = app.admission.admit(request.args.get("ticket", ""), "sse")
        except Refusal as refusal:
            return _refusal(refusal)
        request.environ["gunicorn.socket"].settimeout(SILENT_FOR_S)
        response = Response(event_stream(app.hub, listener), content_type="text/event-stream; charset=utf-8")
        response.headers.update(_NO_BUFFERS)
        response.call_on_close(lambda: app.admission.dismiss(listener))  # also when the client left at once
        return _readable(response)

    @flask.get(WEBSOCKET)
    def explain() -> Response:
        """Tell what is wrong with a request that did not become a WebSocket."""
        if not app.is_welcome(request.environ):
            return _unwelcome()
        detail = "Here are WebSockets only; ask with `Upgrade: websocket`."
        return problem(HTTPStatus.UPGRADE_REQUIRED, code="upgrade_required", title="Upgrade Required", detail=detail)

    @flask.get(f"{API}/health/live")
    def live() -> dict[str, Any]:
        """Tell that the process is up, and whether it hears of news."""
        return {"status": "degraded" if app.listening.missed else "up", "sockets": len(app.hub.listeners)}

    return flask


def _unwelcome() -> Response:
    detail = "Pages of this origin may not listen; PENSTOCK_CORS_ORIGINS names those that may."
    return problem(HTTPStatus.FORBIDDEN, code="origin_refused", title="Origin Refused", detail=detail)


def _refusal(refusal: Refusal) -> Response:
    response = problem(refusal.status, code=refusal.code, title="No stream", detail=refusal.detail)
    response.set_data(json.dumps({**json.loads(response.get_data()), "poll": refusal.poll}))
    if refusal.status is not HTTPStatus.UNAUTHORIZED:
        response.headers["Retry-After"] = RETRY_AFTER_S
    return _readable(response)


def _readable(response: Response) -> Response:
    """Let the page that asked read the answer, its origin being welcome."""
    if origin := request.headers.get("Origin"):
        response.headers["Access-Control-Allow-Origin"] = origin
        response.headers["Vary"] = "Origin"
    return response
