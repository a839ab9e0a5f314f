"""A crowd of listeners in one process, as lean as they can be: what is measured is the other side."""

import asyncio
import base64
import os
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

OPENING_AT_A_TIME = 100
WITHIN_S = 300.0
_PONG = b"\x8a\x80" + bytes(4)
"""Empty, and masked with zeros."""


@dataclass
class Crowd:
    """Everybody who listens, and when each of them heard what is waited for."""

    host: str
    port: int
    needle: bytes = b""
    heard_at: list[float] = field(default_factory=list)
    all_heard: asyncio.Event = field(default_factory=asyncio.Event)
    opened: int = 0
    lost: int = 0
    writers: list[asyncio.StreamWriter] = field(default_factory=list)

    async def open_all(self, tickets: Sequence[str], transport: str) -> float:
        """Open a stream with each ticket; return how long that took, in seconds."""
        turn = asyncio.Semaphore(OPENING_AT_A_TIME)
        began = time.perf_counter()
        await asyncio.gather(*(self._open(ticket, transport, turn) for ticket in tickets))
        return time.perf_counter() - began

    async def until_all_heard(self, needle: bytes) -> None:
        """Wait until everybody has heard of something; raises `TimeoutError`."""
        self.needle, self.heard_at = needle, []
        self.all_heard.clear()
        await asyncio.wait_for(self.all_heard.wait(), WITHIN_S)

    async def leave(self) -> None:
        """Close everything."""
        for writer in self.writers:
            writer.close()

    async def _open(self, ticket: str, transport: str, turn: asyncio.Semaphore) -> None:
        async with turn:
            reader, writer = await asyncio.open_connection(self.host, self.port, limit=1 << 12)
            self.writers.append(writer)
            writer.write(_request(self.host, ticket, transport))
            answer = await reader.readuntil(b"\r\n\r\n")
            if not answer.startswith((b"HTTP/1.1 101", b"HTTP/1.1 200")):
                raise RuntimeError(answer.decode())
            self.opened += 1
        listen = self._hear_frames if transport == "websocket" else self._hear_text
        asyncio.get_running_loop().create_task(listen(reader, writer)).add_done_callback(self._lose)

    async def _hear_frames(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while head := await reader.read(1):
            first, length = head[0], (await reader.readexactly(1))[0]
            if length >= 126:
                length = int.from_bytes(await reader.readexactly(2 if length == 126 else 8))
            payload = await reader.readexactly(length)
            match first & 0xF:
                case 0x9:
                    writer.write(_PONG)
                case 0x8:
                    return
                case _:
                    self._note(payload)

    async def _hear_text(self, reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
        while line := await reader.readline():
            self._note(line)

    def _note(self, told: bytes) -> None:
        if self.needle and self.needle in told and b'"data"' in told:
            self.heard_at.append(time.perf_counter())
            if len(self.heard_at) == self.opened:
                self.all_heard.set()

    def _lose(self, task: "asyncio.Task[None]") -> None:
        task.exception()  # how it ended does not matter
        self.lost += 1


def _request(host: str, ticket: str, transport: str) -> bytes:
    path = "ws" if transport == "websocket" else "sse"
    lines = [f"GET /api/v1/streams/{path}?ticket={ticket} HTTP/1.1", f"Host: {host}"]
    if transport == "websocket":
        key = base64.b64encode(os.urandom(16)).decode()
        lines += ["Upgrade: websocket", "Connection: Upgrade", f"Sec-WebSocket-Key: {key}", "Sec-WebSocket-Version: 13"]
    return "\r\n".join([*lines, "", ""]).encode()
