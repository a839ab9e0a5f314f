"""Webhooks hear of what they ask for, and are disabled when nobody takes it any more."""

import json
import random
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Row, text

from core.database import Database
from core.platform.access import Principal, Role
from core.platform.webhooks import attempts, deliveries, failing, subscriptions
from core.platform.webhooks.attempts import delay_s
from core.platform.webhooks.sending import Attempt
from tests.conftest import make_principal
from tests.integration.webhooks.conftest import Receiver

Submit = Callable[..., UUID]
Subscribe = Callable[..., UUID]
BAD = Attempt(500, "refused: answered 500", 0.1)


@pytest.fixture
def subscribe(database: Database, admin: Principal, receiver: Receiver) -> Subscribe:
    def make(principal: Principal = admin, **asked: Any) -> UUID:
        fields = {"url": receiver.url, "events": ["job.succeeded", "job.failed"], **asked}
        with database.transaction() as session:
            return UUID(str(subscriptions.create(session, principal.tenant_id, fields).id))

    return make


@pytest.fixture
def read(database: Database, admin: Principal) -> Callable[[UUID], Row[Any]]:
    def get(webhook_id: UUID) -> Row[Any]:
        with database.statements() as session:
            return subscriptions.get_webhook(session, admin.tenant_id, webhook_id)

    return get


def execute(database: Database, statement: str) -> None:
    with database.transaction() as session:
        session.execute(text(statement))


@pytest.mark.parametrize(
    ("asked", "heard"),
    [
        ({}, True),
        ({"events": ["job.failed"]}, False),
        ({"kinds": ["platform.echo"]}, True),
        ({"kinds": ["platform.sleep"]}, False),
        ({"tags": ["a", "c"]}, True),
        ({"tags": ["c"]}, False),
        ({"active": False}, False),
    ],
)
def test_a_webhook_hears_of_what_it_asks_for(
    submit_job: Submit,
    end: Callable[..., None],
    subscribe: Subscribe,
    count: Callable[[str], int],
    asked: dict[str, Any],
    heard: bool,  # noqa: FBT001 - which side
) -> None:
    job_id = submit_job("platform.echo", {}, tags=["a", "b"])
    subscribe(**asked)  # jobs that were submitted before count, too
    end(job_id, {})
    assert count("webhook_deliveries") == heard
    assert count("job_settlements") == 0


def test_nobody_hears_of_another_tenants_jobs(
    submit_job: Submit, end: Callable[..., None], subscribe: Subscribe, database: Database, count: Callable[[str], int]
) -> None:
    subscribe(make_principal(database, "other", Role.ADMIN))
    end(submit_job("platform.echo", {}), {})
    assert count("webhook_deliveries") == 0


@pytest.mark.parametrize(
    ("before", "disabled"),
    [
        ((failing.MANY - 1, 6), True),
        ((failing.MANY - 2, 6), False),
        ((failing.MANY - 1, 4), False),
        ((0, 24 * 60 + 1), True),
        ((0, 24 * 60 - 1), False),
    ],
)
def test_it_is_disabled_when_it_has_failed_for_too_long(
    submit_job: Submit,
    end: Callable[..., None],
    subscribe: Subscribe,
    read: Callable[[UUID], Row[Any]],
    receiver: Receiver,
    deliver_due: Callable[[], list[Attempt]],
    database: Database,
    before: tuple[int, int],
    disabled: bool,  # noqa: FBT001 - which side
) -> None:
    webhook_id = subscribe()
    receiver.statuses(500)
    failures, minutes = before
    since = f"now() - interval '{minutes} minutes'"
    execute(database, f"UPDATE webhooks SET failures = {failures}, failing_since = {since}")
    end(submit_job("platform.echo", {}), {})
    deliver_due()
    webhook = read(webhook_id)
    assert (webhook.active, webhook.disabled_reason is None) == (not disabled, not disabled)
    with database.statements() as session:
        pending = session.scalar(text("SELECT count(*) FROM webhook_deliveries WHERE next_attempt_at IS NOT NULL"))
    assert pending == (0 if disabled else 1)


