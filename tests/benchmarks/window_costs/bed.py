"""A database, a storage and a worker's station in this process, for measuring single jobs."""

import contextlib
import random
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from core import migration, redis
from core.catalogue import discover
from core.clock import database_now, utc_now
from core.database import Database, connect
from core.jobs.execution import Station, execute
from core.jobs.states import State
from core.jobs.submission import JobRequest, submit
from core.platform.access import Principal, Role
from core.platform.events import Announcer
from core.platform.servers.embedded import running
from core.platform.tenants import ensure_tenant
from core.storage.file import FileStorage
from core.workloads.windows import domains
from tasks.binding import Binding, load_bindings
from webapp.domains import completed


class Calm:
    """Nobody interrupts."""

    def asked(self) -> None:
        """Say no."""

    def armed(self) -> contextlib.AbstractContextManager[None]:
        """Do nothing."""
        return contextlib.nullcontext()


@dataclass(frozen=True)
class Bed:
    """What one measurement works with."""

    station: Station
    principal: Principal
    bindings: Mapping[str, Binding]

    @property
    def database(self) -> Database:
        """The way to the database."""
        return self.station.database

    def add_domain(self, name: str, **fields: Any) -> UUID:
        """Make a domain as the API does."""
        with self.database.transaction() as session:
            now = database_now(session)
            asked = completed({"name": name, **fields})
            domain_id: UUID = domains.create(session, self.principal, discover().find, asked, now=now).id
            return domain_id

    def run(self, kind: str, params: Mapping[str, Any]) -> dict[str, Any]:
        """Submit a job, make its attempt here, and return its outcome's usage."""
        bound = self.bindings[kind]
        with self.database.transaction() as session:
            request = JobRequest(bound.kind, dict(params), timeout_s=3600.0)
            job_id = submit(session, self.principal, request, clock=utc_now).job_id
        outcome = execute(self.station, bound.kind, bound.compute, job_id)
        assert outcome is not None
        assert outcome.state is State.SUCCEEDED, outcome.told
        return dict(outcome.told["usage"])


@contextlib.contextmanager
def made_bed() -> Iterator[Bed]:
    """Bring up servers for as long as the context lasts."""
    with tempfile.TemporaryDirectory(prefix="penstock-bench-") as folder, running(Path(folder) / "servers") as urls:
        migration.upgrade(urls.database)
        yield lie_down(urls.database, urls.redis, Path(folder) / "artifacts")


def lie_down(database_url: str, redis_url: str, artifacts: Path) -> Bed:
    """Make a station on servers that are there."""
    database = connect(database_url, pool_size=2)
    announcer = Announcer(redis.connect(redis_url))
    rng = random.Random(1)
    kinds = discover().kinds
    station = Station("bench:1", database, FileStorage(artifacts), announcer, Calm(), 3600.0, rng, kinds)
    with database.transaction() as session:
        principal = Principal(UUID(int=1), ensure_tenant(session, "local"), Role.ADMIN, "bench")
    return Bed(station, principal, {one.kind.name: one for one in load_bindings(discover())})
