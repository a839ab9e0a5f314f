"""A round of twenty: four attack, three drop out, one is late, one sends 2 GiB; and a round that is trained here."""

import io
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any
from urllib.parse import quote, urlsplit

import httpx2
import numpy as np
import pytest

from tests.platforms import Platform
from tests.waiting import eventually

GIB = 1 << 30
MAX_BYTES = 1 << 20
TRUE = np.linspace(-1.0, 1.0, 50)
ATTACKERS = [f"site {place}" for place in range(4)]
HONEST = [f"site {place}" for place in range(4, 15)]
LATE, HUGE, ABSENT = "site 15", "site 16", [f"site {place}" for place in range(17, 20)]


def packed(values: Any) -> bytes:
    file = io.BytesIO()
    np.savez(file, w=values)
    return file.getvalue()


class Member:
    """A member at work, on the wire."""

    def __init__(self, platform: Platform, home: str) -> None:
        self.platform, self.home = platform, home
        self.headers = {"Authorization": f"Bearer {platform.api_key}", "Content-Type": "application/octet-stream"}

    def path(self, member: str) -> str:
        return f"/api/v1/federations/{self.home}/rounds/1/updates/{quote(member)}/content"

    def send(self, member: str, content: bytes) -> httpx2.Response:
        return httpx2.put(self.platform.url + self.path(member), content=content, headers=self.headers, timeout=60)

    def declare(self, member: str, length: int) -> str:
        """Say how long the body will be, send nothing of it, and return the answer's first line."""
        where = urlsplit(self.platform.url)
        told = {**self.headers, "Host": where.netloc, "Content-Length": str(length)}
        head = [f"PUT {self.path(member)} HTTP/1.1", *(f"{name}: {value}" for name, value in told.items()), "", ""]
        with socket.create_connection((str(where.hostname), where.port or 80), timeout=60) as wire:
            wire.sendall("\r\n".join(head).encode())
            return wire.makefile("rb").readline().decode().strip()

    def stream(self, member: str, length: int) -> int:
        """Send so many bytes without saying so before; return how many were taken off our hands."""
        where, chunk = urlsplit(self.platform.url), b"\0" * (1 << 16)
        told = {**self.headers, "Host": where.netloc, "Transfer-Encoding": "chunked"}
        head = [f"PUT {self.path(member)} HTTP/1.1", *(f"{name}: {value}" for name, value in told.items()), "", ""]
        with socket.create_connection((str(where.hostname), where.port or 80), timeout=60) as wire:
            wire.sendall("\r\n".join(head).encode())
            sent = 0
            with suppress(BrokenPipeError, ConnectionResetError):
                while sent < length:
                    wire.sendall(f"{len(chunk):x}\r\n".encode() + chunk + b"\r\n")
                    sent += len(chunk)
            return sent


@pytest.fixture
def twenty(platform: Platform) -> Iterator[Member]:
    federation = platform.client.federations.add(
        "twenty",
        strategy="multi_krum",
        settings={"faults": 4},
        form="change",
        quorum=12,
        max_bytes=MAX_BYTES,
        members=[*ATTACKERS, *HONEST, LATE, HUGE, *ABSENT],
    )
    yield Member(platform, "twenty")
    federation.remove()


def test_a_round_of_twenty_ends_by_its_deadline_with_the_right_members(platform: Platform, twenty: Member) -> None:
    federation = platform.client.federations["twenty"]
    federation.open_round(deadline_s=120, enough=15)
    assert twenty.declare(HUGE, 2 * GIB).startswith("HTTP/1.1 413")
    assert twenty.stream(HUGE, 2 * GIB) < 64 * MAX_BYTES  # what the network's buffers hold, and not 2 GiB
    rng = np.random.default_rng(1)
    contents = {name: packed(TRUE + 0.01 * rng.standard_normal(50)) for name in HONEST}
    contents |= {name: packed(-20.0 * TRUE) for name in ATTACKERS}
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda one: twenty.send(*one).status_code, contents.items()))
    assert answers == [200] * 15
    assert twenty.send(LATE, packed(TRUE)).json()["code"] == "round_closed"
    eventually(lambda: federation.read_round(1)["status"] == "published")
    told = federation.read_round(1)
    assert told["settled_at"] < told["closes_at"]
    parts = {one["client"]: one["share"] for one in told["outcome"]["clients"]}
    assert sorted(name for name, share in parts.items() if share) == sorted(HONEST)
    assert sorted(told["outcome"]["suspected"]) == sorted(ATTACKERS)
    assert set(parts) == {*HONEST, *ATTACKERS}


def test_a_federation_whose_members_train_here(platform: Platform) -> None:
    rng = np.random.default_rng(2)
    training = {"learner": {"learner": "logistic", "classes": 2}, "local": {"epochs": 3}}
    federation = platform.client.federations.add(
        "trained", strategy="fltrust", form="change", root="server", training=training
    )
    for name, turned in (("north", False), ("south", True), ("server", False)):
        inputs = rng.standard_normal((60, 2))
        sort = (inputs[:, 0] > 0).astype(int)
        targets = (1 - sort if turned else sort).tolist()
        federation.place(name, {"inputs": inputs.tolist(), "targets": targets})
    federation.open_round(enough=2)
    eventually(lambda: federation.read_round(1)["status"] == "published")
    parts = {one["client"]: one["share"] for one in federation.read_round(1)["outcome"]["clients"]}
    assert parts["south"] == 0.0 < parts["north"]
    federation.remove()
