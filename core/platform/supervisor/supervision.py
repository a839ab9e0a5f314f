"""Keeping a platform's processes running: start, watch, restart; only a start gives up."""

import os
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

import psutil

from core.platform.servers.folder import DataFolder
from core.platform.servers.program import signal_group, spawn
from core.platform.supervisor.adoption import kill_orphans
from core.platform.supervisor.environment import ready_file
from core.platform.supervisor.exits import next_exit
from core.platform.supervisor.restarting import RestartPolicy, judge, recent
from core.platform.supervisor.rotation import rotate
from core.platform.supervisor.signals import Signals
from core.platform.supervisor.unit import Child, State

PROBE_EVERY_S = 0.05
ROTATE_EVERY_S = 30.0


class Observer(Protocol):
    """Who is told what happens."""

    @property
    def refresh_s(self) -> float | None:
        """Say how often `refresh` is wanted while nothing happens; `None` for never."""

    def changed(self, supervision: "Supervision", child: Child | None) -> None:
        """Learn that one process entered another state, or, without one, that all are ready for the first time."""

    def refresh(self, supervision: "Supervision") -> None:
        """Draw again what changes without an event."""


@dataclass(slots=True)
class Supervision:
    """The children of one platform, by name and in the order of their start."""

    children: dict[str, Child]
    folder: DataFolder
    observer: Observer
    policy: RestartPolicy = field(default_factory=RestartPolicy)
    guard: int = 0
    clock: Callable[[], float] = time.monotonic
    settled: bool = False
    """Whether all were ready once; from then on a crash degrades the platform instead of ending its start."""

    @property
    def state(self) -> str:
        """Sum up the platform."""
        missing = [child for child in self.children.values() if not child.serves]
        if any(child.state in {State.STOPPING, State.STOPPED} for child in missing):
            return "stopping"
        if not self.settled:
            return "starting"
        return "degraded" if missing else "ready"

    @property
    def failed(self) -> Child | None:
        """Return the process for want of which the platform cannot start."""
        crashed = (
            child for child in self.children.values() if child.state is State.CRASHED and not child.unit.optional
        )
        return None if self.settled else next(crashed, None)


def supervise(supervision: Supervision, signals: Signals) -> Child | None:
    """Keep all children running until a stop is asked for; returns the child that made the start fail, if one did."""
    rotate_at = refresh_at = supervision.clock()
    while not signals.stops:
        advance(supervision)
        if supervision.failed is not None:
            break
        now = supervision.clock()
        if now >= rotate_at:
            rotate(supervision.folder.logs)
            rotate_at = now + ROTATE_EVERY_S
        every_s = supervision.observer.refresh_s
        if every_s is not None and now >= refresh_at:
            supervision.observer.refresh(supervision)
            refresh_at = now + every_s
        wake_at = min(rotate_at, _next_due(supervision), refresh_at if every_s is not None else rotate_at)
        signals.wait(wake_at - supervision.clock())
    return supervision.failed


def advance(supervision: Supervision) -> None:
    """Take every step that is due now; never waits."""
    reap(supervision)
    for child in supervision.children.values():
        if child.state is State.STARTING:
            _check(supervision, child)
        elif _may_start(supervision, child):
            _start(supervision, child)
    if not supervision.settled and all(child.serves or _given_up(child) for child in supervision.children.values()):
        supervision.settled = True
        supervision.observer.changed(supervision, None)


def reap(supervision: Supervision) -> None:
    """Take note of every process that ended, and end what it left behind."""
    while (pid := next_exit()) is not None:
        child = next((child for child in supervision.children.values() if child.pid == pid), None)
        if child is None or child.process is None:
            os.waitpid(pid, 0)
            continue
        code = child.process.wait()
        child.process = None
        signal_group(pid, signal.SIGKILL)
        known = {known.pid for known in supervision.children.values() if known.pid} | {supervision.guard}
        kill_orphans(known)
        _ended(supervision, child, code)


def enter(supervision: Supervision, child: Child, state: State) -> None:
    """Put a child into another state and tell the observer."""
    child.state = state
    supervision.observer.changed(supervision, child)


def _may_start(supervision: Supervision, child: Child) -> bool:
    idle = child.state in {State.WAITING, State.BACKING_OFF, State.CRASHED}
    return idle and supervision.clock() >= child.due_at and _needs_met(supervision, child)


def _needs_met(supervision: Supervision, child: Child) -> bool:
    return all(supervision.children[name].serves for name in child.unit.after)


def _start(supervision: Supervision, child: Child) -> None:
    ready_file(supervision.folder, child.unit.name).unlink(missing_ok=True)
    log = supervision.folder.log(child.unit.name)
    child.started_at = supervision.clock()
    child.ready_after_s = None
    try:
        child.unit.before()
        child.process = spawn(child.unit.program, log)
        child.created = psutil.Process(child.process.pid).create_time()
    except (OSError, psutil.Error) as error:
        with log.open("a") as stream:
            stream.write(f"{child.unit.name} cannot be started: {error}\n")
        _ended(supervision, child, 127)
        return
    enter(supervision, child, State.STARTING)


def _check(supervision: Supervision, child: Child) -> None:
    waited_s = supervision.clock() - child.started_at
    if not child.unit.once and child.unit.ready():
        child.ready_after_s = round(waited_s, 3)
        enter(supervision, child, State.READY)
    elif waited_s > child.unit.ready_within_s and child.pid is not None:
        signal_group(child.pid, signal.SIGKILL)


def _ended(supervision: Supervision, child: Child, code: int) -> None:
    now = supervision.clock()
    child.exit_code = code
    if child.state is State.STOPPING:
        enter(supervision, child, State.STOPPED)
    elif child.unit.once:
        done = code == 0 and child.unit.ready()
        child.ready_after_s = round(now - child.started_at, 3)
        child.due_at = now + supervision.policy.cap_s
        enter(supervision, child, State.DONE if done else State.CRASHED)
    else:
        child.deaths = [*recent(child.deaths, now, supervision.policy), now]
        child.restarts += 1
        verdict = judge(child.deaths, now, supervision.policy)
        child.due_at = now + verdict.delay_s
        enter(supervision, child, State.CRASHED if verdict.crashed else State.BACKING_OFF)


def _given_up(child: Child) -> bool:
    return child.state is State.CRASHED and child.unit.optional


def _next_due(supervision: Supervision) -> float:
    """Return when something may have to be done that no signal announces."""
    now = supervision.clock()
    due = [child.due_at for child in supervision.children.values() if child.state in {State.BACKING_OFF, State.CRASHED}]
    if any(child.state is State.STARTING and not child.unit.once for child in supervision.children.values()):
        due.append(now + PROBE_EVERY_S)
    # A child whose time has come may wait for another one; looking again soon costs little and ends with that wait.
    return max(min(due, default=now + ROTATE_EVERY_S), now + PROBE_EVERY_S)
