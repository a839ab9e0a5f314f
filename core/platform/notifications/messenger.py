"""The messenger: a process of its own that hands messages to apprise, bounded where apprise bounds nothing.

It may connect only where webhooks may (the address itself is checked at each connection, whatever a name led to),
starts no program, follows no redirection, and is ended by the kernel when it takes too long or grows too large. It
reads one errand as JSON from standard input and writes one line for each message: null, or why it was not sent.
"""

import json
import logging
import resource
import signal
import socket
import sys
from collections.abc import Sequence
from ipaddress import ip_network
from typing import Any
from urllib.parse import urlsplit

from core.errors import Denied, PenstockError
from core.platform.addresses import Border, Network
from core.redaction import redact, redacting

TOTAL_S = 30
"""How long all messages of an errand may take together."""
MEMORY_BYTES = 400 << 20
SHORTEST_SECRET = 6
LONGEST_REASON = 300
_PORTS = frozenset({25, 80, 443, 465, 587})
_FIRST_FREE_PORT = 1024
_FORBIDDEN = frozenset({"subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.fork", "os.forkpty"})
_TYPES = ("info", "warning", "failure")


class DeedForbidden(Denied):
    """A messenger sends messages to public addresses and does nothing else."""

    code = "deed_forbidden"


def guard(allowed: Sequence[Network]) -> None:
    """Refuse from now on, for good, whatever a messenger is not for."""
    border = Border(allowed, resolve=lambda host, _port: [host])

    def look(event: str, args: tuple[Any, ...]) -> None:
        if event in _FORBIDDEN:
            raise DeedForbidden(event)
        if event in {"socket.connect", "socket.sendto"}:
            _check(border, args[0], args[-1])

    sys.addaudithook(look)


def _check(border: Border, connecting: socket.socket, address: Any) -> None:
    if connecting.family not in {socket.AF_INET, socket.AF_INET6}:
        raise DeedForbidden("only the network may be reached")
    host, port = address[0], address[1]
    # Names are looked up before; what comes here is what is connected to.
    border.addresses(host.partition("%")[0], port)
    if port not in _PORTS and port < _FIRST_FREE_PORT:
        raise DeedForbidden(f"port {port} is none of {sorted(_PORTS)} and below {_FIRST_FREE_PORT}")


def limit() -> None:
    """Let the kernel end this process when it takes too long or too much."""
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (TOTAL_S, TOTAL_S))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    signal.alarm(TOTAL_S)


def send_all(errand: dict[str, Any]) -> None:
    """Send each message of an errand and tell what came of it."""
    import apprise  # noqa: PLC0415 - so that what it loads is guarded, and nobody else pays for it

    asset = apprise.AppriseAsset(
        app_id="Penstock", app_desc="Penstock", app_url="", async_mode=False, http_redirects=False, secure_logging=True
    )
    said = _Said()
    logging.getLogger("apprise").addHandler(said)
    channel = apprise.Apprise.instantiate(errand["url"], asset=asset, suppress_exceptions=True)
    if channel is None:
        tell("channel_unusable: apprise does not understand the address", times=max(1, len(errand["messages"])))
        return
    if not errand["messages"]:
        tell(None)
    for message in errand["messages"]:
        said.lines.clear()
        kind = apprise.NotifyType(_TYPES[message["severity"]])
        tell(_send(channel, message, kind, said))


def _send(channel: Any, message: dict[str, Any], kind: Any, said: "_Said") -> str | None:
    try:
        sent = channel.notify(title=message["title"], body=message["body"], notify_type=kind)
    except PenstockError as error:
        return f"{error.code}: {error.detail}"
    except MemoryError:
        return "too_large: the answer did not fit into memory"
    except Exception as error:  # noqa: BLE001 - whatever a plugin raises is what came of the message
        return f"{type(error).__name__}: {error}"
    return None if sent else f"refused: {' '.join(said.lines)}"


def tell(error: str | None, *, times: int = 1) -> None:
    """Write what came of a message."""
    for _ in range(times):
        print(json.dumps(None if error is None else redact(error)[:LONGEST_REASON]), flush=True)  # noqa: T201 - its answer


def secrets_in(url: str) -> set[str]:
    """Return the parts of an address that may be secret: what stands for users, tokens and passwords."""
    parts = urlsplit(url)
    words = [parts.netloc.rpartition("@")[0], *parts.netloc.split("@")[0].split(":"), *parts.path.split("/")]
    words += [value for pair in parts.query.split("&") for value in pair.split("=")[1:]]
    if parts.scheme not in {"json", "jsons", "form", "forms", "xml", "xmls", "mailto", "mailtos"}:
        words.append(parts.netloc)
    return {url, *(word for word in words if len(word) >= SHORTEST_SECRET)}


class _Said(logging.Handler):
    """Keeps what apprise logs about a message that it did not send."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(record.getMessage())


def main() -> None:
    """Carry out one errand."""
    errand = json.loads(sys.stdin.read())
    limit()
    guard([ip_network(network) for network in errand["allowed"]])
    with redacting(secrets_in(errand["url"])):
        send_all(errand)


if __name__ == "__main__":
    main()
