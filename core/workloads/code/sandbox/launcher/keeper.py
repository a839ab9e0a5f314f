"""Outside: keeps one run to its limits, kills it as a whole, and says what became of it."""

import json
import os
import shutil
import signal
import socket
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from core.workloads.code.sandbox.launcher import box, cgroups, inmate, kernel
from core.workloads.code.sandbox.launcher.orders import Ending, Order
from core.workloads.code.sandbox.launcher.watching import ENDED, Doors, Watch
from core.workloads.code.sandbox.layers import Layer

INNER_ID = 1000
_POOL_FIRST, _POOL_SIZE = 61_184, 4_000
"""Users that a launcher run by root gives its runs: beyond those of people, packages and systemd's dynamic ones."""


def keep(order: Order, name: str, asker: socket.socket) -> Ending:
    """Run an order and return what became of it; nothing of it is left afterwards."""
    group = None
    if Layer.CGROUP not in order.without:
        try:
            group = cgroups.make(name)
            group.limit(order.limits.memory_mib, order.limits.processes)
        except OSError as error:
            if group is not None:
                group.remove()
            return Ending(missing=Layer.CGROUP, reason=str(error))
    try:
        return _keep_in(order, group, int(name.rpartition("-")[2]), asker)
    finally:
        if group is not None:
            group.kill()
            group.remove()


def _keep_in(order: Order, group: cgroups.Group | None, number: int, asker: socket.socket) -> Ending:
    user = _POOL_FIRST + (os.getpid() * 7 + number) % _POOL_SIZE if os.getuid() == 0 else os.getuid()
    if not order.without & {Layer.NAMESPACES, Layer.ROOT}:
        return _watched(order, group, user, box.HOME, asker)
    home = _folder(order, user)
    try:
        return _watched(order, group, user, home, asker)
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _folder(order: Order, user: int) -> str:
    """Make a folder on the host, for a program that has no box of its own."""
    home = tempfile.mkdtemp(prefix="penstock-box-")
    box.fill(home, order.files)
    if os.getuid() == 0:
        for path in (home, *(f"{home}/{name}" for name in order.files)):
            os.chown(path, user, user)
    return home


def _watched(order: Order, group: cgroups.Group | None, user: int, home: str, asker: socket.socket) -> Ending:
    (stdin_in, stdin), (stdout, stdout_in), (stderr, stderr_in) = os.pipe(), os.pipe(), os.pipe()
    (report, report_in), (collected, collected_in), (go, go_in) = os.pipe(), os.pipe(), os.pipe()
    began = time.monotonic()
    apart = Layer.NAMESPACES not in order.without
    try:
        child = kernel.fork_into_namespaces(kernel.ALL_NAMESPACES) if apart else os.fork()
    except OSError as error:
        for door in (stdin_in, stdin, stdout, stdout_in, stderr, stderr_in, report, report_in):
            os.close(door)
        for door in (collected, collected_in, go, go_in):
            os.close(door)
        return Ending(missing=Layer.NAMESPACES, reason=str(error))
    if not child:
        for door in (stdin, stdout, stderr, report, collected, go_in):
            os.close(door)
        if os.read(go, 1):
            _become(INNER_ID if apart else user)
            inmate.live(order, inmate.Doors(stdin_in, stdout_in, stderr_in, report_in, collected_in), home)
        os._exit(1)
    for door in (stdin_in, stdout_in, stderr_in, report_in, collected_in, go):
        os.close(door)
    watch = Watch(order, Doors(stdin, stdout, stderr, report, collected), asker)
    missing = _let_go(child, go_in, group, user if apart else None)
    watch.until(began + order.limits.wall_s, child, group)
    _, _, usage = os.wait4(child, 0)
    return missing or _ending(watch, group, usage, time.monotonic() - began)


def _let_go(child: int, go: int, group: cgroups.Group | None, user: int | None) -> Ending | None:
    """Put a waiting child where it belongs and let it begin; or say what is missing, and have it end."""
    layer = Layer.CGROUP
    try:
        if group is not None:
            group.enter(child)
        layer = Layer.NAMESPACES
        if user is not None:
            _map_user(child, user)
        os.write(go, b"!")
    except OSError as error:
        return Ending(missing=layer, reason=str(error))
    finally:
        os.close(go)
    return None


def _map_user(child: int, user: int) -> None:
    """Let one user of the host be the only one that exists in the child's namespace."""
    for name, text in (("setgroups", "deny"), ("uid_map", f"{INNER_ID} {user} 1"), ("gid_map", f"{INNER_ID} {user} 1")):
        if name == "gid_map" and os.getuid() != 0:
            text = f"{INNER_ID} {os.getgid()} 1"  # noqa: PLW2901 - an ordinary user may name no group but its own
        Path(f"/proc/{child}/{name}").write_text(text)


def _become(user: int) -> None:
    """Be this user from now on, on the host or in the namespace where only it exists."""
    if os.getuid() != user:
        os.setresgid(user, user, user)
        os.setresuid(user, user, user)
    os.setsid()


def _ending(watch: Watch, group: cgroups.Group | None, usage: Any, wall_s: float) -> Ending:
    stdout, stderr, facts = watch.stdout, watch.stderr, watch.facts
    if "missing" in facts:
        return Ending(missing=facts["missing"], reason=facts["reason"])
    if watch.limit is None and not facts.keys() & ENDED:
        if group is None or group.ran_out() != "memory":
            return Ending(missing="launcher", reason="the box ended without a report")
        facts |= {"signal": signal.SIGKILL, "cpu_s": 0.0}  # the kernel ended the box's first process
    ended_by = facts.get("signal")
    cpu_s = max(usage.ru_utime + usage.ru_stime, facts.get("cpu_s", 0.0))
    limit = watch.limit or _limit_of(ended_by, group, facts, watch.order)
    return Ending(
        exit_code=facts.get("exit_code"),
        signal=ended_by,
        limit=limit,
        stdout=bytes(stdout.content),
        stderr=bytes(stderr.content),
        stdout_truncated=stdout.truncated,
        stderr_truncated=stderr.truncated,
        wall_s=wall_s,
        cpu_s=cpu_s,
        peak_kib=max(group.peak_kib() if group else 0, facts.get("peak_kib", 0)),
        collected=_unpacked(bytes(watch.collected.content)),
    )


def _limit_of(ended_by: int | None, group: cgroups.Group | None, facts: Mapping[str, Any], order: Order) -> str | None:
    if ended_by == signal.SIGXCPU or (ended_by == signal.SIGKILL and facts["cpu_s"] >= order.limits.cpu_s):
        return "cpu"
    if ended_by == signal.SIGXFSZ:
        return "disk"
    met = group.ran_out() if group else None
    if met == "memory":
        return met
    return met if facts.get("exit_code") or ended_by else None


def _unpacked(content: bytes) -> dict[str, bytes]:
    if not content:
        return {}
    head_end = 8 + int.from_bytes(content[:8], "little")
    found, at = {}, head_end
    for name, size in json.loads(content[8:head_end]).items():
        found[name] = content[at : at + size]
        at += size
    return found
