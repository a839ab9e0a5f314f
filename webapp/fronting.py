"""What stands between the app and the network: proxies in front, compression, and pages of other origins."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from flask import Flask, Response, request
from flask_compress import Compress
from flask_cors import CORS
from werkzeug.middleware.proxy_fix import ProxyFix

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

COMPRESSED = ["application/json", "application/problem+json", "text/html", "text/css", "text/plain", "image/svg+xml"]
"""What is compressed; artifacts are sent as they are, and a stream of events must not wait in a buffer."""
WORTHWHILE_BYTES = 1000
_PREFLIGHT_S = 600
_TOLD = ["ETag", "Location", "Retry-After", "X-Request-ID", "Idempotency-Replayed", "Server-Timing"]
_LIMITS = ["RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset"]


def compress_answers(app: Flask) -> None:
    """Compress what is worth it, for those who accept it."""
    app.config["COMPRESS_MIMETYPES"] = COMPRESSED
    app.config["COMPRESS_MIN_SIZE"] = WORTHWHILE_BYTES
    app.config["COMPRESS_STREAMS"] = False
    app.config["COMPRESS_ALGORITHM"] = ["zstd", "br", "gzip"]
    app.config["COMPRESS_REGISTER"] = False
    compress = Compress(app)

    def compress_what_is_worth_it(response: Response) -> Response:
        """Look no further at small answers: they are the most, and never vary."""
        length = response.content_length
        return response if length is not None and length < WORTHWHILE_BYTES else compress.after_request(response)

    hook: Callable[[Response], Response] = compress_what_is_worth_it
    app.after_request(hook)


def allow_origins(app: Flask, origins: tuple[str, ...]) -> None:
    """Let pages of these origins read what the API answers to the keys that they send; none unless named."""
    if not origins:
        return
    CORS(
        app,
        resources={"/api/*": {"origins": list(origins)}},
        expose_headers=[*_TOLD, *_LIMITS],
        max_age=_PREFLIGHT_S,
        supports_credentials=False,
    )
    app.before_request(_answer_preflight)


def behind_proxies(app: "WSGIApplication", count: int) -> "WSGIApplication":
    """Believe so many proxies in front whom they ask for, and how they were asked."""
    return ProxyFix(app, x_for=count, x_proto=count, x_host=0, x_prefix=0) if count else app


def _answer_preflight() -> Response | None:
    asks = request.method == "OPTIONS" and "Access-Control-Request-Method" in request.headers
    return Response(status=204) if asks else None
