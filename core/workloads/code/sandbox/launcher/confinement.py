"""Confinement: what a process gives up for good, just before it becomes the program."""

import math
import os
import resource
from collections.abc import Callable, Collection

from core.workloads.code.sandbox.launcher import box, kernel, landlock, seccomp
from core.workloads.code.sandbox.launcher.orders import Limits, Order
from core.workloads.code.sandbox.layers import Layer

MIB = 1 << 20
PATH = "/usr/local/bin:/usr/bin:/bin"


class LayerMissing(Exception):
    """A layer could not be raised, so nothing may run."""

    def __init__(self, layer: str, reason: object) -> None:
        super().__init__(f"{layer}: {reason}")
        self.layer = layer
        self.reason = str(reason)


def confine(order: Order, home: str) -> None:
    """Raise the layers that hold the process itself; raises `LayerMissing`."""
    steps: dict[str, Callable[[], None]] = {
        Layer.RLIMITS: lambda: limit_resources(order.limits),
        Layer.CAPABILITIES: kernel.drop_capabilities,
        Layer.NO_NEW_PRIVILEGES: lambda: kernel.prctl(kernel.PR_SET_NO_NEW_PRIVS, 1),
        Layer.LANDLOCK: lambda: _landlock(order, home),
        Layer.SECCOMP: lambda: seccomp.restrict(socket_pairs=order.socket_pairs),
    }
    for layer, step in steps.items():
        if layer not in order.without:
            try:
                step()
            except (OSError, ValueError) as error:
                raise LayerMissing(layer, error) from error


def limit_resources(limits: Limits) -> None:
    """Limit this process and each of its children."""
    cpu_s = math.ceil(limits.cpu_s)
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_s, cpu_s + 1))  # who ignores the first signal gets the second
    for which, value in (
        (resource.RLIMIT_FSIZE, limits.disk_mib * MIB),
        (resource.RLIMIT_NOFILE, limits.open_files),
        (resource.RLIMIT_NPROC, limits.processes),
        (resource.RLIMIT_STACK, limits.stack_mib * MIB),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_MEMLOCK, 0),
        (resource.RLIMIT_MSGQUEUE, 0),
    ):
        resource.setrlimit(which, (value, value))


def environment(order: Order, home: str) -> dict[str, str]:
    """Make the program's environment from nothing: that of the platform holds secrets."""
    plain = {"PATH": PATH, "HOME": home, "LANG": "C.UTF-8", "TMPDIR": box.SCRATCH, "PYTHONDONTWRITEBYTECODE": "1"}
    return plain | dict(order.environ)


def keep_only(descriptors: Collection[int]) -> None:
    """Make these descriptors 0, 1, 2 in order and close all others when the program starts."""
    moved = [os.dup(one) for one in descriptors]
    for number, one in enumerate(moved):
        os.dup2(one, number)


def _landlock(order: Order, home: str) -> None:
    runnable = (*box.ALWAYS, *order.folders)
    landlock.restrict((*box.SETTINGS, "/proc"), runnable, (home, box.SCRATCH), box.DEVICES)
