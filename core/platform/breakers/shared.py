"""Breakers in Redis, for all processes together: each step is one script, so that only one of many gets to probe."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from redis import Redis
from redis.commands.core import Script

from core.platform.breakers.base import KEPT_S, Admission, Circuit, Standing, Terms

_PREFIX = "penstock:breaker:"
_NAMES = "penstock:breakers"
_ADMIT = """
local key, name, now, open_ms, kept = KEYS[1], ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
redis.call('ZADD', KEYS[2], now, name)
redis.call('HSETNX', key, 'circuit', 'closed')
redis.call('HSETNX', key, 'changed_at', now)
redis.call('HSETNX', key, 'ticket', 1)
redis.call('PEXPIRE', key, kept)
if redis.call('HGET', key, 'circuit') == 'closed' then return {1, tonumber(redis.call('HGET', key, 'ticket')), 0} end
local till = tonumber(redis.call('HGET', key, 'until'))
if now < till then
  redis.call('HINCRBY', key, 'refused', 1)
  return {0, 0, till - now}
end
if redis.call('HGET', key, 'circuit') ~= 'half-open' then
  redis.call('HSET', key, 'circuit', 'half-open', 'changed_at', now)
end
redis.call('HSET', key, 'until', now + open_ms)
return {1, redis.call('HINCRBY', key, 'ticket', 1), 0}
"""
_SETTLE = """
local key, now, open_ms, most = KEYS[1], tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local ticket, failed, reason = tonumber(ARGV[4]), ARGV[5] == '1', ARGV[6]
if redis.call('EXISTS', key) == 0 then return 'closed' end
if failed then
  redis.call('HINCRBY', key, 'failed', 1)
  redis.call('HSET', key, 'error', reason)
end
local circuit = redis.call('HGET', key, 'circuit')
if ticket ~= tonumber(redis.call('HGET', key, 'ticket')) then return circuit end
if not failed then
  redis.call('HSET', key, 'failures', 0)
  if circuit ~= 'closed' then redis.call('HSET', key, 'circuit', 'closed', 'changed_at', now) end
  return 'closed'
end
if redis.call('HINCRBY', key, 'failures', 1) < most and circuit ~= 'half-open' then return circuit end
redis.call('HSET', key, 'circuit', 'open', 'changed_at', now, 'until', now + open_ms)
redis.call('HINCRBY', key, 'ticket', 1)
redis.call('HINCRBY', key, 'opened', 1)
return 'open'
"""


@dataclass(slots=True)
class SharedStore:
    """Breakers of all processes; every method raises `RedisError` while Redis is away."""

    redis: Redis
    _admit: Script = field(init=False)
    _settle: Script = field(init=False)

    def __post_init__(self) -> None:
        self._admit = self.redis.register_script(_ADMIT)
        self._settle = self.redis.register_script(_SETTLE)

    def admit(self, name: str, terms: Terms, now: float) -> Admission:
        """Tell whether a call may be made, taking the place of the one probe where that is all there is."""
        asked: list[str | int] = [name, _ms(now), _ms(terms.open_s), _ms(KEPT_S)]
        told: Any = self._admit(keys=[_PREFIX + name, _NAMES], args=asked)
        allowed, ticket, wait_ms = told
        return Admission(bool(allowed), int(ticket), int(wait_ms) / 1000)

    def settle(self, name: str, terms: Terms, now: float, ticket: int, error: str | None) -> Circuit:
        """Learn how an admitted call ended, and return what the breaker is then."""
        asked: list[str | int] = [
            _ms(now),
            _ms(terms.open_s),
            terms.failures,
            ticket,
            int(error is not None),
            error or "",
        ]
        told: Any = self._settle(keys=[_PREFIX + name], args=asked)
        return Circuit(told)

    def standings(self, now: float) -> Sequence[Standing]:
        """Return all breakers by name."""
        self.redis.zremrangebyscore(_NAMES, "-inf", _ms(now - KEPT_S))
        names: Any = self.redis.zrange(_NAMES, 0, -1)
        pipeline = self.redis.pipeline(transaction=False)
        for name in sorted(names):
            pipeline.hgetall(_PREFIX + name)
        return [_standing(name, kept) for name, kept in zip(sorted(names), pipeline.execute(), strict=True) if kept]


def _standing(name: str, kept: dict[str, str]) -> Standing:
    circuit = Circuit(kept["circuit"])
    return Standing(
        name,
        circuit,
        failures=int(kept.get("failures", 0)),
        changed_at=int(kept["changed_at"]) / 1000,
        retry_at=None if circuit is Circuit.CLOSED else int(kept["until"]) / 1000,
        error=kept.get("error"),
        failed=int(kept.get("failed", 0)),
        refused=int(kept.get("refused", 0)),
        opened=int(kept.get("opened", 0)),
    )


def _ms(seconds: float) -> int:
    return round(seconds * 1000)
