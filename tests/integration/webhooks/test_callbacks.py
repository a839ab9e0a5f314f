"""The end of a job is told where its submission says, once, signed, and again until it arrives."""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from core.catalogue import Catalogue
from core.database import Database
from core.jobs import settling, stopping
from core.platform.access import Principal
from core.platform.webhooks import attempts
from core.platform.webhooks.delivering import Post, deliver
from core.platform.webhooks.sending import Attempt
from core.platform.webhooks.signing import PREFIX, secret_of
from tests.integration.webhooks.conftest import KEY, Receiver

Deliver = Callable[[], list[Attempt]]
Submit = Callable[..., UUID]


def due_now(database: Database) -> None:
    """Move the clock on to the next attempt."""
    with database.transaction() as session:
        session.execute(text("UPDATE webhook_deliveries SET next_attempt_at = now() WHERE next_attempt_at IS NOT NULL"))


def delivery(database: Database) -> Any:
    with database.statements() as session:
        return session.execute(text("SELECT * FROM webhook_deliveries")).one()


def test_an_end_is_told_once_and_signed(
    submit_job: Submit, end: Callable[..., None], receiver: Receiver, deliver_due: Deliver, admin: Principal
) -> None:
    job_id = submit_job("platform.echo", {"n": 1}, callback_url=receiver.url)
    end(job_id, {"n": 1})
    assert [attempt.succeeded for attempt in deliver_due()] == [True]
    assert deliver_due() == []
    ((headers, body),) = receiver.got
    document = json.loads(body)
    assert (document["type"], document["id"]) == ("job.succeeded", headers["webhook-id"])
    assert document["data"]["job"]["id"] == str(job_id)
    assert document["data"]["job"]["result"] == {"n": 1}
    key = base64.b64decode(secret_of(KEY, admin.tenant_id).removeprefix(PREFIX))
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    expected = base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()
    assert headers["webhook-signature"] == f"v1,{expected}"


def test_jobs_without_listeners_write_nothing(
    submit_job: Submit, end: Callable[..., None], count: Callable[[str], int]
) -> None:
    end(submit_job("platform.echo", {}), {})
    assert (count("webhook_deliveries"), count("job_settlements")) == (0, 0)


def test_a_cancelled_job_is_told_too(
    submit_job: Submit, database: Database, catalogue: Catalogue, receiver: Receiver, deliver_due: Deliver
) -> None:
    job_id = submit_job("platform.echo", {}, callback_url=receiver.url)
    with database.transaction() as session:
        stopping.stop(session, [job_id])
        settling.settle_batch(session, catalogue.kinds)
    deliver_due()
    assert [json.loads(body)["type"] for _, body in receiver.got] == ["job.cancelled"]


def test_what_fails_is_tried_again_under_the_same_id(
    submit_job: Submit, end: Callable[..., None], receiver: Receiver, deliver_due: Deliver, database: Database
) -> None:
    receiver.statuses(500, 500, 200)
    end(submit_job("platform.echo", {}, callback_url=receiver.url))
    for _ in range(4):
        deliver_due()
        due_now(database)
    assert len({headers["webhook-id"] for headers, _ in receiver.got}) == 1
    row = delivery(database)
    assert [entry["status"] for entry in row.log] == [500, 500, 200]
    assert (row.attempts, row.next_attempt_at, row.delivered_at is None) == (3, None, False)


@pytest.mark.parametrize(("age", "again"), [("23 hours 59 minutes", True), ("24 hours 1 minute", False)])
def test_it_is_tried_for_a_day(
    submit_job: Submit,
    end: Callable[..., None],
    receiver: Receiver,
    deliver_due: Deliver,
    database: Database,
    age: str,
    again: bool,  # noqa: FBT001 - which side of the limit
) -> None:
    receiver.statuses(500)
    end(submit_job("platform.echo", {}, callback_url=receiver.url))
    with database.transaction() as session:
        session.execute(text(f"UPDATE webhook_deliveries SET due_since = now() - interval '{age}'"))
    deliver_due()
    assert (delivery(database).next_attempt_at is not None) is again


def test_who_takes_a_delivery_has_it_alone_until_the_lease_is_over(
    submit_job: Submit, end: Callable[..., None], receiver: Receiver, database: Database, post: Post
) -> None:
    end(submit_job("platform.echo", {}, callback_url=receiver.url), {})
    (late,) = attempts.take_due(database, room=8)
    assert attempts.take_due(database, room=8) == []
    due_now(database)
    (next_one,) = attempts.take_due(database, room=8)
    assert (next_one.id, next_one.attempt) == (late.id, 2)
    with database.transaction() as session:
        assert not attempts.record(session, late, Attempt(500, "refused", 0.1), post.rng)
    deliver(post, next_one)
    assert [entry["status"] for entry in delivery(database).log] == [204]


def test_one_receivers_heap_hides_nobody_else(
    submit_job: Submit, end: Callable[..., None], receiver: Receiver, database: Database
) -> None:
    for _ in range(10):
        end(submit_job("platform.echo", {}, callback_url=receiver.url), {})
    end(submit_job("platform.echo", {}, callback_url="http://203.0.113.1/"), {})
    taken = attempts.take_due(database, room=8)
    assert sorted(due.receiver == "203.0.113.1:80" for due in taken) == [False] * attempts.EACH + [True]
    assert attempts.take_due(database, room=8, busy=[due.receiver for due in taken]) == []


def test_large_results_and_params_stay_out(
    submit_job: Submit, end: Callable[..., None], receiver: Receiver, deliver_due: Deliver
) -> None:
    end(submit_job("platform.echo", {"long": "x" * 70_000}, callback_url=receiver.url), {"long": "x" * 70_000})
    deliver_due()
    ((_, body),) = receiver.got
    job = json.loads(body)["data"]["job"]
    assert (job["params"], job["result"]) == (None, None)
    assert job["result_url"].endswith("/result")
    assert len(body) < 10_000
