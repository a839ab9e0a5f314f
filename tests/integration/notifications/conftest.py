"""Channels to a real receiver of HTTP and a real one of mail, and what a relay does to send."""

import random
import socketserver
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from core.database import Database
from core.platform.access import Principal
from core.platform.notifications import outbox, subscriptions
from core.platform.notifications.sending import Messengers
from tasks.herald import Desk, carry
from tests.integration.webhooks.conftest import HERE, Receiver, receiver

__all__ = ["Receiver", "receiver"]


@dataclass
class Mailbox:
    """A server of mail that keeps what it gets."""

    port: int = 0
    got: list[str] = field(default_factory=list)


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    """A mail server (RFC 5321, as much as a client needs) of this test's own on a free port."""
    state = Mailbox()

    class Handler(socketserver.StreamRequestHandler):
        def say(self, line: str) -> None:
            self.wfile.write(f"{line}\r\n".encode())

        def handle(self) -> None:
            self.say("220 here")
            while line := self.rfile.readline().decode().strip():
                verb = line.split()[0].upper()
                if verb == "DATA":
                    self.say("354 go on")
                    lines = iter(lambda: self.rfile.readline().decode().rstrip("\r\n"), ".")
                    state.got.append("\n".join(lines))
                self.say("221 bye" if verb == "QUIT" else "250 fine")
                if verb == "QUIT":
                    return

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler) as server:
        state.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        yield state
        server.shutdown()
        thread.join()


@pytest.fixture
def desk(database: Database, tmp_path: Path) -> Desk:
    """What a herald holds that may reach this machine."""
    return Desk(database, Messengers(HERE), random.Random(1), tmp_path)


@pytest.fixture
def send_due(desk: Desk) -> Callable[[], int]:
    """Send everything that is due; return how many errands that took."""

    def send() -> int:
        errands = 0
        while (errand := outbox.take_errand(desk.database)) is not None:
            carry(desk, errand)
            errands += 1
        return errands

    return send


@pytest.fixture
def make_channel(database: Database, admin: Principal) -> Callable[[str], UUID]:
    """Make a channel to an address."""

    def make(url: str) -> UUID:
        with database.transaction() as session:
            return UUID(str(subscriptions.create_channel(session, admin.tenant_id, {"name": "it", "url": url}).id))

    return make


@pytest.fixture
def make_rule(database: Database, admin: Principal) -> Callable[..., UUID]:
    """Have events told through a channel."""

    def make(channel_id: UUID, *events: str, **options: Any) -> UUID:
        asked = {"name": "rule", "channel_id": channel_id, "events": list(events), **options}
        with database.transaction() as session:
            return UUID(str(subscriptions.create_rule(session, admin.tenant_id, asked).id))

    return make
