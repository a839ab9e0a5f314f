"""One attempt to deliver: bounded in time and size, to the very address that was checked, following nowhere."""

import ssl
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import httpcore2

from core.clock import Monotonic, monotonic
from core.errors import PenstockError
from core.platform.addresses import Border

CONNECT_S, TOTAL_S = 3.0, 10.0
LARGEST_ANSWER_BYTES = 64 << 10
LONGEST_REASON = 500


@dataclass(frozen=True, slots=True)
class Attempt:
    """What came of one attempt: the answer's status, or why there was none."""

    status: int | None
    error: str | None
    duration_s: float

    @property
    def succeeded(self) -> bool:
        """Tell whether the receiver took it."""
        return self.error is None


@dataclass(frozen=True)
class Sender:
    """Sends bodies to receivers."""

    border: Border
    total_s: float = TOTAL_S
    clock: Monotonic = monotonic
    certificates: ssl.SSLContext | None = None
    """Whom to trust; the system's authorities unless given."""

    def send(self, url: str, body: bytes, headers: Mapping[str, str]) -> Attempt:
        """Post a body; whatever goes wrong is told in the answer."""
        began_at = self.clock()
        status, error = None, None
        try:
            status = self._post(url, body, headers, began_at + self.total_s)
            error = _objection(status)
        except (httpcore2.NetworkError, httpcore2.ProtocolError, PenstockError, ValueError, OSError) as failure:
            error = _reason(failure)
        except httpcore2.TimeoutException:
            error = f"timed_out: no answer within {self.total_s:g} s"
        return Attempt(status, error, round(self.clock() - began_at, 3))

    def _post(self, url: str, body: bytes, headers: Mapping[str, str], give_up_at: float) -> int:
        route = _Route(self.border, give_up_at, self.clock)
        with (
            httpcore2.ConnectionPool(ssl_context=self._trust, network_backend=route, http2=False) as pool,
            pool.stream("POST", url, headers=list(headers.items()), content=body) as answer,
        ):
            size = 0
            # What receivers say is read so that they are not cut off in the middle of it, but not for ever.
            for part in answer.iter_stream():
                size += len(part)
                if size > LARGEST_ANSWER_BYTES:
                    break
            return int(answer.status)

    @cached_property
    def _trust(self) -> ssl.SSLContext:
        return self.certificates or ssl.create_default_context()


@dataclass(frozen=True)
class _Route(httpcore2.NetworkBackend):
    """Connects to checked addresses only, and lets nothing on such a connection last beyond one instant."""

    border: Border
    give_up_at: float
    clock: Monotonic
    plain: httpcore2.NetworkBackend = field(default_factory=httpcore2.SyncBackend)

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ARG002 - what is left of the total decides
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore2.NetworkStream:
        failure: Exception = httpcore2.ConnectError(f"{host} has no address")
        for address in self.border.addresses(host, port):
            try:
                bound_s = min(CONNECT_S, left_s(self.give_up_at, self.clock))
                stream = self.plain.connect_tcp(address, port, bound_s, local_address, socket_options)
                return _Stream(stream, self.give_up_at, self.clock)
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout) as error:
                failure = error
        raise failure


@dataclass(frozen=True)
class _Stream(httpcore2.NetworkStream):
    """A connection all of whose operations share what is left of the time."""

    plain: httpcore2.NetworkStream
    give_up_at: float
    clock: Monotonic

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ARG002 - as above
        return self.plain.read(max_bytes, left_s(self.give_up_at, self.clock))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ARG002 - as above
        for start in range(0, len(buffer), LARGEST_ANSWER_BYTES):
            part = buffer[start : start + LARGEST_ANSWER_BYTES]
            self.plain.write(part, left_s(self.give_up_at, self.clock))

    def close(self) -> None:
        self.plain.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ARG002 - as above
    ) -> httpcore2.NetworkStream:
        secured = self.plain.start_tls(ssl_context, server_hostname, left_s(self.give_up_at, self.clock))
        return _Stream(secured, self.give_up_at, self.clock)

    def get_extra_info(self, info: str) -> Any:
        return self.plain.get_extra_info(info)


def left_s(give_up_at: float, clock: Monotonic) -> float:
    """Return how much time is left; raises the client's own timeout when none is."""
    left = give_up_at - clock()
    if left <= 0:
        raise httpcore2.ReadTimeout("the time is up")
    return left


def _objection(status: int) -> str | None:
    if 200 <= status < 300:  # noqa: PLR2004 - the family of success
        return None
    if 300 <= status < 400:  # noqa: PLR2004 - the family of redirection
        return f"redirected: answered {status}; redirections are not followed"
    return f"refused: answered {status}"


def _reason(failure: Exception) -> str:
    code = failure.code if isinstance(failure, PenstockError) else type(failure).__name__
    return f"{code}: {failure}".replace("\0", "")[:LONGEST_REASON]
