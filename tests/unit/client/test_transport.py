"""Requests that are sent again, and those that must not be."""

from collections.abc import Callable

import httpx2
import pytest
from penstock_client import Conflict, Denied, Endpoint, Invalid, NotFound, Overloaded, Refused, Unreachable
from penstock_client.transport import LONGEST_PAUSE_S, Transport, connect

from tests.unit.client.conftest import Script, Time

Make = Callable[..., tuple[Transport, Script]]
BUSY = httpx2.Response(503, json={"code": "streams_full", "detail": "come back later"})
OK = httpx2.Response(200, json={"fine": True})


def test_a_refused_connection_is_tried_again_until_it_is_answered(transport: Make, passing: Time) -> None:
    sender, script = transport(httpx2.ConnectError("refused"), httpx2.ReadTimeout("slow"), BUSY, OK)
    assert sender.send("GET", "/jobs").json() == {"fine": True}
    assert len(script.asked) == 4
    assert passing.slept == sorted(passing.slept)


@pytest.mark.parametrize("status", [429, 503])
def test_a_pause_is_no_shorter_than_the_platform_asks(transport: Make, passing: Time, status: int) -> None:
    busy = httpx2.Response(status, json={"code": "rate_limited"}, headers={"Retry-After": "7"})
    sender, _ = transport(busy, OK)
    sender.send("POST", "/jobs", body=b"{}")
    assert passing.slept == [7.0]


def test_a_retry_after_beyond_the_patience_ends_it_at_once(transport: Make, passing: Time) -> None:
    busy = httpx2.Response(429, json={"code": "quota_exceeded", "detail": "tomorrow"}, headers={"Retry-After": "3600"})
    sender, script = transport(busy, OK)
    with pytest.raises(Overloaded, match="tomorrow") as refused:
        sender.send("GET", "/jobs")
    assert (refused.value.code, len(script.asked), passing.slept) == ("quota_exceeded", 1, [])


def test_patience_ends_and_pauses_grow_no_further_than_the_longest(transport: Make, passing: Time) -> None:
    sender, script = transport(httpx2.ConnectError("refused"), patience_s=60)
    with pytest.raises(Unreachable, match=r"http://penstock.test.* does not answer: refused"):
        sender.send("GET", "/jobs")
    assert 60 - LONGEST_PAUSE_S <= sum(passing.slept) <= 60
    assert 10 < len(script.asked) < 30
    assert max(passing.slept) <= LONGEST_PAUSE_S


def test_what_cannot_be_repeated_is_sent_again_only_if_it_never_arrived(transport: Make) -> None:
    sender, script = transport(httpx2.ConnectError("refused"), BUSY, httpx2.ReadError("cut off"), OK)
    with pytest.raises(Unreachable, match="cut off"):
        sender.send("POST", "/jobs/bulk", body=b"{}", repeatable=False)
    assert len(script.asked) == 3


@pytest.mark.parametrize(
    ("status", "error"),
    [(400, Invalid), (401, Denied), (403, Denied), (404, NotFound), (409, Conflict), (422, Invalid)],
)
def test_a_problem_is_raised_at_once_with_its_document(transport: Make, status: int, error: type[Refused]) -> None:
    problem = {
        "title": "Wrong",
        "detail": "2 problems",
        "status": status,
        "code": "params_invalid",
        "errors": [{"pointer": "/params/n", "detail": "Not a number."}],
    }
    sender, script = transport(httpx2.Response(status, json=problem))
    with pytest.raises(error) as refused:
        sender.send("POST", "/jobs", body=b"{}")
    assert str(refused.value) == "2 problems\n  /params/n: Not a number."
    assert (refused.value.code, refused.value.status) == ("params_invalid", status)
    assert refused.value.problem["title"] == "Wrong"
    assert len(script.asked) == 1


def test_an_answer_that_is_no_problem_document_is_told_by_its_status(transport: Make) -> None:
    sender, _ = transport(httpx2.Response(502, text="<html>bad gateway</html>"))
    with pytest.raises(Refused, match="502 Bad Gateway") as refused:
        sender.send("GET", "/jobs")
    assert refused.value.status == 502


def test_a_nonsensical_address_is_no_traceback(transport: Make) -> None:
    sender = Transport(connect(Endpoint("nowhere", "")), 0)
    with pytest.raises(Unreachable, match="no address"):
        sender.send("GET", "/jobs")


def test_the_key_travels_as_a_bearer_token(transport: Make) -> None:
    sender, script = transport(OK)
    sender.send("GET", "/jobs")
    assert script.asked[0].headers["Authorization"] == "Bearer psk_1"
