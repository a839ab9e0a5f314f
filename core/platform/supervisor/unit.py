"""What the supervisor keeps running: a unit as it is planned, and the child as it is at the moment."""

import subprocess
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum

from core.platform.servers.program import Program


class State(StrEnum):
    """Where a child stands; `crashed` means a crash loop: it died often of late, and is tried again ever later."""

    WAITING = "waiting"
    STARTING = "starting"
    READY = "ready"
    DONE = "done"
    BACKING_OFF = "backing_off"
    CRASHED = "crashed"
    STOPPING = "stopping"
    STOPPED = "stopped"


def _nothing() -> None:
    """Do nothing before a start."""


@dataclass(frozen=True, slots=True)
class Unit:
    """One process of the platform: how it starts, on what it waits, when it counts as ready."""

    program: Program
    ready: Callable[[], bool]
    after: tuple[str, ...] = ()
    before: Callable[[], None] = _nothing
    once: bool = False
    """Whether it ends by itself, and its end with code 0 is what the others wait for."""
    optional: bool = False
    """Whether the platform's start succeeds without it."""
    ready_within_s: float = 60.0

    @property
    def name(self) -> str:
        """Name the process as the Procfile does."""
        return self.program.name


@dataclass(slots=True)
class Child:
    """The present and past of one unit's process; times are those of the supervisor's clock."""

    unit: Unit
    state: State = State.WAITING
    process: subprocess.Popen[bytes] | None = None
    created: float = 0.0
    """When the kernel made the process: with the pid, the identity that a reused pid does not share."""
    started_at: float = 0.0
    ready_after_s: float | None = None
    due_at: float = 0.0
    deaths: list[float] = field(default_factory=list)
    restarts: int = 0
    exit_code: int | None = None

    @property
    def pid(self) -> int | None:
        """Return the living process's number."""
        return self.process.pid if self.process is not None else None

    @property
    def serves(self) -> bool:
        """Tell whether those that wait for this unit may start."""
        return self.state in {State.READY, State.DONE}
