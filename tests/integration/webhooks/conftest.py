"""A real receiver, and couriers that may reach it."""

import random
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_network
from typing import Any
from uuid import UUID

import pytest

from core.catalogue import Catalogue
from core.clock import utc_now
from core.database import Database
from core.jobs import settling
from core.jobs.leases import Claimed
from core.jobs.outcomes import Failure, failed, record, succeeded
from core.platform.addresses import Border
from core.platform.breakers.breaker import Breakers
from core.platform.breakers.memory import MemoryStore
from core.platform.webhooks import attempts
from core.platform.webhooks.delivering import Post, deliver
from core.platform.webhooks.sending import Attempt, Sender

KEY = "a key for tests, of no worth elsewhere"
HERE = (ip_network("127.0.0.0/8"),)


@dataclass
class Receiver:
    """A server that keeps what it gets and answers as it is told."""

    answer: Callable[[BaseHTTPRequestHandler], None] | None = None
    got: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    url: str = ""
    released: threading.Event = field(default_factory=threading.Event)

    def statuses(self, *codes: int) -> None:
        """Answer with these, one after the other, the last for good."""
        left = list(codes)
        self.answer = lambda request: say(request, left.pop(0) if len(left) > 1 else left[0])


def say(request: BaseHTTPRequestHandler, status: int, body: bytes = b"", **headers: str) -> None:
    request.send_response(status)
    request.send_header("Content-Length", str(len(body)))
    for name, value in headers.items():
        request.send_header(name, value)
    request.end_headers()
    request.wfile.write(body)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """A receiver of this test's own on a free port."""
    state = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            state.got.append(({name.lower(): value for name, value in self.headers.items()}, body))
            (state.answer or (lambda request: say(request, 204)))(self)

        def log_message(self, *_: object) -> None:
            pass

        def handle(self) -> None:
            try:
                super().handle()
            except ConnectionError:
                self.close_connection = True

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    state.url = f"http://127.0.0.1:{server.server_port}/hook"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield state
    state.released.set()
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def post(database: Database) -> Post:
    """What a courier holds that may deliver to this machine."""
    return Post(database, Sender(Border(HERE)), KEY, random.Random(1), utc_now, Breakers(MemoryStore()))


@pytest.fixture
def deliver_due(post: Post) -> Callable[[], list[Attempt]]:
    """Make one attempt at everything that is due."""

    def deliver_all() -> list[Attempt]:
        return [deliver(post, due) for due in attempts.take_due(post.database, room=100)]

    return deliver_all


@pytest.fixture
def end(database: Database, catalogue: Catalogue, take: Callable[..., Claimed]) -> Callable[..., None]:
    """Have a queued job succeed, or fail if there is no result, and settle it as a relay does."""

    def end_one(job_id: UUID, result: dict[str, Any] | None = None) -> None:
        claimed = take(job_id)
        why = Failure("no_water", "dry", will_pass=False)
        good = result is not None
        outcome = succeeded(result or {}, receipt={}, usage={}) if good else failed(claimed, why, usage={}, delay_s=0.0)
        record(database, claimed, outcome)
        with database.transaction() as session:
            settling.settle_batch(session, catalogue.kinds)

    return end_one
