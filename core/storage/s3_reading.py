"""Reading one object of S3 from anywhere, in requests that grow while it is read on and on."""

import io
from collections.abc import Callable
from typing import Any

from botocore.exceptions import BotoCoreError

from core.storage.base import StorageUnavailable

FIRST_BYTES = 1 << 18
LARGEST_BYTES = 16 << 20
_TRIES = 3

Fetch = Callable[[int, int], Any]
"""Ask for the bytes from one place up to another; what answers is read and closed."""


class ObjectReader(io.RawIOBase):
    """A readable, seekable view of an object, to be buffered.

    Each request names its end, so that a short range does not have the rest sent after it, and one that is cut is asked
    again from where it stopped.
    """

    def __init__(self, fetch: Fetch, size: int) -> None:
        super().__init__()
        self._fetch = fetch
        self._size = size
        self._position = 0
        self._span = FIRST_BYTES
        self._body: Any = None

    def readable(self) -> bool:
        """Say that it is."""
        return True

    def seekable(self) -> bool:
        """Say that it is."""
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go there; nothing is fetched before it is read."""
        target = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: self._size}[whence] + offset
        if target < 0:
            raise ValueError(f"there is nothing before the beginning: {target}")
        if target != self._position:
            self._hang_up()
            self._position, self._span = target, FIRST_BYTES
        return target

    def readinto(self, buffer: Any) -> int:
        """Read what comes next; raises `StorageUnavailable` when it keeps being cut."""
        for tries_left in reversed(range(_TRIES)):
            try:
                return self._read_on(buffer)
            except BotoCoreError as error:
                self._hang_up()
                if not tries_left:
                    raise StorageUnavailable(f"the object was cut off: {error}") from error
        raise AssertionError

    def close(self) -> None:
        """Give the connection back."""
        self._hang_up()
        super().close()

    def _read_on(self, buffer: Any) -> int:
        while self._position < self._size:
            if self._body is None:
                self._body = self._fetch(self._position, min(self._position + self._span, self._size))
                self._span = min(2 * self._span, LARGEST_BYTES)
            content = self._body.read(len(buffer))
            if content:
                buffer[: len(content)] = content
                self._position += len(content)
                return len(content)
            self._hang_up()
        return 0

    def _hang_up(self) -> None:
        if self._body is not None:
            self._body.close()
            self._body = None
