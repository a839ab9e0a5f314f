"""A receiver that fails is left alone for a while; what is due to it waits without an attempt spent."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from core.database import Database
from core.platform.webhooks.sending import Attempt
from tests.integration.webhooks.conftest import Receiver


@pytest.fixture
def due_again(database: Database) -> Callable[[], Any]:
    """Have everything due now, and tell how many attempts were spent."""

    def look() -> Any:
        with database.transaction() as session:
            session.execute(text("UPDATE webhook_deliveries SET next_attempt_at = now()"))
            return session.execute(text("SELECT sum(attempts) FROM webhook_deliveries")).scalar_one()

    return look


def test_after_five_failures_nothing_is_sent_and_no_attempt_is_spent(
    receiver: Receiver,
    submit_job: Callable[..., UUID],
    end: Callable[..., None],
    deliver_due: Callable[[], list[Attempt]],
    due_again: Callable[[], Any],
) -> None:
    receiver.statuses(503)
    end(submit_job("platform.echo", {}, callback_url=receiver.url), {})
    for _ in range(5):
        assert [attempt.status for attempt in deliver_due()] == [503]
        due_again()
    (refused,) = deliver_due()
    assert refused.error is not None
    assert refused.error.startswith("breaker_open")
    assert len(receiver.got) == 5
    assert due_again() == 5
