"""Whole platforms, started as a user starts them: one shared by gentle tests, a fresh one for those that do harm."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
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


@pytest.fixture(scope="session")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    """The platform of this pytest process; tests leave it as they found it, but for jobs."""
    with running_platform(tmp_path_factory.mktemp("platform") / "data") as platform:
        yield platform


@pytest.fixture
def own_platform(tmp_path: Path) -> Iterator[Platform]:
    """A platform for one test, which may do to it what it likes."""
    with running_platform(tmp_path / "data") as platform:
        yield platform


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep the tests that share a platform in one process, and allow for its start where a test names no time."""
    for item in items:
        if item.path.parent == Path(__file__).parent:
            item.add_marker(pytest.mark.timeout(START_WITHIN_S + 120))
            if "platform" in getattr(item, "fixturenames", ()):
                item.add_marker(pytest.mark.xdist_group("shared platform"))


@contextmanager
def running_platform(data_dir: Path) -> Iterator[Platform]:
    """Bring a platform up on any free ports, and down again."""
    where = ("--data-dir", str(data_dir))
    _penstock("up", "--detach", "--port", "0", *where, within_s=START_WITHIN_S)
    try:
        written = json.loads((data_dir / "run" / "endpoint.json").read_text())
        with Client(written["url"], written["api_key"]) as client:
            yield Platform(data_dir, written["url"], written["api_key"], client)
    finally:
        _penstock("down", *where, within_s=120)


def _penstock(*words: str, within_s: float) -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "webapp.cli", *words],
        cwd=CHECKOUT,
        env=own_environ(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=within_s,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
