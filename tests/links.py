"""Links between processes and servers: a wire of a test's own that may be slow, silent or cut."""

import asyncio
import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

CHUNK = 1 << 16
_RESET_AT_ONCE = struct.pack("ii", 1, 0)


class Link:
    """Carries what comes to its own port to another one, and back, until it is closed."""

    def __init__(self, port: int) -> None:
        self.delay_s = 0.0
        self.port = 0
        self._target = port
        self._writers: set[asyncio.StreamWriter] = set()
        self._listening = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._live()), daemon=True)

    def open(self) -> None:
        """Begin to listen on a free port."""
        self._thread.start()
        assert self._listening.wait(10)

    def close(self) -> None:
        """Cut everything for good."""
        self._loop.call_soon_threadsafe(self._over.set)
        self._thread.join(10)

    def cut(self) -> None:
        """Reset every connection; new ones are taken."""
        self._loop.call_soon_threadsafe(self._cut)

    @contextmanager
    def silent(self) -> Iterator[None]:
        """Let nothing pass until the block ends, and tell nobody; what was sent meanwhile arrives then."""
        self._loop.call_soon_threadsafe(self._passing.clear)
        try:
            yield
        finally:
            self._loop.call_soon_threadsafe(self._passing.set)

    async def _live(self) -> None:
        self._loop, self._passing, self._over = asyncio.get_running_loop(), asyncio.Event(), asyncio.Event()
        self._passing.set()
        async with await asyncio.start_server(self._connect, "127.0.0.1", 0) as server:
            self.port = int(server.sockets[0].getsockname()[1])
            self._listening.set()
            await self._over.wait()
            self._passing.set()
            self._cut()

    async def _connect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            there_reader, there_writer = await asyncio.open_connection("127.0.0.1", self._target)
        except OSError:
            writer.close()
            return
        ends = {writer, there_writer}
        self._writers |= ends
        try:
            await asyncio.gather(self._carry(reader, there_writer), self._carry(there_reader, writer))
        finally:
            self._writers -= ends

    async def _carry(self, source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            while chunk := await source.read(CHUNK):
                await asyncio.sleep(self.delay_s)
                await self._passing.wait()
                target.write(chunk)
                await target.drain()
        target.close()

    def _cut(self) -> None:
        for writer in tuple(self._writers):
            writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_AT_ONCE)
            writer.transport.abort()


@contextmanager
def linked(port: int) -> Iterator[Link]:
    """Keep a link to a port of this host open until the block ends."""
    link = Link(port)
    link.open()
    try:
        yield link
    finally:
        link.close()
