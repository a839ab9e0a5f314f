"""Ports on the loopback: free ones, remembered so that a restart listens where it did before."""

import json
import random
import socket
from collections.abc import Iterable
from pathlib import Path

from core.errors import Conflict
from core.platform.servers.folder import write_private

# Below the range from which Linux takes the ports of outgoing connections, so that none of those lands on ours.
LOWEST, HIGHEST = 20_000, 32_000


class PortTaken(Conflict):
    """The port is taken by another program."""

    code = "port_taken"


def claim_ports(path: Path, names: Iterable[str], *, rng: random.Random) -> dict[str, int]:
    """Return a free port for each name: the one remembered in `path` if still free, else a new one."""
    kept = remembered_ports(path)
    claimed: dict[str, int] = {}
    for name in names:
        port = kept.get(name)
        usable = port is not None and port not in claimed.values() and is_free(port)
        claimed[name] = (
            port if usable and port is not None else free_port(rng, avoid={*kept.values(), *claimed.values()})
        )
    write_private(path, json.dumps({**kept, **claimed}, indent=2))
    return claimed


def free_port(rng: random.Random, *, avoid: Iterable[int] = ()) -> int:
    """Return a port that nobody listens on; raises `PortTaken` when a thousand tries find none."""
    avoided = set(avoid)
    for _ in range(1_000):
        port = rng.randrange(LOWEST, HIGHEST)
        if port not in avoided and is_free(port):
            return port
    raise PortTaken(f"No free port found between {LOWEST} and {HIGHEST}.")


def is_free(port: int) -> bool:
    """Tell whether the port can be bound on the loopback and on every address."""
    return all(_can_bind(address, port) for address in ("127.0.0.1", "0.0.0.0"))  # noqa: S104 - bound for an instant, never listened on


def remembered_ports(path: Path) -> dict[str, int]:
    """Return the ports of the last start; none when there is no readable record."""
    try:
        return {str(name): int(port) for name, port in json.loads(path.read_text()).items()}
    except (OSError, ValueError, AttributeError):
        return {}


def _can_bind(address: str, port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, port))
        except OSError:
            return False
    return True
