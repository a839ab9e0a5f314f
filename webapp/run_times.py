"""Typical run times of kinds, remembered for a while: they suggest when to ask again."""

import math
from dataclasses import dataclass, field
from uuid import UUID

from core.clock import Monotonic, monotonic
from core.database import Database
from core.jobs.queries import typical_run_s

REMEMBERED_S = 30.0
CAPACITY = 4096
SOONEST_S = 1
LATEST_S = 30


@dataclass(slots=True)
class RunTimes:
    """Answers how long jobs of a kind run, from memory as long as that is fresh."""

    database: Database
    clock: Monotonic = monotonic
    _known: dict[tuple[UUID, str], tuple[float, float | None]] = field(default_factory=dict)

    def typical_s(self, tenant_id: UUID, kind: str) -> float | None:
        """Return the median run time of the tenant's latest successes; None while there are none."""
        fresh_until, seconds = self._known.get((tenant_id, kind), (0.0, None))
        now = self.clock()
        if now < fresh_until:
            return seconds
        with self.database.within(tenant_id).statements() as session:
            seconds = typical_run_s(session, tenant_id, kind)
        if len(self._known) >= CAPACITY:
            self._known.clear()
        self._known[tenant_id, kind] = (now + REMEMBERED_S, seconds)
        return seconds

    def retry_after_s(self, tenant_id: UUID, kind: str) -> int:
        """Suggest when to poll next: half a typical run, within reason."""
        typical = self.typical_s(tenant_id, kind) or 0.0
        return min(max(math.ceil(typical / 2), SOONEST_S), LATEST_S)
