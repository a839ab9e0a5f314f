"""A listener as a client is one: asks for a ticket, opens a WebSocket or a stream of server-sent events, and reads."""

import json
import socket
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from wsproto import ConnectionType, WSConnection
from wsproto.events import AcceptConnection, CloseConnection, Ping, RejectConnection, Request, TextMessage

PATIENCE_S = 60.0


@dataclass
class Socket:
    """A WebSocket of a client."""

    url: str
    origin: str | None = None
    receive_buffer_bytes: int | None = None
    closed_with: int | None = None
    rejected_with: int | None = None
    connection: socket.socket = field(init=False)
    _protocol: WSConnection = field(default_factory=lambda: WSConnection(ConnectionType.CLIENT))
    _messages: list[dict[str, Any]] = field(default_factory=list)
    _text: str = ""
    _opened: bool = False
    _heard: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        where = urlsplit(self.url)
        self.connection = socket.socket()
        if self.receive_buffer_bytes is not None:
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, self.receive_buffer_bytes)
        self.connection.settimeout(PATIENCE_S)
        self.connection.connect((where.hostname, where.port))
        extra = [] if self.origin is None else [(b"Origin", self.origin.encode())]
        request = Request(where.netloc, f"{where.path}?{where.query}", extra_headers=extra)
        self.connection.sendall(self._protocol.send(request))
        while not self._opened and self.rejected_with is None:
            self._read()

    def __iter__(self) -> Iterator[dict[str, Any]]:
        """Iterate over the messages until the socket is closed; without its close `closed_with` stays None."""
        give_up_at = time.monotonic() + PATIENCE_S
        while True:
            while self._messages:
                yield self._messages.pop(0)
            if self.closed_with is not None or not self._read():
                return
            assert time.monotonic() < give_up_at, f"nothing is said but pings after {self._heard[-20:]}"

    def until(self, kind: str) -> list[dict[str, Any]]:
        """Read up to a message of that type; fails where the socket ends without one."""
        seen = []
        for message in self:
            seen.append(message)
            if message["type"] == kind:
                return seen
        raise AssertionError(f"no {kind} among {[message['type'] for message in seen]}, closed {self.closed_with}")

    def send(self, text: str) -> None:
        """Say something."""
        self.connection.sendall(self._protocol.send(TextMessage(text)))

    def close(self) -> None:
        """Go without a word."""
        self.connection.close()

    def _read(self) -> bool:
        try:
            received = self.connection.recv(1 << 16)
        except ConnectionResetError:
            return False
        self._protocol.receive_data(received or None)
        for event in self._protocol.events():
            match event:
                case AcceptConnection():
                    self._opened = True
                case RejectConnection():
                    self.rejected_with = event.status_code
                case TextMessage():
                    self._text += event.data
                    if event.message_finished:
                        self._messages.append(json.loads(self._text))
                        self._heard.append(self._messages[-1]["type"])
                        self._text = ""
                case Ping():
                    self.connection.sendall(self._protocol.send(event.response()))
                case CloseConnection() if received:
                    self.closed_with = event.code
                    self.connection.sendall(self._protocol.send(event.response()))
        return bool(received)
