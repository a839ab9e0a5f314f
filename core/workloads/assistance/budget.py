"""Budgets: reserved before a call, settled after it, each in one step that all workers share.

What the installation, each tenant and each principal may spend in a day and in a month is counted in Redis. Whoever
dies between the two steps leaves what it reserved counted; where Redis cannot be asked nothing is granted: either way
no cap is passed.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from redis import Redis, RedisError

WARN_AT, CHEAPER_AT = 0.75, 0.9
_PREFIX = "penstock:assistance:spent:"
_KEPT_S = 40 * 86_400
# Numbers of Lua's are exact to 2**53 units: 900,000 dollars.
_RESERVE = """
local wanted = tonumber(ARGV[1])
local fullest = 0
for place, key in ipairs(KEYS) do
  local cap = tonumber(ARGV[place + 2])
  local taken = tonumber(redis.call('GET', key) or '0')
  if taken + wanted > cap then return {0, '1'} end
  if cap > 0 and taken / cap > fullest then fullest = taken / cap end
end
for _, key in ipairs(KEYS) do
  redis.call('INCRBY', key, ARGV[1])
  redis.call('EXPIRE', key, ARGV[2])
end
return {1, tostring(fullest)}
"""


@dataclass(frozen=True, slots=True)
class Grant:
    """Whether a call may be made, and how much of the fullest cap was taken before it."""

    granted: bool
    taken_share: float
    units: int = 0
    keys: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Caps:
    """What may be spent in a day and in a month, in units of `pricing`; None: as much as others leave."""

    day: int | None = None
    month: int | None = None


_BOUNDLESS = Caps()


class Budget(Protocol):
    """What may be spent."""

    def of(self, tenant_id: UUID, principal_id: UUID | None) -> "Budget":
        """Return the same as it binds one principal of a tenant; None: nobody, as a schedule fired."""

    def taken_share(self, now: datetime) -> float:
        """Return how much of the fullest cap is taken."""

    def reserve(self, units: int, now: datetime) -> Grant:
        """Set so much aside, if every cap leaves it."""

    def settle(self, grant: Grant, units: int) -> None:
        """Count what was spent in the place of what was set aside."""


@dataclass(slots=True)
class SharedBudget:
    """What all workers together may spend."""

    redis: Redis
    installation: Caps
    tenant: Caps = _BOUNDLESS
    """What one tenant may spend of that."""
    principal: Caps = _BOUNDLESS
    """What one principal may spend of its tenant's."""
    tenant_id: UUID | None = None
    """For whom is spent."""
    principal_id: UUID | None = None
    _reserve: Any = field(init=False)

    def __post_init__(self) -> None:
        self._reserve = self.redis.register_script(_RESERVE)

    def of(self, tenant_id: UUID, principal_id: UUID | None) -> "SharedBudget":
        """Return the same as it binds one principal of a tenant."""
        return replace(self, tenant_id=tenant_id, principal_id=principal_id)

    def taken_share(self, now: datetime) -> float:
        """Return how much of the fullest cap is taken; all of it while Redis does not say."""
        caps = self._caps(now)
        try:
            taken: Any = self.redis.mget(list(caps))
        except RedisError:
            return 1.0
        return max(int(one or 0) / cap if cap else 0.0 for one, cap in zip(taken, caps.values(), strict=True))

    def reserve(self, units: int, now: datetime) -> Grant:
        """Set so much aside, if every cap leaves it."""
        caps = self._caps(now)
        try:
            granted, share = self._reserve(keys=list(caps), args=[units, _KEPT_S, *caps.values()])
        except RedisError:
            return Grant(granted=False, taken_share=1.0)
        return Grant(bool(granted), float(share), units, tuple(caps))

    def settle(self, grant: Grant, units: int) -> None:
        """Count what was spent in the place of what was set aside; left as it is while Redis is away."""
        try:
            with self.redis.pipeline(transaction=True) as pipe:
                for key in grant.keys:
                    pipe.incrby(key, units - grant.units)
                pipe.execute()
        except RedisError:
            return

    def _caps(self, now: datetime) -> dict[str, int]:
        """Return the caps by the keys that count towards them."""
        day, month = f"{_PREFIX}{now:%Y-%m-%d}", f"{_PREFIX}{now:%Y-%m}"
        wanted: dict[str, int | None] = {}
        for whose, caps in self._scopes().items():
            wanted |= {f"{day}{whose}": caps.day, f"{month}{whose}": caps.month}
        return {key: cap for key, cap in wanted.items() if cap is not None}

    def _scopes(self) -> dict[str, Caps]:
        """Return who is bound, as keys end, and by what."""
        scopes = {"": self.installation}
        if self.tenant_id is not None:
            scopes[f":{self.tenant_id}"] = self.tenant
            if self.principal_id is not None:
                scopes[f":{self.tenant_id}:{self.principal_id}"] = self.principal
        return scopes
