"""Steering automation from Python: things are made once, waiting ends where it should."""

from collections.abc import Callable

import httpx2
import pytest
from penstock_client.autopilot import Autopilot
from penstock_client.transport import Transport


def answer(**fields: object) -> httpx2.Response:
    return httpx2.Response(200, json=fields)


def test_what_is_proposed_bears_a_key_of_its_own(transport: Callable[..., tuple[Transport, list[object]]]) -> None:
    way, script = transport(answer(id="1", state="proposed"))
    autopilot = Autopilot(way)
    autopilot.propose("pause_all", connection="ads")
    autopilot.propose("pause_all", connection="ads", idempotency_key="mine")
    keys = [request.headers["Idempotency-Key"] for request in script.asked]  # type: ignore[attr-defined]  # a script's
    assert keys[1] == "mine"
    assert len(keys[0]) == 36


def test_waiting_ends_with_the_state_or_in_time(transport: Callable[..., tuple[Transport, list[object]]]) -> None:
    way, _script = transport(answer(state="approved"), answer(state="applying"), answer(state="verified"))
    assert Autopilot(way).ended("1")["state"] == "verified"
    way, _script = transport(answer(state="failed"))
    assert Autopilot(way).published("1")["state"] == "failed"
    way, _script = transport(answer(state="gated"))
    with pytest.raises(TimeoutError):
        Autopilot(way).ended("1", timeout_s=2.0)


def test_a_connection_is_forced_to_go_only_by_word(transport: Callable[..., tuple[Transport, list[object]]]) -> None:
    way, script = transport(httpx2.Response(204))
    Autopilot(way).disconnect("shop ads")
    Autopilot(way).disconnect("shop ads", force=True)
    urls = [request.url.raw_path.decode() for request in script.asked]  # type: ignore[attr-defined]  # a script's
    assert [url.partition("/connections")[2] for url in urls] == ["/shop%20ads", "/shop%20ads?force=true"]
