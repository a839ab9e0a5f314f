"""The environments that benchmarks' peers are installed in: one for each lock file, in the cache folder."""

import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

import click

from webapp.cli._checkout import CHECKOUT, cache_folder, script

FOLDER = CHECKOUT / "tests" / "benchmarks"
VARIABLE = "PENSTOCK_BENCH_PEERS"
"""Tells a benchmark which interpreter has its peers."""


def lock_of(name: str) -> Path | None:
    """Return the lock file of a benchmark's peers: its own, or that of those who have none; None: there is neither."""
    locks = (FOLDER / f"requirements-{name}.lock", FOLDER / "requirements-peers.lock")
    return next((lock for lock in locks if lock.is_file()), None)


def interpreter(lock: Path) -> Path:
    """Return the interpreter that has the locked peers, making its environment if this lock has none yet."""
    fingerprint = hashlib.sha256(lock.read_bytes()).hexdigest()[:12]
    home = cache_folder() / f"peers-{fingerprint}"
    python = home / "bin" / "python"
    if not (home / ".complete").is_file():
        click.echo(f"Installing the peers into {home} ...", err=True)
        shutil.rmtree(home, ignore_errors=True)
        for argv in _installation(home, python, lock):
            if subprocess.run(argv, check=False).returncode:  # noqa: S603 - built below from the lock
                raise click.ClickException(f"The peers could not be installed: {' '.join(argv)}")
        (home / ".complete").touch()
    return python


def _installation(home: Path, python: Path, lock: Path) -> list[list[str]]:
    locked = ["--require-hashes", "-r", str(lock)]
    uv = shutil.which("uv") or shutil.which(script("uv"))
    if uv is not None:
        return [
            [uv, "venv", "-q", "--python", sys.executable, str(home)],
            [uv, "pip", "install", "-q", "--python", str(python), *locked],
        ]
    return [
        [sys.executable, "-m", "venv", str(home)],
        [str(python), "-m", "pip", "install", "-q", "--disable-pip-version-check", *locked],
    ]
