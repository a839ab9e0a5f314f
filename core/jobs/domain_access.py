"""How computations come to domains: reading their windows, and making new ones that land with the outcome.

A job names a span as `{domain_id, first, last}`. A computation reads it in one line:

    series = frames.join(context.domains.read(params["domain_id"], params["first"], params["last"]))
"""

import io
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy.orm import Session

from core.clock import rfc3339
from core.database import Database
from core.jobs import orphans
from core.platform.bus.topic import News
from core.platform.domains import memories, watching, windows
from core.platform.domains.facts import DomainFacts, DomainMissing, find_domain, find_domains
from core.platform.domains.memories import Learned, Memory
from core.platform.domains.topics import DRIFT_DETECTED, WINDOW_READY
from core.platform.domains.windows import INLINE_BYTES, NewWindow, SpanInvalid
from core.storage import Storage

LARGEST_BLOB_BYTES = 2 << 30
STORED_AT_ONCE = 500
"""Windows that one statement stores."""


Placing = Sequence[tuple[UUID, NewWindow]]
"""Windows, each with the id of its domain."""


@dataclass(frozen=True, slots=True)
class StoredWindow:
    """A window as it is read: an Arrow stream of its rows."""

    index: int
    source: str
    rows: int
    started_at: datetime
    continues: bool
    """Whether its first row follows in time directly on the last one of the window before."""
    content: bytes


class DomainAccess(Protocol):
    """What a computation may do with its tenant's domains."""

    def find(self, domain: str) -> DomainFacts:
        """Return a domain by its id or name; raises `DomainMissing`."""

    def find_many(self, ids: Collection[UUID]) -> dict[UUID, DomainFacts]:
        """Return those of many domains that there are, by id."""

    def read(self, domain: str, first: int, last: int) -> Iterator[StoredWindow]:
        """Yield the windows from one index to another, both included; raises `DomainMissing` or `SpanInvalid`."""

    def indices(self, domain: str, first: int, last: int) -> list[int]:
        """Return the indices of the windows that there are from one to another, both included."""

    def truths(self, domain: str, first: int, last: int) -> dict[int, dict[str, Any]]:
        """Return what is true of generated windows, by index: for scoring, never for discovery."""

    def reserve(self, domain: str, count: int) -> int:
        """Reserve indices for windows of this job, the same at each of its attempts; return the first."""

    def place(self, made: Placing, *, inline_bytes: int = INLINE_BYTES) -> Placing:
        """Put the bytes of larger windows into the storage, and return the windows with their places."""

    def keep(self, made: Placing) -> None:
        """Keep new windows, each with the id of its domain, to be stored with the outcome or not at all.

        Those too large for a row are put into the storage by each call, so that few are held in memory.
        """

    def forget(self, domain: str, keep: int) -> int:
        """Forget all but the newest windows of a domain; return how many went."""

    def recall(self, domain: str, name: str) -> Memory:
        """Return what was learned of a domain under a name."""

    def remember(self, learned: Learned) -> None:
        """Learn with the outcome or not at all; where another job has learned meanwhile, this one is computed anew."""


@dataclass(slots=True)
class DatabaseDomains:
    """The domains of the tenant of one attempt's job."""

    database: Database
    storage: Storage
    tenant_id: UUID
    job_id: UUID
    read_from: dict[str, str] = field(default_factory=dict)
    """For the receipt: which spans were read."""
    _kept: list[tuple[UUID, NewWindow]] = field(default_factory=list)
    _learned: list[Learned] = field(default_factory=list)

    def find(self, domain: str) -> DomainFacts:
        """Look the domain up."""
        with self.database.statements() as session:
            return find_domain(session, self.tenant_id, domain)

    def find_many(self, ids: Collection[UUID]) -> dict[UUID, DomainFacts]:
        """Look them up together."""
        with self.database.statements() as session:
            return find_domains(session, self.tenant_id, ids)

    def indices(self, domain: str, first: int, last: int) -> list[int]:
        """Ask for the indices alone."""
        found = self.find(domain)
        with self.database.statements() as session:
            return windows.list_indices(session, self.tenant_id, found.id, first, last)

    def forget(self, domain: str, keep: int) -> int:
        """Forget in a transaction of its own: forgetting once more does no harm."""
        found = self.find(domain)
        with self.database.transaction() as session:
            return windows.forget(session, self.tenant_id, found.id, keep=keep)

    def read(self, domain: str, first: int, last: int) -> Iterator[StoredWindow]:
        """Read rows, and the stored bytes that some of them are parts of."""
        found = self.find(domain)
        self.read_from[f"{found.id}/{first}-{last}"] = "windows"
        with self.database.transaction() as session:
            for row in windows.read_span(session, self.tenant_id, found.id, first, last):
                content = window_bytes(self.storage, row)
                yield StoredWindow(row.number, row.source, row.rows, row.started_at, row.continues, content)

    def truths(self, domain: str, first: int, last: int) -> dict[int, dict[str, Any]]:
        """Read what is kept apart."""
        found = self.find(domain)
        with self.database.statements() as session:
            return windows.read_truths(session, self.tenant_id, found.id, first, last)

    def reserve(self, domain: str, count: int) -> int:
        """Reserve in a transaction of its own: it must hold whatever becomes of this attempt."""
        found = self.find(domain)
        with self.database.transaction() as session:
            return windows.reserve_for_job(session, self.tenant_id, self.job_id, found.id, count)

    def keep(self, made: Placing) -> None:
        """Put what is too large for rows into the storage now; the rows come with the outcome."""
        self._kept += self.place(made)

    def recall(self, domain: str, name: str) -> Memory:
        """Read the latest version."""
        found = self.find(domain)
        with self.database.statements() as session:
            return memories.recall(session, self.tenant_id, found.id, name)

    def remember(self, learned: Learned) -> None:
        """Keep it for the outcome."""
        self._learned.append(learned)

    @property
    def has_more(self) -> bool:
        """Tell whether there is something to land with the outcome."""
        return bool(self._kept or self._learned)

    def flush(self, session: Session) -> list[News]:
        """Store what was kept in the outcome's transaction, and return the news of it.

        What a domain was to get that was removed meanwhile goes with it. Raises `MemoryMoved`.
        """
        for learned in self._learned:
            memories.remember(session, self.tenant_id, learned)
        there = find_domains(session, self.tenant_id, {home for home, _ in self._kept})
        names = {home: facts.name for home, facts in there.items()}
        made = [(home, window) for home, window in self._kept if home in names]
        for sha256 in sorted({window.sha256 for _, window in made if window.sha256 is not None}):
            orphans.hold(session, self.storage, sha256)
        news: list[News] = []
        for first in range(0, len(made), STORED_AT_ONCE):
            fresh = windows.store(session, self.tenant_id, made[first : first + STORED_AT_ONCE])
            news += [_ready(home, names[home], window) for home, window in fresh]
            alarms = watching.watch(session, self.tenant_id, fresh)
            news += [News(DRIFT_DETECTED, str(home), {"name": names[home], **alarm}) for home, alarm in alarms]
        return news

    def place(self, made: Placing, *, inline_bytes: int = INLINE_BYTES) -> Placing:
        """Give each window its place: in its row, or among the bytes of all large ones of this call."""
        large = [window.content for _, window in made if window.content is not None and window.size > inline_bytes]
        if not large:
            return made
        stored = self.storage.put(io.BytesIO(b"".join(large)), limit=LARGEST_BLOB_BYTES)
        placed, begins_at = [], 0
        for home, window in made:
            if window.content is None or window.size <= inline_bytes:
                placed.append((home, window))
                continue
            placed.append((home, replace(window, content=None, sha256=stored.sha256, begins_at=begins_at)))
            begins_at += window.size
        return placed


