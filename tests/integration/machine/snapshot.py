"""All rows of jobs and of what goes with them, as they are between two steps."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text

from core.database import Database
from core.jobs.states import FINAL

_JOBS = text("SELECT *, finished_at < now() - interval '30 days' AS aged FROM jobs ORDER BY id")
_EVENTS = text("SELECT job_id, seq, type FROM job_events ORDER BY job_id, seq")
_MESSAGES = text("SELECT job_id, tenant_id, queue, priority FROM job_outbox")
_SETTLEMENTS = text("SELECT job_id FROM job_settlements")
_EDGES = text("SELECT job_id, on_job_id FROM job_dependencies")
_LIMITS = text("SELECT name, max_running FROM concurrency_limits")
_RUNNING_AT = text(
    "SELECT gate, count(*) AS places FROM jobs, unnest(gates_of(gates, kind, tenant_id, queue, priority)) AS gate "
    "WHERE state = 'running' GROUP BY gate"
)


@dataclass(frozen=True)
class Snapshot:
    """What the tables hold."""

    jobs: Mapping[UUID, Row[Any]]
    events: Mapping[UUID, Sequence[tuple[int, str]]]
    messages: Sequence[Row[Any]]
    unsettled: Counter[UUID]
    prerequisites: Mapping[UUID, Sequence[UUID]]
    limits: Mapping[str, int]
    running_at: Mapping[str, int]

    def __eq__(self, other: object) -> bool:
        """Tell whether nothing was changed in between; how old jobs are does not count."""
        return isinstance(other, Snapshot) and self._content == other._content

    __hash__ = None  # type: ignore[assignment]  # two that are equal are not one

    @cached_property
    def shards(self) -> Mapping[UUID, Sequence[UUID]]:
        """The shards of each parent."""
        found = defaultdict(list)
        for job in self.jobs.values():
            if job.parent_id is not None:
                found[job.parent_id].append(job.id)
        return found

    @cached_property
    def with_message(self) -> set[UUID]:
        """The jobs that have a message in the outbox."""
        return {message.job_id for message in self.messages}

    def is_open(self, job_id: UUID) -> bool:
        """Tell whether a job is there and not final."""
        return job_id in self.jobs and self.jobs[job_id].state not in FINAL

    def awaited(self, job_id: UUID) -> Iterator[UUID]:
        """List the jobs whose ends this one may wait for."""
        yield from self.shards.get(job_id, ())
        yield from self.prerequisites.get(job_id, ())

    def family(self, job_id: UUID) -> Iterator[UUID]:
        """List a job and all shards below it."""
        yield job_id
        for shard in self.shards.get(job_id, ()):
            yield from self.family(shard)

    def other_key_holders(self, job_id: UUID) -> set[UUID]:
        """Return the other open jobs that have this job's unique key."""
        mine = self.jobs[job_id]
        return {
            job.id
            for job in self.jobs.values()
            if self.is_open(job.id)
            and job.id != job_id
            and mine.unique_key is not None
            and (job.tenant_id, job.unique_key) == (mine.tenant_id, mine.unique_key)
        }

    @property
    def _content(self) -> tuple[object, ...]:
        rows = {job_id: tuple(row)[:-1] for job_id, row in self.jobs.items()}
        return rows, self.events, Counter(map(tuple, self.messages)), self.unsettled, self.prerequisites, self.limits


def read_snapshot(database: Database) -> Snapshot:
    """Read everything; nobody else is at work."""
    with database.statements() as session:
        events, prerequisites = defaultdict(list), defaultdict(list)
        for event in session.execute(_EVENTS):
            events[event.job_id].append((event.seq, event.type))
        for edge in session.execute(_EDGES):
            prerequisites[edge.job_id].append(edge.on_job_id)
        return Snapshot(
            {row.id: row for row in session.execute(_JOBS)},
            dict(events),
            session.execute(_MESSAGES).all(),
            Counter(session.scalars(_SETTLEMENTS).all()),
            dict(prerequisites),
            {row.name: row.max_running for row in session.execute(_LIMITS)},
            {row.gate: row.places for row in session.execute(_RUNNING_AT)},
        )
