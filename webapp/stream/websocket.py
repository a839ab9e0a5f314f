"""One WebSocket on the server's side: the handshake, frames out, and whatever comes in, which is next to nothing."""

import socket
from collections.abc import Iterable, Mapping
from typing import Any

from gevent.lock import BoundedSemaphore
from wsproto import ConnectionType, WSConnection
from wsproto.events import AcceptConnection, CloseConnection, Message, Ping
from wsproto.utilities import RemoteProtocolError

LARGEST_MESSAGE_BYTES = 4 << 10
"""Of a client, which has nothing to say."""
PING_EVERY_S = 25.0
SILENT_FOR_S = 2 * PING_EVERY_S + 5.0
"""After so long without a word, not even a pong, or without taking what was sent, the other side is taken for dead."""
SEND_BUFFER_BYTES = 64 << 10
_READ_BYTES = 4 << 10
_TOO_BIG, _PROTOCOL_ERROR = 1009, 1002


class WebSocket:
    """A socket after the handshake; one greenlet reads, another writes."""

    def __init__(self, environ: Mapping[str, Any]) -> None:
        self._socket: socket.socket = environ["gunicorn.socket"]
        self._socket.settimeout(SILENT_FOR_S)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER_BYTES)
        self._protocol = WSConnection(ConnectionType.SERVER)
        self._sending = BoundedSemaphore(1)
        self._closed = False
        self._incoming_bytes = 0
        self._protocol.initiate_upgrade_connection(list(_headers(environ)), environ["PATH_INFO"])
        self.send(self._protocol.send(AcceptConnection()))

    def send(self, frames: bytes) -> None:
        """Send frames whole; raises `OSError` when the other side is gone or takes nothing for too long."""
        with self._sending:
            self._socket.sendall(frames)

    def ping(self) -> None:
        """Show that this side lives, and ask whether the other does; raises `OSError`."""
        if not self._closed:
            self.send(self._protocol.send(Ping()))

    def close(self, code: int, last_word: bytes) -> None:
        """Say a last word and close; that nobody hears it is fine."""
        try:
            self.send(last_word + self._farewell(code))
        except OSError:
            return

    def read_until_closed(self) -> None:
        """Answer pings and heed the close; ends with the connection, or when the other side breaks the rules."""
        try:
            while not self._closed and (received := self._socket.recv(_READ_BYTES)):
                self._protocol.receive_data(received)
                self._heed_events()
        except RemoteProtocolError:
            self.close(_PROTOCOL_ERROR, b"")
        except OSError:
            return

    def _heed_events(self) -> None:
        for event in self._protocol.events():
            match event:
                case Ping():
                    self.send(self._protocol.send(event.response()))
                case CloseConnection():
                    answer = b"" if self._closed else self._protocol.send(event.response())
                    self._closed = True
                    self.send(answer)
                case Message():
                    self._incoming_bytes += len(event.data)
                    if self._incoming_bytes > LARGEST_MESSAGE_BYTES:
                        self.close(_TOO_BIG, b"")
                        return
                    if event.message_finished:
                        self._incoming_bytes = 0

    def _farewell(self, code: int) -> bytes:
        if self._closed:
            return b""
        self._closed = True
        return bytes(self._protocol.send(CloseConnection(code)))


def _headers(environ: Mapping[str, Any]) -> Iterable[tuple[bytes, bytes]]:
    """Write the headers of a request as it came."""
    for name, value in environ.items():
        if name.startswith("HTTP_"):
            yield name[5:].replace("_", "-").lower().encode(), str(value).encode("latin-1")
