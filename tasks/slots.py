"""Slots: how many jobs a worker's children compute at a time, in the place of Celery's own semaphore.

Celery hands a message to its pool through a semaphore, but one that shrinks goes on serving whoever waits as long as
any place comes back. This one holds to what it was told, and lets a job wait in the parent while the memory that it
needs is not there: its message is not acknowledged, no child is harmed, no lease taken. Shrinking the pool itself would
kill a child that may have got a message a moment ago.
"""

from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from celery import bootsteps
from celery.worker import WorkController, state
from celery.worker.components import Pool

from core.jobs.kind import JobKind
from core.platform.governor.rationing import Going, Ration

Entry = tuple[Callable[..., Any], tuple[Any, ...], dict[str, Any]]


class Slots:
    """What Celery knows of a semaphore; used by the worker's event loop alone."""

    def __init__(self, value: int) -> None:
        self.initial_value = self.allowed = value
        self.taken = 0
        self.admits: Callable[[Any], bool] = _anything
        self.soon: Callable[[Callable[[], None]], Any] = _nothing
        self._waiting: deque[Entry] = deque()

    @property
    def value(self) -> int:
        """Return how many places are free."""
        return max(0, self.allowed - self.taken)

    @property
    def held(self) -> int:
        """Return how many wait."""
        return len(self._waiting)

    def acquire(self, callback: Callable[..., Any], *args: Any, **named: Any) -> bool:
        """Call back at once if there is a place, or later when there is; tell whether it was at once."""
        before = len(self._waiting)
        self._waiting.append((callback, args, named))
        self.drain()
        return len(self._waiting) <= before

    def release(self) -> None:
        """Take a place back; Celery may do so once too often."""
        self.taken = max(0, self.taken - 1)
        self.drain()
        if self._waiting:  # the request whose place this was is not over before Celery has written that down
            self.soon(self.drain)

    def restrict(self, allowed: int) -> None:
        """Hold to another number of places from now on."""
        self.allowed = allowed
        self.drain()

    def grow(self, count: int = 1) -> None:
        """Have more children."""
        self.initial_value += count
        self.restrict(self.allowed + count)

    def shrink(self, count: int = 1) -> None:
        """Have fewer children."""
        self.initial_value = max(0, self.initial_value - count)
        self.allowed = min(self.allowed, self.initial_value)

    def clear(self) -> None:
        """Begin anew: the broker was lost, and with it what waited."""
        self._waiting.clear()
        self.taken = 0

    def drain(self) -> None:
        """Let those go, in their order, for whom there is room; who needs no memory goes past those who wait for it."""
        passed: list[Entry] = []
        while self._waiting and self.taken < self.allowed:
            entry = self._waiting.popleft()
            request = entry[1][0] if entry[1] else None
            if (passed and _is_job(request)) or not self.admits(request):
                passed.append(entry)
                continue
            self.taken += 1
            callback, args, named = entry
            callback(*args, **named)
        self._waiting.extendleft(reversed(passed))


@dataclass(slots=True)
class Gatekeeper:
    """Decides for each request whether the memory it needs is there, and follows what was let go."""

    ration: Ration
    kinds: Mapping[str, JobKind]
    is_over: Callable[[str], bool]
    _going: dict[str, tuple[Any, Going]] = field(default_factory=dict)

    def admits(self, request: Any) -> bool:
        """Tell whether a request may go; whatever is no job always may."""
        kind = self.kinds.get(getattr(request, "name", ""))
        if kind is None:
            return True
        self.forget_over()
        need_mib = self.ration.need_mib(kind.name, kind.limits.memory_mib)
        if not self.ration.admits(need_mib, [going for _, going in self._going.values()]):
            return False
        self._going[request.id] = request, Going(kind.name, need_mib)
        return True

    def going(self) -> list[tuple[Any, Going]]:
        """Return the requests that were let go and are not over."""
        return list(self._going.values())

    def forget_over(self) -> None:
        """Take those off the list that are over, and learn from what they held."""
        for request_id in [one for one in list(self._going) if self.is_over(one)]:
            _, going = self._going.pop(request_id)
            if going.held_mib > 0:
                self.ration.learn(going.kind, going.held_mib)


class Slotted(bootsteps.StartStopStep):  # type: ignore[misc]  # Celery leaves it without annotations
    """Puts slots in the place of the semaphore before the pool is started."""

    requires = (Pool,)

    def create(self, worker: WorkController) -> None:
        """Replace it wherever Celery has it by now."""
        slots = Slots(worker.semaphore.initial_value)
        worker.semaphore = slots
        worker._quick_acquire, worker._quick_release = slots.acquire, slots.release  # noqa: SLF001 - where Celery keeps them
        worker.pool.options["semaphore"] = slots


def is_over(request_id: str) -> bool:
    """Tell whether Celery has done with a request."""
    return request_id not in state.requests


def _is_job(request: Any) -> bool:
    return not str(getattr(request, "name", "")).startswith("maintenance.")


def _anything(_request: Any) -> bool:
    return True


def _nothing(_callback: Callable[[], None]) -> None:
    return None
