"""Receivers that misbehave: every attempt is bounded, and what is wrong is told."""

import socket
import time
from http.server import BaseHTTPRequestHandler

import pytest

from core.platform.addresses import Border
from core.platform.webhooks.sending import Attempt, Sender
from tests.integration.webhooks.conftest import HERE, Receiver, say


def send(url: str, total_s: float = 30.0, border: Border | None = None) -> Attempt:
    return Sender(border or Border(HERE), total_s).send(url, b"{}", {"content-type": "application/json"})


@pytest.mark.parametrize(("status", "good"), [(199 + 1, True), (299, True), (300, False), (404, False), (503, False)])
def test_only_2xx_is_good(receiver: Receiver, status: int, good: bool) -> None:  # noqa: FBT001 - which side
    receiver.statuses(status)
    attempt = send(receiver.url)
    assert (attempt.status, attempt.succeeded) == (status, good)


def test_redirects_are_not_followed(receiver: Receiver) -> None:
    receiver.answer = lambda request: say(request, 307, Location=receiver.url)
    attempt = send(receiver.url)
    assert (attempt.status, len(receiver.got)) == (307, 1)
    assert attempt.error is not None
    assert attempt.error.startswith("redirected")


def test_megabytes_are_not_read(receiver: Receiver) -> None:
    def pour(request: BaseHTTPRequestHandler) -> None:
        request.send_response(200)
        request.end_headers()
        while not receiver.released.is_set():
            request.wfile.write(b"x" * 65536)

    receiver.answer = pour
    assert send(receiver.url).succeeded


@pytest.mark.parametrize("part", ["head", "body"])
def test_a_trickle_is_cut_off(receiver: Receiver, part: str) -> None:
    def trickle(request: BaseHTTPRequestHandler) -> None:
        request.wfile.write(b"HTTP/1.1 200 OK\r\n" + (b"Content-Length: 9999\r\n\r\n" if part == "body" else b"X: "))
        while not receiver.released.wait(0.05):
            request.wfile.write(b"x")
            request.wfile.flush()

    receiver.answer = trickle
    began_at = time.monotonic()
    attempt = send(receiver.url, total_s=1.0)
    assert time.monotonic() - began_at < 30
    assert attempt.error == "timed_out: no answer within 1 s"


def test_headers_without_end_are_refused(receiver: Receiver) -> None:
    receiver.answer = lambda request: say(
        request, 200, b"", **dict.fromkeys(map("X-{}".format, range(500)), "x" * 1000)
    )
    attempt = send(receiver.url)
    assert not attempt.succeeded


def test_who_does_not_listen_is_told_as_such() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        attempt = send(f"http://127.0.0.1:{taken.getsockname()[1]}/")
    assert attempt.status is None
    assert attempt.error is not None
    assert attempt.error.startswith("ConnectError")


def test_a_name_that_leads_inside_is_never_connected_to(receiver: Receiver) -> None:
    port = receiver.url.split(":")[2]
    attempt = send(f"http://innocent.example:{port}", border=Border(resolve=lambda *_: ["127.0.0.1"]))
    assert attempt.error is not None
    assert attempt.error.startswith("address_forbidden")
    assert receiver.got == []


def test_the_name_is_resolved_once_and_that_address_used(receiver: Receiver) -> None:
    asked: list[str] = []

    def resolve(host: str, _port: int) -> list[str]:
        asked.append(host)
        return ["127.0.0.1"] if len(asked) == 1 else ["127.0.0.2"]

    attempt = send(receiver.url.replace("127.0.0.1", "innocent.example"), border=Border(HERE, resolve))
    assert attempt.succeeded
    assert asked == ["innocent.example"]
    assert receiver.got[0][0]["host"].startswith("innocent.example:")
