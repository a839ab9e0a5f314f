"""Serving one socket: news out until it leaves, lapses, is too slow, or the process stops."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import gevent

from webapp.stream.admission import POLICY, Admission, Refusal
from webapp.stream.hub import Hub, Listener, polling
from webapp.stream.messages import Notice
from webapp.stream.websocket import PING_EVERY_S, WebSocket

KEEP_ALIVE_S = 15.0
TOO_SLOW_S = 60.0
"""How long a socket may be behind a chain; then something is wrong with it."""
PART_WITHIN_S = 2.0
RECONNECT_MS = 2_000


@dataclass(slots=True)
class Pace:
    """Whether a socket keeps up, and when to ask whether the other side is there."""

    hub: Hub
    listener: Listener
    behind_since: float | None = None
    asked_at: float = field(init=False)

    def __post_init__(self) -> None:
        self.asked_at = self.hub.clock()

    def rest_s(self) -> float:
        """Return how long there is nothing to do without news."""
        return max(0.0, self.asked_at + PING_EVERY_S - self.hub.clock())

    def is_to_ask(self) -> bool:
        """Tell whether it is time for a ping: news go out without an answer, so they are none."""
        if self.rest_s() > 0:
            return False
        self.asked_at = self.hub.clock()
        return True

    def sent(self) -> None:
        """Note that all that waited is out; offer what there was no room for, and close who never catches up."""
        behind = list(self.listener.outbox.behind)
        if not behind:
            self.behind_since = None
            return
        now = self.hub.clock()
        self.behind_since = now if self.behind_since is None else self.behind_since
        if now - self.behind_since > TOO_SLOW_S:
            poll = polling(self.listener.ticket, self.listener.outbox.cursors())
            self.listener.close(POLICY, "stream.too_slow", code="too_slow", **poll)
        for channel in behind:
            self.hub.catch_up(self.listener, channel)


def serve_websocket(environ: dict[str, Any], hub: Hub, admission: Admission, ticket: str) -> None:
    """Hold one WebSocket until its end."""
    socket = WebSocket(environ)
    try:
        listener = admission.admit(ticket, "websocket")
    except Refusal as refusal:
        socket.close(refusal.close_code, refused(refusal).frame)
        _part(gevent.spawn(socket.read_until_closed))
        return
    reading = gevent.spawn(_read, socket, listener)
    try:
        hub.join(listener)
        _write_frames(socket, hub, listener)
    except OSError:
        reading.kill(block=False)  # whoever it was is gone
    finally:
        hub.leave(listener)
        admission.dismiss(listener)
    _part(reading)


def event_stream(hub: Hub, listener: Listener) -> Iterator[bytes]:
    """Yield server-sent events until the process stops or the client leaves."""
    hub.join(listener)
    outbox, pace = listener.outbox, Pace(hub, listener)
    try:
        yield f"retry: {RECONNECT_MS}\n\n".encode()
        while True:
            if not outbox.news.wait(KEEP_ALIVE_S):
                yield b": still here\n\n"
                continue
            outbox.news.clear()
            if messages := outbox.take():
                hub.sent += len(messages)
                yield b"".join(message.event for message in messages)
            if listener.closing is not None:
                yield listener.closing.notice.event
                return
            pace.sent()
    finally:
        hub.leave(listener)


def refused(refusal: Refusal) -> Notice:
    """Write a refusal as a socket's only message."""
    return Notice("stream.refused", code=refusal.code, detail=refusal.detail, **refusal.poll)


def _part(reading: gevent.Greenlet) -> None:
    """Let the other side hear the last word before the connection ends."""
    reading.join(PART_WITHIN_S)
    reading.kill(block=False)


def _read(socket: WebSocket, listener: Listener) -> None:
    socket.read_until_closed()
    listener.gone = True
    listener.outbox.news.set()


def _write_frames(socket: WebSocket, hub: Hub, listener: Listener) -> None:
    outbox, pace = listener.outbox, Pace(hub, listener)
    while True:
        heard = outbox.news.wait(pace.rest_s())
        if pace.is_to_ask():
            socket.ping()
        if not heard:
            continue
        outbox.news.clear()
        if listener.gone:
            return
        if messages := outbox.take():
            hub.sent += len(messages)
            socket.send(b"".join(message.frame for message in messages))
        if listener.closing is not None:
            socket.close(listener.closing.code, listener.closing.notice.frame)
            return
        pace.sent()