@dataclass(slots=True)
class MemoryDomains:
    """Domains in memory: for tests and for trying a computation by hand."""

    facts: dict[str, DomainFacts] = field(default_factory=dict)
    stored: dict[str, dict[int, StoredWindow]] = field(default_factory=dict)
    truth: dict[str, dict[int, dict[str, Any]]] = field(default_factory=dict)
    learned: dict[tuple[str, str], Memory] = field(default_factory=dict)
    """By the domain's id and the memory's name."""

    def find(self, domain: str) -> DomainFacts:
        """Return one of `facts`, by id or name."""
        for facts in self.facts.values():
            if domain in {str(facts.id), facts.name}:
                return facts
        raise DomainMissing(f"there is no domain {domain!r}")

    def read(self, domain: str, first: int, last: int) -> Iterator[StoredWindow]:
        """Yield what was kept."""
        if last < first:
            raise SpanInvalid
        there: Mapping[int, StoredWindow] = self.stored.get(str(self.find(domain).id), {})
        yield from (there[index] for index in sorted(there) if first <= index <= last)

    def truths(self, domain: str, first: int, last: int) -> dict[int, dict[str, Any]]:
        """Return what was kept."""
        told = self.truth.get(str(self.find(domain).id), {})
        return {index: truth for index, truth in sorted(told.items()) if first <= index <= last}

    def reserve(self, domain: str, count: int) -> int:
        """Reserve behind what is there."""
        facts = self.find(domain)
        self.facts = {**self.facts, str(facts.id): replace(facts, next_index=facts.next_index + count)}
        return facts.next_index

    def find_many(self, ids: Collection[UUID]) -> dict[UUID, DomainFacts]:
        """Return those of `facts`."""
        return {facts.id: facts for facts in self.facts.values() if facts.id in ids}

    def indices(self, domain: str, first: int, last: int) -> list[int]:
        """List what was kept."""
        return [window.index for window in self.read(domain, first, last)]

    def forget(self, domain: str, keep: int) -> int:
        """Forget the oldest."""
        there = self.stored.get(str(self.find(domain).id), {})
        gone = sorted(there)[: max(0, len(there) - keep)]
        for index in gone:
            del there[index]
        return len(gone)

    def recall(self, domain: str, name: str) -> Memory:
        """Return what was remembered."""
        return self.learned.get((str(self.find(domain).id), name), Memory())

    def remember(self, learned: Learned) -> None:
        """Remember at once."""
        key = str(learned.domain_id), learned.name
        self.learned[key] = Memory(learned.before.version + 1, learned.content)

    def place(self, made: Placing, *, inline_bytes: int = INLINE_BYTES) -> Placing:
        """Leave them in memory."""
        del inline_bytes
        return made

    def keep(self, made: Placing) -> None:
        """Keep them at once."""
        for home, one in ((str(domain_id), window) for domain_id, window in made):
            window = StoredWindow(one.index, one.source, one.rows, one.started_at, one.continues, one.content or b"")
            self.stored.setdefault(home, {})[one.index] = window
            if one.truth is not None:
                self.truth.setdefault(home, {})[one.index] = dict(one.truth)


def window_bytes(storage: Storage, row: Any) -> bytes:
    """Return a window's Arrow stream, from its row or from the stored bytes that it is a part of."""
    if row.content is not None:
        return bytes(row.content)
    with storage.open(row.sha256) as stream:
        stream.seek(row.begins_at)
        return stream.read(row.size)


def _ready(domain_id: UUID, name: str, window: NewWindow) -> News:
    told = {"name": name, "index": window.index, "rows": window.rows, "source": window.source}
    return News(WINDOW_READY, str(domain_id), {**told, "started_at": rfc3339(window.started_at)})
