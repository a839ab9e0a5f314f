"""The wire that providers share: one POST whose answer streams in as server-sent events, by a deadline."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

import httpx2

from core.clock import Monotonic, monotonic
from core.workloads.assistance.providers.base import Prompt, ProviderAway, ProviderBusy, ProviderFailed, ProviderRefused

CONNECT_S = 5.0
LARGEST_ANSWER_BYTES = 1 << 20
OVERHEAD_TOKENS = 256
"""What a provider's own framing of a prompt takes at most."""
_PASSING = {HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.CONFLICT}
_BUSY = {HTTPStatus.TOO_MANY_REQUESTS, 529}


def _client() -> httpx2.Client:
    """Make what asks: it follows nowhere, takes no word from the environment, and keeps no connection."""
    return httpx2.Client(follow_redirects=False, trust_env=False, limits=httpx2.Limits(max_keepalive_connections=0))


@dataclass(frozen=True, slots=True)
class Wire:
    """Where a provider is, and who asks."""

    url: str
    headers: Mapping[str, str]
    clock: Monotonic = monotonic
    client: httpx2.Client = field(default_factory=_client)

    def events(
        self, path: str, body: Mapping[str, Any], *, give_up_at: float, checkpoint: Callable[[], None]
    ) -> Iterator[dict[str, Any]]:
        """Yield the documents that stream in; raises `ProviderFailed` for whatever comes between."""
        left_s = self._left_s(give_up_at)
        timeout = httpx2.Timeout(left_s, connect=min(CONNECT_S, left_s))
        headers = dict(self.headers)
        with (
            self.client.stream("POST", self.url + path, json=body, headers=headers, timeout=timeout) as answer,
        ):
            _check(answer.status_code, answer.headers)
            for line in self._lines(answer.iter_bytes(), give_up_at, checkpoint):
                if line.startswith(b"data:") and (said := line.removeprefix(b"data:").strip()) != b"[DONE]":
                    yield _document(said)

    def _lines(self, parts: Iterable[bytes], give_up_at: float, checkpoint: Callable[[], None]) -> Iterator[bytes]:
        """Yield whole lines, looking at the time and at what has come by every part."""
        size, rest = 0, b""
        for part in parts:
            checkpoint()
            self._left_s(give_up_at)
            size += len(part)
            if size > LARGEST_ANSWER_BYTES:
                raise ProviderFailed("the answer is too long")
            *lines, rest = (rest + part).split(b"\n")
            yield from lines
        yield rest

    def _left_s(self, give_up_at: float) -> float:
        left = give_up_at - self.clock()
        if left <= 0:
            raise ProviderFailed("the time is up")
        return left


@contextmanager
def reading() -> Iterator[None]:
    """Make errors of ours of all that a network or a strange document does; the words of a server are not repeated."""
    try:
        yield
    except (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.InvalidURL, httpx2.UnsupportedProtocol) as error:
        raise ProviderAway(f"there is no connection: {type(error).__name__}") from error
    except httpx2.TimeoutException as error:
        raise ProviderFailed("no answer in time") from error
    except (httpx2.HTTPError, ValueError, AttributeError, TypeError, LookupError) as error:
        raise ProviderFailed(f"no answer that can be read: {type(error).__name__}") from error


def most_tokens(prompt: Prompt) -> int:
    """Return how many tokens a prompt takes at most: no token is shorter than a byte."""
    return len(prompt.instruction.encode()) + len(prompt.text.encode()) + OVERHEAD_TOKENS


def counted(usage: Any, name: str) -> int:
    """Read a count of tokens; raises `ProviderFailed` for what is none, since costs hang on it."""
    value = (usage or {}).get(name) or 0
    if not isinstance(value, int) or value < 0:
        raise ProviderFailed(f"{name} is no count of tokens")
    return value


def _check(status: int, headers: Mapping[str, str]) -> None:
    if status == HTTPStatus.OK:
        return
    if status in _BUSY:
        wait = headers.get("retry-after", "")
        raise ProviderBusy(f"answered {status}", retry_after_s=float(wait) if wait.isdigit() else None)
    if status < HTTPStatus.INTERNAL_SERVER_ERROR and status not in _PASSING:
        raise ProviderRefused(f"answered {status}")
    raise ProviderAway(f"answered {status}")


def _document(said: bytes) -> dict[str, Any]:
    found = json.loads(said)
    if not isinstance(found, dict):
        raise ProviderFailed("what streams in is no document")
    return found
