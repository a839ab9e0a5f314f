"""Typical run times of kinds, remembered for a while: they suggest when to ask again."""

import math
from dataclasses import dataclass
from uuid import UUID

from core.database import Database
from core.jobs.queries import typical_run_s
from core.platform.cache.tiers import Cache, Lifetime

REMEMBERED = Lifetime(fresh_s=30.0, stale_s=600.0, negative_s=30.0)
SOONEST_S = 1
LATEST_S = 30


@dataclass(frozen=True, slots=True)
class RunTimes:
    """Answers how long jobs of a kind run, from the cache as long as that knows."""

    database: Database
    cache: Cache

    def typical_s(self, tenant_id: UUID, kind: str) -> float | None:
        """Return the median run time of the tenant's latest successes; None while there are none."""

        def ask() -> float | None:
            with self.database.within(tenant_id).statements() as session:
                return typical_run_s(session, tenant_id, kind)

        seconds: float | None = self.cache.get(f"typical_run_s:{tenant_id}:{kind}", ask, REMEMBERED)
        return seconds

    def retry_after_s(self, tenant_id: UUID, kind: str) -> int:
        """Suggest when to poll next: half a typical run, within reason."""
        typical = self.typical_s(tenant_id, kind) or 0.0
        return min(max(math.ceil(typical / 2), SOONEST_S), LATEST_S)
