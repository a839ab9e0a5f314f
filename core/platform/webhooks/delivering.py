"""Delivering: one attempt from the row to the receiver and back, no transaction open in between.

A receiver that failed five times in a row is left alone for a minute: what is due to it waits, no attempt is spent.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus

import structlog

from core.database import Database
from core.platform.breakers.breaker import BreakerOpen, Breakers, tenant_breaker
from core.platform.webhooks import attempts
from core.platform.webhooks.attempts import Due
from core.platform.webhooks.sending import Attempt, Sender
from core.platform.webhooks.signing import secret_of, signed_headers

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Post:
    """What a courier holds to deliver."""

    database: Database
    sender: Sender
    secret_key: str
    rng: random.Random
    clock: Callable[[], datetime]
    breakers: Breakers


def deliver(post: Post, due: Due) -> Attempt:
    """Make one attempt at a delivery that was taken, and write down what came of it."""
    breaker = tenant_breaker("webhook", due.tenant_id, due.receiver)
    admission = post.breakers.admit(breaker)
    if not admission.allowed:
        return _put_off(post, due, admission.wait_s)
    body = due.body.encode()
    signed = signed_headers(_secrets(post.secret_key, due), due.id, body, now=post.clock())
    headers = {"content-type": "application/json", "user-agent": "Penstock-Webhooks/1", **signed}
    attempt = post.sender.send(due.url, body, headers)
    post.breakers.settle(breaker, admission.ticket, attempt.error if _is_outage(attempt) else None)
    with post.database.transaction() as session:
        attempts.record(session, due, attempt, post.rng)
    log.info(
        "webhook.delivered" if attempt.succeeded else "webhook.attempt_failed",
        delivery_id=str(due.id),
        tenant_id=str(due.tenant_id),
        attempt=due.attempt,
        status=attempt.status,
        error=attempt.error,
    )
    return attempt


def _put_off(post: Post, due: Due, wait_s: float) -> Attempt:
    with post.database.transaction() as session:
        attempts.put_off(session, due, wait_s)
    log.info("webhook.put_off", delivery_id=str(due.id), tenant_id=str(due.tenant_id), wait_s=round(wait_s, 3))
    return Attempt(None, f"{BreakerOpen.code}: {BreakerOpen.title()}", 0.0)


def _is_outage(attempt: Attempt) -> bool:
    """Tell whether the receiver is in trouble; one that refuses a message is there."""
    return attempt.status is None or attempt.status >= HTTPStatus.INTERNAL_SERVER_ERROR


def _secrets(secret_key: str, due: Due) -> list[str]:
    owner = due.webhook_id or due.tenant_id
    versions = [due.secret_version]
    if due.older_secret_holds and due.secret_version > 1:
        versions.append(due.secret_version - 1)
    return [secret_of(secret_key, owner, version) for version in versions]
