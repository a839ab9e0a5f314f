"""A platform that answers from a script, and time that passes only when somebody waits."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import httpx2
import pytest
from penstock_client import Client, Endpoint
from penstock_client.transport import Transport, connect

Answer = httpx2.Response | Exception


@dataclass(slots=True)
class Script:
    """Answers in order, the last one again and again; keeps what was asked."""

    answers: list[Answer]
    asked: list[httpx2.Request] = field(default_factory=list)

    def __call__(self, request: httpx2.Request) -> httpx2.Response:
        request.read()
        self.asked.append(request)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        # A response is read once; the script may give it many times.
        return httpx2.Response(answer.status_code, headers=answer.headers, content=answer.content)


@dataclass(slots=True)
class Time:
    """A clock that moves when somebody sleeps."""

    now: float = 1000.0
    slept: list[float] = field(default_factory=list)

    def clock(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


@pytest.fixture
def passing() -> Time:
    return Time()


@pytest.fixture
def transport(passing: Time) -> Callable[..., tuple[Transport, Script]]:
    """Make a transport to a scripted platform."""

    def make(*answers: Answer, patience_s: float = 30.0) -> tuple[Transport, Script]:
        script = Script(list(answers))
        http = connect(Endpoint("http://penstock.test", "psk_1"), transport=httpx2.MockTransport(script))
        return Transport(http, patience_s, passing.clock, passing.sleep, random.Random(1)), script

    return make


@pytest.fixture
def client() -> Callable[..., tuple[Client, Script]]:
    """Make a client of a scripted platform; it waits in real time, but hardly."""

    def make(*answers: Answer, patience_s: float = 60.0) -> tuple[Client, Script]:
        script = Script(list(answers))
        http = httpx2.MockTransport(script)
        return Client("http://penstock.test", "psk_1", patience_s=patience_s, transport=http), script

    return make


@pytest.fixture
def job() -> Callable[..., dict[str, Any]]:
    """Make a job's document."""

    def make(state: str = "queued", **fields: Any) -> dict[str, Any]:
        return {
            "id": "01a1fb98-ff63-7000-874b-0107186cb1ad",
            "kind": "platform.echo",
            "state": state,
            "attempt": 0,
            "max_attempts": 3,
            "progress": None,
            "error": None,
            "result": {"n": 1} if state == "succeeded" else None,
            "result_url": None,
            "created_at": "2026-01-01T00:00:00Z",
            "started_at": None,
            "finished_at": None,
            **fields,
        }

    return make
