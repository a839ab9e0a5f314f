"""A provider on this machine that speaks both wire formats, with every fault that one may have."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from core import redis
from core.clock import Clock
from core.platform.breakers.breaker import Breakers
from core.workloads.assistance.budget import Caps, SharedBudget
from core.workloads.assistance.chain import Chain, Link
from core.workloads.assistance.pricing import UNITS_PER_USD
from core.workloads.assistance.setup import PROVIDERS

KEY = "sk-secret-of-the-installation"
MODELS = {"model": "claude-sonnet-5-5", "cheaper_model": "claude-haiku-5-5"}


@dataclass
class Hands:
    """A clock that is moved by hand."""

    now: datetime = datetime(2026, 11, 1, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def move(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@dataclass
class Server:
    """A provider: what it says, how it fails, what it was asked."""

    url: str = ""
    text: str = "It tripped."
    fault: str | None = None
    calls_tool: bool = False
    asked: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    usage: tuple[int, int] = (100, 50)

    def anthropic(self) -> Iterator[dict[str, Any]]:
        yield {"type": "message_start", "message": {"usage": {"input_tokens": self.usage[0], "output_tokens": 1}}}
        yield {"type": "ping"}
        if self.calls_tool:
            yield {"type": "content_block_start", "content_block": {"type": "tool_use", "name": "shell", "input": {}}}
            yield {"type": "content_block_delta", "delta": {"type": "input_json_delta", "partial_json": '{"rm": 1}'}}
        for word in self.text.split(" "):
            yield {"type": "content_block_delta", "delta": {"type": "text_delta", "text": f"{word} "}}
        yield {"type": "message_delta", "delta": {"stop_reason": "end_turn"}, "usage": {"output_tokens": self.usage[1]}}
        yield {"type": "message_stop"}

    def openai(self) -> Iterator[dict[str, Any]]:
        if self.calls_tool:
            yield {"choices": [{"delta": {"tool_calls": [{"function": {"name": "shell", "arguments": "{}"}}]}}]}
        for word in self.text.split(" "):
            yield {"choices": [{"delta": {"content": f"{word} "}, "finish_reason": None}]}
        yield {"choices": [{"delta": {}, "finish_reason": "stop"}]}
        yield {"choices": [], "usage": {"prompt_tokens": self.usage[0], "completion_tokens": self.usage[1]}}


STATUSES = {"overloaded": 529, "rate limit": 429, "broken": 500, "unknown key": 401, "moved": 302}


def _answer(server: Server, handler: BaseHTTPRequestHandler) -> None:
    body = handler.rfile.read(int(handler.headers["Content-Length"]))
    server.asked.append(json.loads(body))
    server.headers.append({name.lower(): value for name, value in handler.headers.items()})
    fault = server.fault
    if fault in STATUSES:
        handler.send_response(STATUSES[fault])
        handler.send_header("Retry-After", "7")
        handler.send_header("Location", "http://127.0.0.1:9/")
        handler.send_header("Content-Length", "0")
        handler.end_headers()
        return
    if fault == "hangs up":
        handler.close_connection = True
        return
    handler.send_response(200)
    handler.send_header("Content-Type", "text/event-stream")
    handler.send_header("Connection", "close")
    handler.end_headers()
    handler.close_connection = True
    events = list(server.anthropic() if handler.path == "/v1/messages" else server.openai())
    for place, event in enumerate(events):
        if place == len(events) // 2 and fault is not None:
            handler.wfile.write(_FAULTS[fault])
            return
        handler.wfile.write(f"event: x\ndata: {json.dumps(event)}\n\n".encode())
    handler.wfile.write(b"data: [DONE]\n\n")


_FAULTS = {
    "cut off": b"",
    "no JSON": b"data: {nothing\n\n",
    "no document": b"data: [1, 2]\n\n",
    "strange document": b'data: {"type": "message_start", "choices": [1]}\n\n',
    "error within": b'data: {"type": "error", "error": {"type": "overloaded_error"}}\n\n',
    "endless line": b"data: " + b"x" * (2 << 20),
    "binary": bytes(range(256)) * 10,
}


@pytest.fixture
def server() -> Iterator[Server]:
    state = Server()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            with suppress(ConnectionError):
                _answer(state, self)

        def log_message(self, *_: object) -> None:
            pass

    class Listening(ThreadingHTTPServer):
        request_queue_size = 128  # fifty come at once, and a busy machine is slow to let them in

    listening = Listening(("127.0.0.1", 0), Handler)
    listening.daemon_threads = True
    state.url = f"http://127.0.0.1:{listening.server_port}"
    thread = threading.Thread(target=listening.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield state
    listening.shutdown()
    thread.join()
    listening.server_close()


@pytest.fixture
def clock() -> Hands:
    return Hands()


@pytest.fixture(params=sorted(PROVIDERS))
def provider_name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def make_chain(server: Server, redis_url: str, clock: Clock) -> Callable[..., Chain]:
    """Make the chain of a worker that asks the server, with caps in dollars."""

    def make(name: str = "anthropic", *, day_usd: float = 1000, month_usd: float = 1000, cheaper: bool = True) -> Chain:
        client = redis.connect(redis_url)
        provider = PROVIDERS[name](server.url, KEY)
        links = [Link(source, model, provider) for source, model in MODELS.items() if cheaper or source == "model"]
        budget = SharedBudget(client, Caps(int(day_usd * UNITS_PER_USD), int(month_usd * UNITS_PER_USD)))
        return Chain(links, budget, Breakers.through(client, clock), secrets=[KEY], clock=clock)

    return make
