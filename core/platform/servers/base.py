"""What every embedded server offers: where its binaries may lie, how a data folder is made, run and probed."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Protocol

from core.errors import Missing, Transient
from core.platform.servers.account import Account
from core.platform.servers.credentials import Credentials
from core.platform.servers.folder import DataFolder
from core.platform.servers.program import Program


class ServerMissing(Missing):
    """A server that the platform needs is not installed."""

    code = "server_missing"


class ServerFailed(Transient):
    """A server did not start."""

    code = "server_failed"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A place where a server's binaries lie."""

    origin: str
    executable: Path
    base: Path = Path("/")
    parts: tuple[str, ...] = ()
    """What below `base` belongs together and runs from a copy as well; nothing for an installation of the system's."""


@dataclass(frozen=True, slots=True)
class Installation:
    """Binaries that were seen to run under the server account."""

    origin: str
    executable: Path
    version: tuple[int, ...]

    @property
    def label(self) -> str:
        """Name version and origin for people."""
        return f"{'.'.join(map(str, self.version))} ({self.origin})"


@dataclass(frozen=True, slots=True)
class Site:
    """All that one server needs to know to run from one data folder."""

    installation: Installation
    folder: DataFolder
    secrets: Credentials
    account: Account | None
    port: int


class Server(Protocol):
    """One server that can be run from a data folder."""

    name: ClassVar[str]
    variable: ClassVar[str]
    """The environment variable whose URL makes an embedded server needless."""
    oldest: ClassVar[tuple[int, ...]]
    advice: ClassVar[str]
    """The one line that installs it."""

    def candidates(self, environ: Mapping[str, str]) -> Iterator[Candidate]:
        """Name the places to look at, best first."""

    def initialize(self, site: Site) -> None:
        """Make the server's part of the data folder; whatever exists and is whole stays untouched."""

    def program(self, site: Site) -> Program:
        """Say how to start it."""

    def clear(self, folder: DataFolder) -> None:
        """Take away what a killed server left behind that would keep the next one from starting."""

    def url(self, secrets: Credentials, port: int) -> str:
        """Name it as its clients do."""

    def client_url(self, given: str) -> str:
        """Name a server that somebody else runs as the platform's clients need it."""

    def answers(self, url: str, *, within_s: float = 2.0) -> bool:
        """Tell whether it serves."""
