"""Hosts: network namespaces, each joined to the servers' by a link of its own that can be cut."""

import contextlib
import os
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass


class NoHosts(RuntimeError):
    """Hosts cannot be made here."""


@dataclass(frozen=True, slots=True)
class Host:
    """A host; the servers are at `gateway` for it."""

    number: int

    @property
    def name(self) -> str:
        """Its name: that of its namespace and of the near end of its link."""
        return f"pst-host{self.number}"

    @property
    def gateway(self) -> str:
        """The servers' address on its link."""
        return f"10.231.{self.number}.1"

    @property
    def address(self) -> str:
        """Its own."""
        return f"10.231.{self.number}.2"

    def command(self, argv: Sequence[str]) -> tuple[str, ...]:
        """Return the command line that runs another one there."""
        return ("ip", "netns", "exec", self.name, *argv)

    def cut(self) -> None:
        """Let nothing pass in either direction; nobody is told."""
        _ip("link", "set", self.name, "down")

    def heal(self) -> None:
        """Let all pass again."""
        _ip("link", "set", self.name, "up")


@contextlib.contextmanager
def hosts(count: int) -> Iterator[list[Host]]:
    """Make hosts for as long as the block lasts; raises `NoHosts` where that needs more rights or tools."""
    if os.geteuid() != 0 or shutil.which("ip") is None:
        raise NoHosts("hosts are network namespaces, which take root and the command `ip` (iproute2)")
    with contextlib.ExitStack() as stack:
        yield [stack.enter_context(_made(Host(number))) for number in range(1, count + 1)]


@contextlib.contextmanager
def _made(host: Host) -> Iterator[Host]:
    _ip("netns", "add", host.name)
    try:
        _ip("link", "add", host.name, "type", "veth", "peer", "name", "eth0", "netns", host.name)
        _ip("address", "add", f"{host.gateway}/30", "dev", host.name)
        _ip("link", "set", host.name, "up")
        _ip("-n", host.name, "address", "add", f"{host.address}/30", "dev", "eth0")
        _ip("-n", host.name, "link", "set", "eth0", "up")
        _ip("-n", host.name, "link", "set", "lo", "up")
        yield host
    finally:
        subprocess.run(["ip", "netns", "delete", host.name], check=False, capture_output=True)  # takes its link along


def _ip(*words: str) -> None:
    ended = subprocess.run(["ip", *words], check=False, capture_output=True, text=True)
    if ended.returncode:
        raise NoHosts(f"ip {' '.join(words)}: {ended.stderr.strip()}")
