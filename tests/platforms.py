"""Whole platforms, started as a user starts them."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from penstock_client import Client

from webapp.cli._checkout import CHECKOUT, own_environ

START_WITHIN_S = 180


@dataclass(frozen=True, slots=True)
class Platform:
    """A running platform."""

    data_dir: Path
    url: str
    api_key: str
    client: Client

    def pids(self) -> dict[str, int]:
        """Return the processes as they are now; a restarted one has another number."""
        pids: dict[str, int] = json.loads((self.data_dir / "run" / "endpoint.json").read_text())["pids"]
        return pids


@contextmanager
def running_platform(data_dir: Path, **environ: str) -> Iterator[Platform]:
    """Bring a platform up on any free ports, with settings of its own if need be, and down again."""
    where = ("--data-dir", str(data_dir))
    _penstock("up", "--detach", "--port", "0", *where, within_s=START_WITHIN_S, **environ)
    try:
        written = json.loads((data_dir / "run" / "endpoint.json").read_text())
        with Client(written["url"], written["api_key"]) as client:
            yield Platform(data_dir, written["url"], written["api_key"], client)
    finally:
        _penstock("down", *where, within_s=120)


def _penstock(*words: str, within_s: float, **environ: str) -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "webapp.cli", *words],
        cwd=CHECKOUT,
        env=own_environ(**environ),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=within_s,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
