"""The launcher process: takes orders from its maker until that is gone, one at a time.

It is small and has one thread, so that forking it is quick and safe whatever runs in the process that asks.
"""

import contextlib
import gc
import os
import resource
import signal
import socket
import sys
import traceback

from core.workloads.code.sandbox.launcher import cgroups, keeper, kernel, orders, seccomp


def main(descriptor: int) -> None:
    """Serve the socket of this number."""
    channel = socket.socket(fileno=descriptor)
    os.setsid()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)  # it ends when its maker does, having cleaned up
    _soften_limits()
    if os.getuid() == 0:
        os.setgroups([])  # or else its runs would belong to root's groups
    with contextlib.suppress(KeyError):
        seccomp.assemble(kernel.machine())
    with contextlib.suppress(OSError):
        cgroups.sweep()
    gc.disable()  # whoever is forked lives too briefly to collect anything, and would copy every page to try
    gc.freeze()
    count = 0
    while (order := orders.receive_order(channel)) is not None:
        count += 1
        try:
            ending = keeper.keep(order, f"{os.getpid()}-{count}", channel)
        except Exception:  # noqa: BLE001 - the asker hears of it as of any layer that is missing
            ending = orders.Ending(missing="launcher", reason=traceback.format_exc(limit=3))
        try:
            orders.send_ending(channel, ending)
        except BrokenPipeError:
            return


def _soften_limits() -> None:
    """Undo what the asking attempt was limited to: a run has limits of its own."""
    for which in (resource.RLIMIT_DATA, resource.RLIMIT_AS, resource.RLIMIT_NOFILE, resource.RLIMIT_STACK):
        with contextlib.suppress(ValueError, OSError):
            _, hard = resource.getrlimit(which)
            resource.setrlimit(which, (hard, hard))


if __name__ == "__main__":
    main(int(sys.argv[1]))
