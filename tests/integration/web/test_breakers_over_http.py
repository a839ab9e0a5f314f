"""Circuit breakers over HTTP: a tenant's own and the platform's, and the same in the metrics."""

from collections.abc import Callable
from uuid import UUID

import pytest
from flask import Flask

from core.ids import uuid7
from core.platform.access import Role
from core.platform.breakers.breaker import Breakers, tenant_breaker
from tests.integration.web.conftest import KeyClient, held_by


@pytest.fixture
def breakers(app: Flask, redis_url: str) -> Breakers:
    return held_by(app).breakers


def fail(breakers: Breakers, name: str, times: int = 5) -> None:
    for _ in range(times):
        breakers.settle(name, breakers.admit(name).ticket, "no answer")


def test_an_open_breaker_is_told_with_when_it_is_tried_again(
    breakers: Breakers, client_of: Callable[..., KeyClient]
) -> None:
    fail(breakers, "provider:there")
    (told,) = client_of(Role.VIEWER).get("/api/v1/breakers").get_json()["items"]
    assert (told["name"], told["state"], told["failures"], told["shared"]) == ("provider:there", "open", 5, True)
    assert (told["failure_limit"], told["open_s"], told["last_error"]) == (5, 60.0, "no answer")
    assert told["retry_at"].endswith("Z")


def test_another_tenants_breakers_are_nobodys_business(breakers: Breakers, client_of: Callable[..., KeyClient]) -> None:
    other: UUID = uuid7()
    fail(breakers, tenant_breaker("webhook", other, "hooks.example:443"))
    assert client_of(Role.ADMIN).get("/api/v1/breakers").get_json() == {"items": [], "next_cursor": None}


def test_the_metrics_tell_state_and_counts(breakers: Breakers, client_of: Callable[..., KeyClient]) -> None:
    fail(breakers, "provider:there")
    text = client_of(Role.OPERATOR).get("/api/v1/metrics").get_data(as_text=True)
    assert 'penstock_breaker_state{breaker="provider:there",state="open"} 1.0' in text
    assert 'penstock_breaker_failures_total{breaker="provider:there"} 5.0' in text