def test_a_success_forgets_the_failures(
    submit_job: Submit,
    end: Callable[..., None],
    subscribe: Subscribe,
    read: Callable[[UUID], Row[Any]],
    deliver_due: Callable[[], list[Attempt]],
    database: Database,
) -> None:
    webhook_id = subscribe()
    execute(database, "UPDATE webhooks SET failures = 19, failing_since = now() - interval '1 hour'")
    end(submit_job("platform.echo", {}), {})
    deliver_due()
    assert (read(webhook_id).failures, read(webhook_id).failing_since) == (0, None)


def test_who_is_gone_is_believed_at_once(
    submit_job: Submit,
    end: Callable[..., None],
    subscribe: Subscribe,
    read: Callable[[UUID], Row[Any]],
    receiver: Receiver,
    deliver_due: Callable[[], list[Attempt]],
) -> None:
    webhook_id = subscribe()
    receiver.statuses(410)
    end(submit_job("platform.echo", {}), {})
    deliver_due()
    assert "410" in read(webhook_id).disabled_reason


def test_for_a_day_after_a_rotation_both_secrets_sign(
    submit_job: Submit,
    end: Callable[..., None],
    subscribe: Subscribe,
    receiver: Receiver,
    deliver_due: Callable[[], list[Attempt]],
    database: Database,
    admin: Principal,
) -> None:
    webhook_id = subscribe()
    for rotated in ("now() - interval '23 hours'", "now() - interval '25 hours'"):
        with database.transaction() as session:
            subscriptions.rotate(session, admin.tenant_id, webhook_id)
        execute(database, f"UPDATE webhooks SET rotated_at = {rotated}")
        end(submit_job("platform.echo", {}), {})
        deliver_due()
    assert [len(headers["webhook-signature"].split()) for headers, _ in receiver.got] == [2, 1]


def test_a_replay_keeps_its_id_and_is_tried_anew(
    submit_job: Submit,
    end: Callable[..., None],
    subscribe: Subscribe,
    receiver: Receiver,
    deliver_due: Callable[[], list[Attempt]],
    database: Database,
    admin: Principal,
) -> None:
    webhook_id = subscribe()
    end(submit_job("platform.echo", {}), {})
    deliver_due()
    first = UUID(json.loads(receiver.got[0][1])["id"])
    with database.transaction() as session:
        deliveries.replay(session, admin.tenant_id, webhook_id, first, url=receiver.url)
    deliver_due()
    assert [headers["webhook-id"] for headers, _ in receiver.got] == [str(first)] * 2
    with database.transaction() as session, pytest.raises(deliveries.DeliveryMissing):
        deliveries.replay(session, admin.tenant_id, webhook_id, UUID(int=7), url=receiver.url)


def test_a_tenant_has_so_many_webhooks_and_no_more(
    subscribe: Subscribe, database: Database, admin: Principal, count: Callable[[str], int]
) -> None:
    for _ in range(subscriptions.MOST):
        subscribe()
    with pytest.raises(subscriptions.WebhooksTooMany):
        subscribe()
    assert count("webhooks") == subscriptions.MOST


def test_pauses_grow_to_a_ceiling_and_stay_within_a_day() -> None:
    rng = random.Random(1)
    pauses = [delay_s(attempt, rng) for attempt in range(1, 13)]
    assert 2.5 <= pauses[0] <= 5.0
    assert all(pause <= attempts.LONGEST_DELAY_S for pause in pauses)
    assert delay_s(10_000, rng) >= attempts.LONGEST_DELAY_S / 2


def test_an_attempt_for_a_webhook_that_was_deleted_harms_nobody(
    submit_job: Submit, end: Callable[..., None], subscribe: Subscribe, database: Database, admin: Principal
) -> None:
    webhook_id = subscribe()
    end(submit_job("platform.echo", {}), {})
    (due,) = attempts.take_due(database, room=8)
    with database.transaction() as session:
        subscriptions.remove(session, admin.tenant_id, webhook_id)
    with database.transaction() as session:
        assert not attempts.record(session, replace(due), BAD, random.Random(1))
