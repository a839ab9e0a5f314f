"""What a client sends for many jobs, and how it adds up the answers."""

import json
from collections.abc import Callable
from typing import Any

import httpx2
import pytest
from penstock_client import BulkOutcome, Client, Unreachable
from penstock_client import bulk as bulk_module

from tests.unit.client.conftest import Script

Make = Callable[..., tuple[Client, Script]]


def answer(*, changed: int, held: int = 0, cursor: str | None = None) -> httpx2.Response:
    told = {"matched": changed + held, "changed": changed, "skipped": {"unique_key_held": held}, "next_cursor": cursor}
    return httpx2.Response(200, json=told)


def bodies(script: Script) -> list[Any]:
    return [json.loads(request.content) for request in script.asked]


def test_an_action_goes_on_behind_each_page_until_none_is_left(client: Make) -> None:
    asker, script = client(answer(changed=3, held=1, cursor="c1"), answer(changed=2, held=1))
    outcome = asker.retry_many(tag="nightly", state=None)
    assert outcome == BulkOutcome(7, 5, {"unique_key_held": 2}, dry_run=False)
    meant = {"filter": {"tag": "nightly"}, "all": False, "dry_run": False}
    assert bodies(script) == [meant, {**meant, "cursor": "c1"}]
    assert {request.url.path for request in script.asked} == {"/api/v1/jobs/retry"}


def test_ids_travel_as_many_at_a_time_as_the_platform_takes(client: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk_module, "BULK_IDS", 2)
    asker, script = client(answer(changed=2), answer(changed=1))
    assert asker.cancel_many(["a", "b", "c"], dry_run=True).changed == 3
    assert bodies(script) == [{"ids": ["a", "b"], "dry_run": True}, {"ids": ["c"], "dry_run": True}]


def test_no_ids_are_no_jobs_and_ids_beside_a_filter_are_a_mistake(client: Make) -> None:
    asker, script = client(httpx2.Response(500))
    assert asker.cancel_many([]).matched == 0
    with pytest.raises(ValueError, match="either ids or filters"):
        asker.cancel_many(["a"], kind="platform.echo")
    with pytest.raises(ValueError, match="either ids or filters"):
        asker.cancel_many(["a"], everything=True)
    assert script.asked == []


def test_a_lost_answer_is_asked_for_again_except_to_a_retry(client: Make) -> None:
    canceller, script = client(httpx2.ReadTimeout("lost"), answer(changed=1))
    assert canceller.cancel_many(everything=True).changed == 1
    assert len(script.asked) == 2
    retrier, script = client(httpx2.ReadTimeout("lost"), answer(changed=1))
    with pytest.raises(Unreachable):
        retrier.retry_many(everything=True)
    assert len(script.asked) == 1
    assert retrier.retry_many(everything=True, dry_run=True).changed == 1


def test_each_request_of_many_submissions_keeps_a_key_of_its_own_when_it_is_sent_again(
    client: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk_module, "BULK_JOBS", 2)
    ids = [httpx2.Response(202, json={"ids": each}) for each in (["a", "b"], ["c"])]
    submitter, script = client(httpx2.ReadTimeout("lost"), *ids)
    handles = submitter.submit_many("platform.echo", [{}, {}, {}])
    keys = [request.headers["Idempotency-Key"] for request in script.asked]
    assert [handle.id for handle in handles] == ["a", "b", "c"]
    assert (keys[0] == keys[1], len(set(keys))) == (True, 2)


def test_a_key_given_for_many_submissions_is_the_same_each_time(client: Make) -> None:
    submitter, script = client(httpx2.Response(202, json={"ids": ["a"]}))
    for _ in range(2):
        submitter.submit_many("platform.echo", [{}], idempotency_key="mine")
    assert [request.headers["Idempotency-Key"] for request in script.asked] == ["mine/0"] * 2
