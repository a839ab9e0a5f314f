"""Requests that are sent again until they are answered: pauses, patience, and problems as errors."""

import random
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx2

from penstock_client.endpoint import Endpoint
from penstock_client.errors import Overloaded, Refused, Unreachable, refusal

API = "/api/v1"
FIRST_PAUSE_S = 0.1
LONGEST_PAUSE_S = 5.0
ANSWER_WITHIN_S = 20.0
CONNECT_WITHIN_S = 5.0
STREAM_SILENT_S = 60.0
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
_COME_BACK = frozenset({429, 503})
_NEVER_ARRIVED = (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.PoolTimeout)


@dataclass(frozen=True, slots=True)
class Transport:
    """A connection to one platform; safe to share among threads."""

    http: httpx2.Client
    patience_s: float = 30.0
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    rng: random.Random = field(default_factory=random.Random)

    def send(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, Any] | None = None,
        body: bytes | Callable[[], Any] | None = None,
        headers: Mapping[str, str] | None = None,
        wait_s: float = 0.0,
        repeatable: bool = True,
    ) -> httpx2.Response:
        """Return the answer to a request, or raise what the platform says against it.

        A `body` that can be read only once is given as a function. What is not `repeatable` is sent again only when it
        cannot have arrived or was refused.
        """
        sent_headers = {"Content-Type": "application/json", **(headers or {})} if body is not None else headers
        timeout = httpx2.Timeout(wait_s + ANSWER_WITHIN_S, connect=CONNECT_WITHIN_S)

        def request() -> httpx2.Response:
            content = body() if callable(body) else body
            return self.http.request(
                method, API + path, params=params, content=content, headers=sent_headers, timeout=timeout
            )

        return self.repeat(request, repeatable=repeatable)

    def repeat(self, request: Callable[[], httpx2.Response], *, repeatable: bool = True) -> httpx2.Response:
        """Make a request until it is answered with anything but "come back later", or patience ends."""
        give_up_at = self.clock() + self.patience_s
        pause_s = FIRST_PAUSE_S
        while True:
            trouble = self._try(request, repeatable=repeatable)
            if isinstance(trouble, httpx2.Response):
                return trouble
            asked_s = retry_after_s(trouble)
            rest_s = max(asked_s, self.rng.uniform(pause_s / 2, pause_s))
            if self.clock() + rest_s > give_up_at:
                raise trouble
            self.sleep(rest_s)
            pause_s = min(2 * pause_s, LONGEST_PAUSE_S)

    def open(self, path: str, *, headers: Mapping[str, str] | None = None) -> httpx2.Response:
        """Ask once for an answer that is read bit by bit and closed by the caller; to be used within `repeat`."""
        timeout = httpx2.Timeout(STREAM_SILENT_S, connect=CONNECT_WITHIN_S)
        request = self.http.build_request("GET", API + path, headers=headers, timeout=timeout)
        response = self.http.send(request, stream=True)
        if response.is_error:
            response.read()
        return response

    def _try(self, request: Callable[[], httpx2.Response], *, repeatable: bool) -> httpx2.Response | Exception:
        """Return the answer, or the error that is worth another try; raise any other."""
        try:
            response = request()
        except (httpx2.InvalidURL, httpx2.UnsupportedProtocol) as error:
            raise Unreachable(f"{self.http.base_url} is no address of a platform: {error}") from error
        except httpx2.TransportError as error:
            unreachable = self._unreachable(error)
            if repeatable or isinstance(error, _NEVER_ARRIVED):
                return unreachable
            raise unreachable from error
        if response.status_code in _COME_BACK:
            return problem_of(response)
        if response.is_error:
            raise problem_of(response)
        return response

    def _unreachable(self, error: httpx2.TransportError) -> Unreachable:
        return Unreachable(f"{self.http.base_url} does not answer: {error or type(error).__name__}")


def connect(endpoint: Endpoint, *, transport: httpx2.BaseTransport | None = None) -> httpx2.Client:
    """Make the HTTP client; proxies of the environment are for other machines only."""
    host = httpx2.URL(endpoint.url).host
    secure = endpoint.url.startswith("https:")
    return httpx2.Client(
        base_url=endpoint.url,
        headers={"Authorization": f"Bearer {endpoint.api_key}"} if endpoint.api_key else {},
        transport=transport,
        verify=secure,
        trust_env=host not in _LOOPBACK,
    )


def problem_of(response: httpx2.Response) -> Refused:
    """Read the problem document of an answer; what is none, a proxy's page perhaps, is told by its status."""
    try:
        document = response.json()
    except ValueError:
        document = None
    if not isinstance(document, dict):
        document = {"title": f"{response.status_code} {response.reason_phrase}", "code": "no_problem_document"}
    return refusal(response.status_code, {**document, "retry_after": response.headers.get("Retry-After")})


def retry_after_s(trouble: Exception) -> float:
    """Return how long the platform asked to wait at least."""
    if not isinstance(trouble, Overloaded):
        return 0.0
    asked = str(trouble.problem.get("retry_after") or "")
    return float(asked) if asked.isdecimal() else 0.0
