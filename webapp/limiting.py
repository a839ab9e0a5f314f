"""Limiting: how often one principal may ask for one thing, and where to find how much is left."""

from dataclasses import dataclass, field
from uuid import UUID

from flask import Request

from core.clock import Monotonic, monotonic
from core.database import Database
from core.jobs.quotas import read_quotas
from core.platform.access import Principal
from core.platform.rates.limiter import Limiter
from webapp.edge import STANDING
from webapp.problems import RateLimited

REMEMBERED_S = 5.0
CAPACITY = 4096


@dataclass(slots=True)
class Limits:
    """Holds each principal to its tenant's limit, and each address to that for those who are nobody yet."""

    database: Database
    limiter: Limiter
    per_minute: int
    logins_per_minute: int
    clock: Monotonic = monotonic
    _quotas: dict[UUID, tuple[float, dict[str, float]]] = field(default_factory=dict)

    def check(self, request: Request, route: str, caller: Principal) -> None:
        """Count a request of somebody known; raises `RateLimited`."""
        asked = self.quotas_of(caller.tenant_id).get("requests_per_minute")
        limit = self.per_minute if asked is None else int(asked)
        self._hold(request, f"{caller.id.hex}:{route}", limit)

    def check_stranger(self, request: Request, route: str) -> None:
        """Count a request that asks for no credentials, by where it comes from; raises `RateLimited`."""
        self._hold(request, f"{request.remote_addr}:{route}", self.logins_per_minute)

    def quotas_of(self, tenant_id: UUID) -> dict[str, float]:
        """Return a tenant's quotas, remembered for a moment."""
        good_until, quotas = self._quotas.get(tenant_id, (0.0, {}))
        now = self.clock()
        if now >= good_until:
            with self.database.within(tenant_id).statements() as session:
                quotas = read_quotas(session, tenant_id)
            if len(self._quotas) >= CAPACITY:
                self._quotas.clear()
            self._quotas[tenant_id] = (now + REMEMBERED_S, quotas)
        return quotas

    def forget(self) -> None:
        """Read quotas anew: this process changed some just now."""
        self._quotas.clear()

    def _hold(self, request: Request, key: str, limit: int) -> None:
        standing = self.limiter.ask(key, limit)
        request.environ[STANDING] = standing
        if not standing.allowed:
            raise RateLimited(f"at most {limit} a minute are answered", retry_after_s=standing.reset_s)
