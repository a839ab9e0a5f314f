"""The compose file, run without Docker: each service a process as written there, until a job succeeds."""

import os
import random
import re
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import yaml
from penstock_client import Client
from penstock_client.login import log_in

from core.platform.first_login import EMAIL
from core.platform.servers.ports import free_port
from tests.waiting import eventually
from webapp.cli._checkout import CHECKOUT

DEPLOY = CHECKOUT / "deploy"
SECRETS = {
    "POSTGRES_PASSWORD": "of-postgres",
    "REDIS_PASSWORD": "of-redis",
    "PENSTOCK_SECRET_KEY": "q8wJx2vT5nLr7kPz3mYb9cHd4fGs6aQe",
    "FLOWER_PASSWORD": "of-flower",
}
SERVERS = {"postgres", "redis"}
CHOSEN = "twelve letters and more"


@dataclass(frozen=True, slots=True)
class Host:
    """What stands here for the addresses, ports and folders of containers."""

    folder: Path
    addresses: Mapping[str, str]
    ports: Mapping[str, str]

    def put_in(self, service: str, written: str) -> str:
        """Fill in the secrets as Docker would, then put this host's places in."""
        text = re.sub(r"\$\{(\w+):\?[^}]*\}", lambda match: SECRETS[match[1]], written)
        text = self.addresses.get(text, self.ports.get(text, text))
        return text.replace("/data", str(self.folder / "data")).replace("/tmp/", f"{self.folder}/tmp-{service}/")


@pytest.fixture
def host(database_url: str, redis_url: str, tmp_path: Path) -> Host:
    addresses = {
        f"postgresql://penstock:{SECRETS['POSTGRES_PASSWORD']}@postgres:5432/penstock": database_url,
        f"redis://:{SECRETS['REDIS_PASSWORD']}@redis:6379/0": redis_url,
    }
    ports: dict[str, str] = {}
    for inside in ("8000", "8001", "5555"):
        ports[inside] = str(free_port(random.Random(), avoid=map(int, ports.values())))
    (tmp_path / "data").mkdir()
    return Host(tmp_path, addresses, ports)


@pytest.mark.timeout(300)
@pytest.mark.parametrize(
    "without",
    [
        pytest.param({"stream", "worker-science", "worker-sandbox", "beat", "flower"}, id="what a job needs"),
        pytest.param(set(), id="all of it", marks=pytest.mark.deep),
    ],
)
def test_the_compose_file_brings_up_a_platform(host: Host, without: set[str]) -> None:
    services: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text())["services"]
    prepared = subprocess.run(
        command(host, "prepare", services["prepare"]),
        env=environ(host, "prepare", services["prepare"]),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert prepared.returncode == 0, prepared.stderr
    (password,) = re.findall(r"one-time password (\S+)", prepared.stdout)
    ours = {name: each for name, each in services.items() if name not in SERVERS | {"prepare"} | without}
    with running(host, ours):
        url = f"http://127.0.0.1:{host.ports['8000']}"
        login = log_in(url, EMAIL, password, new_password=CHOSEN)
        with Client(url, login.access_token) as client:
            assert client.submit("platform.echo", {"hello": "compose"}).result(timeout=60) == {"hello": "compose"}
            if "worker-science" in ours:
                assert client.submit("platform.pi", {"points": 1000, "shards": 2}).result(timeout=120)


@contextmanager
def running(host: Host, services: Mapping[str, Any]) -> Iterator[None]:
    """Have services run for as long as the block lasts, each healthy by its own check."""
    processes = {name: start(host, name, service) for name, service in services.items()}
    try:
        for name, service in services.items():
            eventually(partial(is_healthy, host, name, service, processes[name]), 120)
        yield
    finally:
        for process in processes.values():
            process.terminate()
        ended = {name: process.wait(timeout=60) for name, process in processes.items()}
        for process in processes.values():
            kill_group(process)
    # Asked to stop, each of them does so by itself.
    assert set(ended.values()) <= {0, -signal.SIGTERM}, ended


def start(host: Host, name: str, service: Mapping[str, Any]) -> subprocess.Popen[bytes]:
    with (host.folder / f"{name}.log").open("wb") as log:
        return subprocess.Popen(
            command(host, name, service),
            cwd=host.folder / "data",
            env=environ(host, name, service),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )


def is_healthy(host: Host, name: str, service: Mapping[str, Any], process: subprocess.Popen[bytes]) -> bool:
    assert process.poll() is None, (host.folder / f"{name}.log").read_text()[-2000:]
    check: Mapping[str, Any] = service["healthcheck"]
    if check.get("disable"):
        return True
    kind, *words = check["test"]
    assert kind == "CMD"
    return subprocess.run([host.put_in(name, word) for word in words], check=False).returncode == 0


def command(host: Host, name: str, service: Mapping[str, Any]) -> Sequence[str]:
    """What the image is entered by, and the service's command behind it."""
    assert 'ENTRYPOINT ["penstock"]' in (DEPLOY / "Dockerfile").read_text()
    return [sys.executable, "-m", "webapp.cli", *(host.put_in(name, word) for word in service["command"])]


def environ(host: Host, name: str, service: Mapping[str, Any]) -> dict[str, str]:
    """What the image sets, and the service over it; nothing else but where programs lie."""
    (host.folder / f"tmp-{name}").mkdir(exist_ok=True)
    image = dict(re.findall(r"^(?:ENV)?\s+(P\w+)=(\S+)", (DEPLOY / "Dockerfile").read_text(), re.MULTILINE))
    del image["PATH"]
    given = {key: host.put_in(name, value) for key, value in (image | service["environment"]).items()}
    return {"PATH": os.environ["PATH"], "PYTHONPATH": str(CHECKOUT)} | given


def kill_group(process: subprocess.Popen[bytes]) -> None:
    """End what a process may have left behind."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        return
