"""Budgets hold to the last digit, however many ask at once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from decimal import Decimal
from uuid import UUID

import pytest

from core import redis
from core.workloads.assistance.budget import Caps, SharedBudget
from core.workloads.assistance.chain import Chain
from core.workloads.assistance.pricing import UNITS_PER_USD
from tests.integration.assistance.asking import ask
from tests.integration.assistance.conftest import Hands, Server

COST = Decimal("0.0007")
TENANT, OTHER = UUID(int=1), UUID(int=2)
_NONE = Caps()


def counted(redis_url: str, whose: str = "") -> Decimal:
    units = redis.connect(redis_url).get(f"penstock:assistance:spent:2026-11-01{whose}")
    return Decimal(int(str(units or 0))) / UNITS_PER_USD


@pytest.mark.parametrize("day_usd", [0.0034, 0.01, 0.0153, 1.0])
def test_fifty_jobs_at_once_never_pass_the_cap_and_add_up_exactly(
    make_chain: Callable[..., Chain], redis_url: str, day_usd: float
) -> None:
    chain = make_chain(day_usd=day_usd, cheaper=False)
    with ThreadPoolExecutor(50) as pool:
        told = list(pool.map(lambda number: ask(chain, f"text {number}"), range(50)))
    spent = sum((Decimal(one["cost_usd"]) for one in told), Decimal(0))
    answered = sum(one["source"] == "model" for one in told)
    assert spent == answered * COST == counted(redis_url)
    assert spent <= Decimal(str(day_usd))
    assert {one["source"] for one in told} <= {"model", "rules"}
    assert (answered == 50) is (day_usd == 1.0)


def test_calls_that_break_off_are_counted_at_what_they_cost_at_most(
    make_chain: Callable[..., Chain], server: Server, redis_url: str
) -> None:
    server.fault = "cut off"
    told = ask(make_chain(cheaper=False))
    assert Decimal(told["cost_usd"]) == counted(redis_url) > COST


def test_calls_that_never_began_cost_nothing(make_chain: Callable[..., Chain], server: Server, redis_url: str) -> None:
    server.fault = "rate limit"
    assert ask(make_chain(cheaper=False))["cost_usd"] == "0"
    assert counted(redis_url) == 0


def test_beyond_nine_tenths_the_cheaper_model_is_asked(
    make_chain: Callable[..., Chain], redis_url: str, server: Server
) -> None:
    redis.connect(redis_url).set("penstock:assistance:spent:2026-11-01", int(0.9 * UNITS_PER_USD))
    told = ask(make_chain(day_usd=1.0))
    assert (told["source"], told["reason"]) == ("cheaper_model", "claude-sonnet-5-5: budget_spent")
    assert server.asked[0]["model"] == "claude-haiku-5-5"


def test_just_below_nine_tenths_the_model_is_asked(make_chain: Callable[..., Chain], redis_url: str) -> None:
    redis.connect(redis_url).set("penstock:assistance:spent:2026-11-01", int(0.9 * UNITS_PER_USD) - 1)
    assert ask(make_chain(day_usd=1.0))["source"] == "model"


def test_a_job_spends_no_more_than_it_may(make_chain: Callable[..., Chain], server: Server) -> None:
    chain = make_chain(cheaper=False)
    most = (len(b"Why?") + len(b"The breaker tripped.") + 256) * 2 + 200 * 10  # millionths of a dollar
    assert ask(chain, budget_usd=f"{Decimal(most - 1) / 1_000_000:f}")["source"] == "rules"
    assert server.asked == []
    assert ask(chain, budget_usd=f"{Decimal(most) / 1_000_000:f}")["source"] == "model"


def test_the_month_bounds_as_the_day_does_and_a_new_one_begins_anew(
    make_chain: Callable[..., Chain], clock: Hands
) -> None:
    chain = make_chain(month_usd=0.003, cheaper=False)
    assert ask(chain)["source"] == "model"
    assert ask(chain, "another text")["source"] == "rules"
    clock.move(30 * 86_400)
    assert ask(chain, "another text")["source"] == "model"


def test_while_redis_is_away_nothing_is_spent(make_chain: Callable[..., Chain], server: Server) -> None:
    chain = make_chain()
    away = SharedBudget(redis.connect("redis://127.0.0.1:1", timeout_s=0.2), Caps(UNITS_PER_USD, UNITS_PER_USD))
    told = ask(Chain(chain.links, away, chain.breakers, clock=chain.clock))
    assert told["source"] == "rules"
    assert server.asked == []


def capped(
    chain: Chain, tenant_id: UUID, principal_id: UUID | None, *, tenant: Caps = _NONE, principal: Caps = _NONE
) -> Chain:
    assert isinstance(chain.budget, SharedBudget)
    budget = replace(chain.budget, tenant=tenant, principal=principal)
    return replace(chain, budget=budget).of(tenant_id, principal_id)


def test_one_tenants_cap_binds_that_tenant_alone(make_chain: Callable[..., Chain]) -> None:
    shared, bound = make_chain(cheaper=False), Caps(day=0)
    told = ask(capped(shared, TENANT, None, tenant=bound))
    assert told["tried"][0]["outcome"] == "budget_spent"
    assert ask(shared)["source"] == "model"
    for tenant_id, is_granted in ((TENANT, True), (TENANT, False), (OTHER, True)):
        budget = capped(shared, tenant_id, None, tenant=Caps(day=10)).budget
        assert budget.reserve(6, shared.clock()).granted is is_granted


@pytest.mark.parametrize("cap_usd", ["0.0034", "0.0153"])
def test_fifty_jobs_of_two_principals_never_pass_the_cap_of_each_and_add_up_exactly(
    make_chain: Callable[..., Chain], redis_url: str, cap_usd: str
) -> None:
    cap = Caps(day=int(Decimal(cap_usd) * UNITS_PER_USD))
    shared, people = make_chain(cheaper=False), (UUID(int=11), UUID(int=12))
    chains = [capped(shared, TENANT, one, tenant=Caps(day=UNITS_PER_USD), principal=cap) for one in people]
    with ThreadPoolExecutor(50) as pool:
        told = list(pool.map(lambda number: ask(chains[number % 2], f"text {number}"), range(50)))
    each = [sum((Decimal(one["cost_usd"]) for one in told[half::2]), Decimal(0)) for half in (0, 1)]
    assert each == [counted(redis_url, f":{TENANT}:{one}") for one in people]
    assert all(COST <= one <= Decimal(cap_usd) for one in each)
    assert sum(each) == counted(redis_url, f":{TENANT}") == counted(redis_url)
    assert sum(one["source"] == "model" for one in told) * COST == sum(each)


def test_nine_tenths_of_a_principals_month_lead_to_the_cheaper_model(
    make_chain: Callable[..., Chain], redis_url: str
) -> None:
    shared, somebody = make_chain(), UUID(int=11)
    redis.connect(redis_url).set(f"penstock:assistance:spent:2026-11:{TENANT}:{somebody}", int(0.9 * UNITS_PER_USD))
    bound = Caps(month=UNITS_PER_USD)
    assert ask(capped(shared, TENANT, somebody, principal=bound))["source"] == "cheaper_model"
    assert ask(capped(shared, TENANT, UUID(int=12), principal=bound), "another text")["source"] == "model"
