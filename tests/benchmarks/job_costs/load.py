"""A load generator that costs little: ready-made requests over a few kept connections, one loop, no HTTP library."""

import selectors
import socket
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

CONNECTIONS = 8


@dataclass(slots=True)
class Connection:
    """One kept connection with at most one request on its way."""

    sock: socket.socket
    answer: bytearray = field(default_factory=bytearray)

    def send(self, request: bytes) -> None:
        """Send the next request."""
        self.answer.clear()
        self.sock.sendall(request)

    def receive(self) -> int | None:
        """Take what arrived; return the status when the answer is whole, else None."""
        part = self.sock.recv(65536)
        if not part:
            raise ConnectionError("the server hung up")
        self.answer += part
        head, separator, body = bytes(self.answer).partition(b"\r\n\r\n")
        if not separator:
            return None
        return int(head[9:12]) if len(body) >= _length(head) else None


def rate(port: int, requests: Iterator[bytes], *, expect: int, seconds: float) -> float:
    """Return how many requests a second the server answers, all connections being kept busy."""
    with selectors.DefaultSelector() as selector:
        connections = [_connect(port) for _ in range(CONNECTIONS)]
        for connection in connections:
            selector.register(connection.sock, selectors.EVENT_READ, connection)
            connection.send(next(requests))
        try:
            return _counted(selector, requests, expect, seconds)
        finally:
            for connection in connections:
                connection.sock.close()


def send(port: int, request: bytes, *, times: int, expect: int) -> None:
    """Send one request so many times, one after the other over one connection."""
    connection = _connect(port)
    try:
        for _ in range(times):
            connection.send(request)
            while (status := connection.receive()) is None:
                continue
            if status != expect:
                raise ConnectionError(f"{status} instead of {expect}: {bytes(connection.answer)[:500]!r}")
    finally:
        connection.sock.close()


def exchange(port: int, request: bytes) -> tuple[int, bytes]:
    """Send one request and return status and body."""
    connection = _connect(port)
    try:
        connection.send(request)
        while (status := connection.receive()) is None:
            continue
        return status, bytes(connection.answer).partition(b"\r\n\r\n")[2]
    finally:
        connection.sock.close()


def request(method: str, path: str, *, key: str = "", body: bytes = b"", headers: str = "") -> bytes:
    """Write one request as it goes over the wire."""
    head = f"{method} {path} HTTP/1.1\r\nHost: localhost\r\n{headers}"
    if key:
        head += f"Authorization: Bearer {key}\r\n"
    if body:
        head += f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n"
    return f"{head}\r\n".encode() + body


def _counted(selector: selectors.DefaultSelector, requests: Iterator[bytes], expect: int, seconds: float) -> float:
    answered, started_s = 0, time.perf_counter()
    while (passed_s := time.perf_counter() - started_s) < seconds:
        for key, _ in selector.select(1.0):
            connection: Connection = key.data
            status = connection.receive()
            if status is None:
                continue
            if status != expect:
                raise ConnectionError(f"{status} instead of {expect}: {bytes(connection.answer)[:500]!r}")
            answered += 1
            connection.send(next(requests))
    return answered / passed_s


def _connect(port: int) -> Connection:
    sock = socket.create_connection(("127.0.0.1", port), timeout=30)
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return Connection(sock)


def _length(head: bytes) -> int:
    for line in head.split(b"\r\n")[1:]:
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            return int(value)
    return 0
