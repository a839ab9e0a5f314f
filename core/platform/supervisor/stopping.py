"""The end of a platform: rank by rank in the right order, or everything at once."""

import signal
from contextlib import suppress

import psutil

from core.platform.servers.program import signal_group
from core.platform.supervisor.adoption import kill_orphans
from core.platform.supervisor.plan import stop_ranks
from core.platform.supervisor.signals import Signals
from core.platform.supervisor.supervision import Supervision, enter, reap
from core.platform.supervisor.unit import Child, State

FAST_AFTER_STOPS = 2


def stop_all(supervision: Supervision, signals: Signals) -> None:
    """Stop every child in order, each within its own time; a second request kills all that is left at once."""
    for child in supervision.children.values():
        if child.process is None and child.state is not State.DONE:
            enter(supervision, child, State.STOPPED)
    for rank in stop_ranks(list(supervision.children)):
        children = [child for name in rank if (child := supervision.children[name]).process is not None]
        _ask(supervision, children)
        _await(supervision, signals, children)
    kill_orphans({supervision.guard})


def _ask(supervision: Supervision, children: list[Child]) -> None:
    for child in children:
        enter(supervision, child, State.STOPPING)
        if child.process is not None:
            with suppress(ProcessLookupError):
                child.process.send_signal(child.unit.program.stop_signal)


def _await(supervision: Supervision, signals: Signals, children: list[Child]) -> None:
    began_at = supervision.clock()
    reap(supervision)
    while living := [child for child in children if child.process is not None]:
        waited_s = supervision.clock() - began_at
        for child in living:
            if signals.stops >= FAST_AFTER_STOPS or waited_s > child.unit.program.stop_within_s:
                _kill(child)
        signals.wait(0.2)
        reap(supervision)


def _kill(child: Child) -> None:
    """End a child with all below it before its leader's end lets them go astray."""
    if child.pid is None:
        return
    with suppress(psutil.NoSuchProcess):
        for process in psutil.Process(child.pid).children(recursive=True):
            with suppress(psutil.NoSuchProcess):
                process.kill()
    signal_group(child.pid, signal.SIGKILL)
