"""Identifiers: UUIDs of version 7, so that the order of ids is the order of creation."""

import hashlib
import os
import struct
import time
from datetime import UTC, datetime, timedelta
from threading import Lock
from uuid import UUID

_COUNTER_BITS = 12
_TAIL_BYTES, _TAILS_AHEAD = 8, 512
_STAGE_BITS, _INDEX_BITS = 12, 16
_EPOCH = datetime.fromtimestamp(0, UTC)


class Uuid7Source:
    """Makes ids that sort after every id it made before (RFC 9562: a counter within the millisecond)."""

    def __init__(self) -> None:
        self._tick = 0
        self.begin_anew()

    def begin_anew(self) -> None:
        """Forget the lock and the random bits, which after a fork another process has, too."""
        self._lock = Lock()
        self._tails = iter(())

    def next(self) -> UUID:
        """Make the next id; a clock that steps back only makes the counter run on."""
        with self._lock:
            now = (time.time_ns() // 1_000_000) << _COUNTER_BITS
            self._tick = max(self._tick + 1, now)
            tick, tail = self._tick, next(self._tails, None) or self._draw()
        milliseconds, counter = tick >> _COUNTER_BITS, tick & ((1 << _COUNTER_BITS) - 1)
        return UUID(int=(milliseconds << 80) | (0x7 << 76) | (counter << 64) | (0b10 << 62) | (tail & ((1 << 62) - 1)))

    def _draw(self) -> int:
        """Draw random bits for many ids at once: each call of the system lets other threads in before it comes back."""
        drawn = os.urandom(_TAIL_BYTES * _TAILS_AHEAD)
        self._tails = (number for (number,) in struct.iter_unpack("Q", drawn))
        return next(self._tails)


def floor_at(instant: datetime, *, later_s: float = 0.0) -> UUID:
    """Return the least id that can have been made so long after an instant: the end of a range of ids."""
    milliseconds = max(0, int((instant.timestamp() + later_s) * 1000))
    return UUID(int=(milliseconds << 80) | (0x7 << 76) | (0b10 << 62))


def made_at(made: UUID) -> datetime:
    """Return the instant that an id bears, to the millisecond."""
    return _EPOCH + timedelta(milliseconds=made.int >> 80)


def following(first: UUID, count: int) -> list[UUID]:
    """Return the ids of things made together: the first one's and, number after number, those behind it."""
    return [UUID(int=first.int + place) for place in range(count)]


def child_of(parent: UUID, stage: int, index: int) -> UUID:
    """Return the one id that the shard of a job in this place has, whoever asks and whenever.

    It bears its parent's time, then a hash of the parent, then the place, so that siblings are in order.
    """
    if not (0 <= stage < 1 << _STAGE_BITS and 0 <= index < 1 << _INDEX_BITS):
        raise ValueError(f"there is no place for shard {index} of stage {stage}")
    digest = int.from_bytes(hashlib.sha256(parent.bytes).digest()[:8])
    milliseconds, counter = parent.int >> 80, digest & ((1 << _COUNTER_BITS) - 1)
    place = (stage << _INDEX_BITS) | index
    tail = ((digest >> _COUNTER_BITS) << (_STAGE_BITS + _INDEX_BITS) | place) & ((1 << 62) - 1)
    return UUID(int=(milliseconds << 80) | (0x7 << 76) | (counter << 64) | (0b10 << 62) | tail)


_source = Uuid7Source()
os.register_at_fork(after_in_child=_source.begin_anew)
uuid7 = _source.next
