"""Which models are set up: read from the environment by the workers that ask them; nothing is, unless it says so.

Asked by computations, which are handed no settings: only workers that serve this workload need to know.
"""

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from environs import Env, EnvValidationError
from marshmallow.validate import ContainsOnly, OneOf, Range

from core import redis
from core.config import SettingsInvalid
from core.platform.breakers.breaker import Breakers
from core.workloads.assistance.budget import Caps, SharedBudget
from core.workloads.assistance.chain import Chain, Link
from core.workloads.assistance.params import DATA_CLASSES
from core.workloads.assistance.pricing import UNITS_PER_USD
from core.workloads.assistance.providers.anthropic import Anthropic
from core.workloads.assistance.providers.base import Provider
from core.workloads.assistance.providers.openai_compatible import OpenAiCompatible

PROVIDERS: Mapping[str, Callable[[str, str], Provider]] = {
    "anthropic": Anthropic.at,
    "openai_compatible": OpenAiCompatible.at,
}
RULES = "rules"
_CAP = Range(min=0, max=100_000)


@dataclass(frozen=True, slots=True)
class Policy:
    """Which classes of data may leave for a model: freely, or released by somebody; all others never."""

    free: frozenset[str]
    held: frozenset[str]


@functools.cache
def policy() -> Policy:
    """Return this process's policy; raises `SettingsInvalid`."""
    env = Env(eager=False)
    known = ContainsOnly(DATA_CLASSES)
    free: list[str] = env.list("PENSTOCK_ASSISTANCE_FREE_CLASSES", ["public", "internal"], validate=known)
    held: list[str] = env.list("PENSTOCK_ASSISTANCE_HELD_CLASSES", ["personal"], validate=known)
    _sealed(env)
    return Policy(frozenset(free), frozenset(held))


@functools.cache
def chain() -> Chain:
    """Return this process's chain; raises `SettingsInvalid`."""
    env = Env(eager=False)
    named: str = env.str("PENSTOCK_ASSISTANCE_PROVIDER", RULES, validate=OneOf([RULES, *PROVIDERS]))
    url: str = env.str("PENSTOCK_ASSISTANCE_URL", "").rstrip("/")
    key: str = env.str("PENSTOCK_ASSISTANCE_KEY", "")
    models = {
        "model": env.str("PENSTOCK_ASSISTANCE_MODEL", ""),
        "cheaper_model": env.str("PENSTOCK_ASSISTANCE_CHEAPER_MODEL", ""),
    }
    installation = _caps(env, "", Decimal(1), Decimal(10))
    tenant, principal = _caps(env, "TENANT_"), _caps(env, "PRINCIPAL_")
    redis_url: str = env.str("REDIS_URL", "redis://127.0.0.1")
    _sealed(env)
    client = redis.connect(redis_url, timeout_s=0.5)
    links = []
    if named != RULES:
        provider = PROVIDERS[named](url, key)
        links = [Link(source, model, provider) for source, model in models.items() if model]
    budget = SharedBudget(client, installation, tenant, principal)
    return Chain(links, budget, Breakers.through(client), secrets=[key] if key else [])


def _sealed(env: Env) -> None:
    try:
        env.seal()
    except EnvValidationError as error:
        raise SettingsInvalid(f"{error}") from error


def _caps(env: Env, whose: str, day: Decimal | None = None, month: Decimal | None = None) -> Caps:
    """Read what somebody may spend, in dollars."""
    read = {"day": day, "month": month}
    usd = {
        name: env.decimal(f"PENSTOCK_ASSISTANCE_{whose}{name.upper()}_USD", default, validate=_CAP)
        for name, default in read.items()
    }
    return Caps(**{name: None if one is None else int(one * UNITS_PER_USD) for name, one in usd.items()})
