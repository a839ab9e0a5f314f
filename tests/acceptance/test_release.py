"""What is handed out: the same bytes each time, and a wheel that runs where there is nothing but its dependencies."""

import hashlib
import json
import os
import subprocess
import sys
import venv
from collections.abc import Iterator
from pathlib import Path

import pytest
from penstock_client import Client

from webapp.cli._checkout import CHECKOUT, own_environ

pytestmark = pytest.mark.deep


def release(output: Path) -> dict[str, str]:
    """Make a release; each file's hash."""
    subprocess.run(
        [sys.executable, "-m", "webapp.cli", "release", "-o", str(output)],
        cwd=CHECKOUT,
        env=own_environ(),
        capture_output=True,
        text=True,
        check=True,
    )
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in output.iterdir()}


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory) -> Path:
    output = tmp_path_factory.mktemp("release")
    release(output)
    return output


@pytest.fixture(scope="module")
def installed(released: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment with the locked dependencies and the wheel, and nothing of the checkout."""
    home = tmp_path_factory.mktemp("installed")
    venv.create(home / "venv", with_pip=True)
    pip = [str(home / "venv/bin/python"), "-m", "pip", "install", "-q", "--disable-pip-version-check"]
    (wheel,) = released.glob("*.whl")
    for what in (["--require-hashes", "-r", str(CHECKOUT / "requirements.lock")], ["--no-deps", str(wheel)]):
        subprocess.run([*pip, *what], cwd=home, check=True, capture_output=True)
    return home


@pytest.fixture
def client(installed: Path) -> Iterator[Client]:
    """A platform of the installed wheel, started in an empty folder."""
    penstock, data = installed / "venv/bin/penstock", installed / "data"
    environ = {"PATH": os.defpath, "HOME": str(installed)}

    def run(*words: str) -> None:
        ended = subprocess.run(
            [penstock, *words, "--data-dir", data],
            cwd=installed,
            env=environ,
            capture_output=True,
            text=True,
            check=False,
        )
        assert ended.returncode == 0, ended.stderr

    run("up", "--detach", "--port", "0")
    try:
        told = json.loads((data / "run/endpoint.json").read_text())
        with Client(told["url"], told["api_key"]) as client:
            yield client
    finally:
        run("down")


@pytest.mark.timeout(1200)
def test_two_releases_of_the_same_sources_are_the_same_bytes(released: Path, tmp_path: Path) -> None:
    first = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in released.iterdir()}
    assert release(tmp_path) == first
    assert sorted(name.rpartition(".")[2] for name in first) == ["gz", "json", "txt", "whl"]


@pytest.mark.timeout(1200)
def test_the_wheel_runs_jobs_where_there_is_no_checkout(client: Client) -> None:
    assert client.submit("platform.echo", {"n": 1}).result(timeout=120) == {"n": 1}
    assert client.submit("platform.pi", {"points": 1000, "shards": 2}).result(timeout=120)
