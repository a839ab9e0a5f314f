"""Counting in Redis, for all processes together and by its clock; what is not used up is forgotten by itself."""

from dataclasses import dataclass, field
from typing import Any

from redis import Redis
from redis.commands.core import Script

from core.platform.rates.base import SLOT_S, SLOTS, WINDOW_S, Verdict

_PREFIX = "penstock:rate:"
# One hash for each key: counts by slot. The script is one step to everybody else.
_TAKE = """
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
local limit, wanted, width, slots = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local slot = math.floor(now / width)
local counts, total, oldest, stale = redis.call('HGETALL', KEYS[1]), 0, slot, {}
for index = 1, #counts, 2 do
  local each = tonumber(counts[index])
  if each < slot - slots then
    stale[#stale + 1] = counts[index]
  else
    total = total + tonumber(counts[index + 1])
    if each < oldest then oldest = each end
  end
end
if #stale > 0 then redis.call('HDEL', KEYS[1], unpack(stale)) end
local left = math.max(0, limit - total)
local granted = math.min(wanted, left)
if granted > 0 then
  redis.call('HINCRBY', KEYS[1], slot, granted)
  redis.call('PEXPIRE', KEYS[1], width * (slots + 2))
end
local wait = 0
if left == granted then wait = math.max(0, (oldest + slots + 1) * width - now) end
return {granted, left - granted, wait}
"""


@dataclass(slots=True)
class SharedWindow:
    """Counts of all processes."""

    redis: Redis
    _script: Script = field(init=False)

    def __post_init__(self) -> None:
        self._script = self.redis.register_script(_TAKE)

    def take(self, key: str, limit: int, wanted: int) -> Verdict:
        """Grant as many of the wanted permits as the limit leaves; raises `RedisError`."""
        told: Any = self._script(keys=[_PREFIX + key], args=[limit, wanted, round(SLOT_S * 1000), SLOTS])
        granted, remaining, wait_ms = told
        return Verdict(int(granted), int(remaining), int(wait_ms) / 1000)


assert round(SLOT_S * 1000) * SLOTS == round(WINDOW_S * 1000)
