"""Messages reach real receivers of HTTP and mail; what a receiver does wrong is bounded, told and tried again."""

import json
import random
import subprocess
import sys
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Row, select, text

from core.database import Database
from core.platform.access import Principal
from core.platform.notifications import outbox, sending, subscriptions
from core.platform.notifications.models import Notification, NotificationChannel
from core.platform.notifications.outbox import Message
from core.platform.notifications.sending import Messengers
from core.platform.sealing import keys
from tests.integration.notifications.conftest import Mailbox
from tests.integration.webhooks.conftest import HERE, Receiver, say

Try = Callable[[str], UUID]
Read = Callable[[], Any]


@pytest.fixture
def try_out(database: Database, admin: Principal, make_channel: Callable[[str], UUID]) -> Try:
    """Make a channel and have a message sent to it; return the channel."""

    def send_one(url: str) -> UUID:
        channel_id = make_channel(url)
        with database.transaction() as session:
            subscriptions.try_out(session, admin.tenant_id, channel_id)
        return channel_id

    return send_one


@pytest.fixture
def message(database: Database) -> Read:
    """Read the one message there is."""

    def read() -> Row[Any]:
        with database.statements() as session:
            return session.execute(select(Notification.__table__)).one()

    return read


@pytest.fixture
def channel(database: Database) -> Read:
    """Read the one channel there is."""

    def read() -> Row[Any]:
        with database.statements() as session:
            return session.execute(select(NotificationChannel.__table__)).one()

    return read


def address(receiver: Receiver) -> str:
    return receiver.url.replace("http", "json", 1)


def test_a_message_reaches_a_server_of_ones_own(
    receiver: Receiver, try_out: Try, send_due: Callable[[], int], message: Read
) -> None:
    try_out(address(receiver))
    assert message().delivered_at is None
    send_due()
    ((headers, body),) = receiver.got
    assert headers["content-type"] == "application/json"
    assert json.loads(body)["title"] == "Penstock"
    assert json.loads(body)["message"] == "This channel works."
    assert (message().delivered_at is not None, message().next_attempt_at) == (True, None)


def test_a_message_is_mailed(mailbox: Mailbox, try_out: Try, send_due: Callable[[], int], message: Read) -> None:
    try_out(f"mailto://localhost:{mailbox.port}?from=penstock@example.org&to=ada@example.org&mode=insecure")
    send_due()
    assert message().log[-1]["error"] is None, message().log
    (mail,) = mailbox.got
    assert "Subject: Penstock" in mail
    assert "ada@example.org" in mail


def test_many_messages_for_one_channel_take_one_messenger(
    receiver: Receiver,
    make_channel: Callable[[str], UUID],
    database: Database,
    admin: Principal,
    send_due: Callable[[], int],
) -> None:
    channel_id = make_channel(address(receiver))
    with database.transaction() as session:
        for _ in range(3):
            subscriptions.try_out(session, admin.tenant_id, channel_id)
    assert send_due() == 1
    assert len(receiver.got) == 3


def test_a_refusal_is_told_without_the_address_and_tried_again(
    receiver: Receiver, try_out: Try, send_due: Callable[[], int], message: Read, channel: Read, database: Database
) -> None:
    receiver.statuses(503, 204)
    try_out(f"{address(receiver)}/a-secret-token")
    send_due()
    assert "503" in message().log[-1]["error"]
    assert "a-secret-token" not in message().log[-1]["error"]
    assert (message().next_attempt_at is not None, channel().failures) == (True, 1)
    with database.transaction() as session:
        session.execute(text("UPDATE notifications SET next_attempt_at = now()"))
    send_due()
    assert (message().delivered_at is not None, message().attempts, channel().failures) == (True, 2, 0)


@pytest.mark.parametrize(("failures", "hours", "disabled"), [(9, 7, True), (8, 7, False), (9, 5, False)])
def test_a_channel_that_fails_for_long_is_disabled(
    receiver: Receiver,
    try_out: Try,
    database: Database,
    channel: Read,
    failures: int,
    hours: int,
    disabled: bool,  # noqa: FBT001 - which side
) -> None:
    try_out(address(receiver))
    with database.transaction() as session:
        since = f"UPDATE notification_channels SET failures = {failures}, failing_since = now() - interval '{hours} h'"
        session.execute(text(since))
    errand = outbox.take_errand(database)
    assert errand is not None
    with database.transaction() as session:
        outbox.record(session, errand, ["refused: 503"], random.Random(1))
    assert channel().active is not disabled
    assert (channel().disabled_reason is not None) is disabled


def test_an_address_whose_key_was_destroyed_disables_its_channel_and_blocks_nobody(
    receiver: Receiver,
    try_out: Try,
    database: Database,
    admin: Principal,
    send_due: Callable[[], int],
    channel: Read,
) -> None:
    try_out(address(receiver))
    with database.transaction() as session:
        keys.destroy(session, admin.tenant_id)
    send_due()
    assert (channel().active, receiver.got) == (False, [])


def send(url: str, allowed: Any = HERE) -> str | None:
    """Send one message as the herald does."""
    (error,) = Messengers(allowed).send(url, [Message(UUID(int=1), "channel.test", 0, "title", "body", 0, 1)])
    return error


def test_private_addresses_are_not_reached(receiver: Receiver) -> None:
    error = send(address(receiver), allowed=())
    assert error is not None
    assert "address_forbidden" in error
    assert receiver.got == []


def test_redirections_are_not_followed(receiver: Receiver) -> None:
    receiver.answer = lambda request: say(request, 302, Location=receiver.url)
    assert send(address(receiver)) is not None
    assert len(receiver.got) == 1


def test_an_answer_without_end_ends_the_messenger_and_is_told(receiver: Receiver) -> None:
    """Given a receiver that pours megabytes, the messenger comes to its limit of memory."""

    def pour(request: BaseHTTPRequestHandler) -> None:
        request.send_response(200)
        request.end_headers()
        while not receiver.released.is_set():
            request.wfile.write(b"x" * (1 << 20))

    receiver.answer = pour
    error = send(address(receiver))
    assert error is not None
    assert error.startswith(("too_large", "timed_out", "refused"))


@pytest.mark.parametrize(
    ("url", "flaw"),
    [("slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ/", False), ("slack://nothing", True), ("mailto://", True)],
)
def test_an_address_is_looked_at_before_it_is_kept(url: str, flaw: bool) -> None:  # noqa: FBT001 - which side
    assert (Messengers().flaw_in(url) is not None) is flaw


@pytest.mark.parametrize(
    "deed",
    [
        "import subprocess; subprocess.run(['true'])",
        "import os; os.system('true')",
        "import os; os.fork()",
        "import socket; socket.socket(socket.AF_UNIX).connect('/nowhere')",
        "import socket; socket.create_connection(('127.0.0.1', 1))",
        "import socket; socket.socket(type=socket.SOCK_DGRAM).sendto(b'', ('10.0.0.1', 53))",
        "import socket; socket.create_connection(('192.0.2.1', 22))",
    ],
)
def test_a_messenger_does_nothing_else(deed: str) -> None:
    code = f"from core.platform.notifications import messenger; messenger.guard([]); {deed}"
    ended = subprocess.run([sys.executable, "-c", code], cwd=sending.ROOT, capture_output=True, text=True, check=False)
    assert ended.returncode == 1
    assert "DeedForbidden" in ended.stderr or "AddressForbidden" in ended.stderr
