"""Feeding: events and present states out of the database to those who listen, as soon as somebody does.

Any number of feeders may run: what is told twice is heard once. A feeder forgets what nobody listens to any more.
"""

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from operator import attrgetter
from typing import Any
from uuid import UUID

from redis import Redis
from sqlalchemy import Row
from sqlalchemy.orm import Session

from core.clock import Clock, Monotonic, database_now, monotonic, utc_now
from core.database import Database
from core.jobs import feeds, states
from core.platform.bus import history
from core.platform.streams import carriage, rights
from core.platform.streams.carriage import Item, Keeping
from core.platform.streams.topics import ALERTS, EVENTS, JOB, JOBS, QUEUES, SCHEDULES, is_chain

LOOK_EVERY_S = 1.0
SETTLED_EVERY_S = 10.0
"""How often jobs are looked at that were final: hardly one is ever retried, and that is announced."""
RIGHTS_EVERY_S = 5.0
_FINAL = frozenset(move.event for move in states.MOVES if move.target in states.FINAL)


@dataclass(slots=True)
class Feeder:
    """Up to where each channel was fed, and what was told last of how things stand."""

    database: Database
    redis: Redis
    monotonic: Monotonic = monotonic
    clock: Clock = utc_now
    wanted: frozenset[str] = frozenset()
    _marks: dict[str, int] = field(default_factory=dict)
    _settled: set[str] = field(default_factory=set)
    _told: dict[str, str] = field(default_factory=dict)
    _jobs_seen: dict[str, dict[UUID, int]] = field(default_factory=dict)
    _settled_at: float = float("-inf")
    _rights_at: float = float("-inf")

    def look(self) -> None:
        """Do what is due each second: see who listens, feed all that they lack, tell how things stand.

        Raises `RedisError`, and what a database that is away raises; nothing is lost by that.
        """
        channels, holders = carriage.wanted(self.redis)
        self._begin(channels)
        if not self.wanted:
            return
        now = self.monotonic()
        busy = self.wanted - self._settled
        if now - self._settled_at >= SETTLED_EVERY_S:
            self._settled_at, busy = now, self.wanted
        self.feed(busy)
        self._tell_present(self.wanted)
        if now - self._rights_at >= RIGHTS_EVERY_S:
            self._rights_at = now
            self._tell_lapsed(holders)
        self._put([Item("", 0, 0, "", Keeping.ALIVE)])

    def feed(self, channels: Iterable[str]) -> None:
        """Feed what is new in those of these chains that somebody listens to."""
        behind = {channel: self._marks[channel] for channel in channels if channel in self._marks}
        if behind:
            with self.database.statements() as session:
                self._hand_on(_read(session, behind))

    def answer(self, asks: Mapping[str, int]) -> None:
        """Feed what lies behind the numbers asked for, and tell up to where that is all there is."""
        behind = {channel: after for channel, after in asks.items() if is_chain(channel) and _id_of(channel)}
        with self.database.statements() as session:
            latest = _latest(session, behind)  # before the rest, so that all of that is among it
            items = _read(session, behind)
        self.wanted |= asks.keys()
        self._hand_on(items)
        for channel, seq in latest.items():
            self._marks.setdefault(channel, seq)
        answers = [
            Item(channel, latest.get(channel, 0), after, "", Keeping.ANSWER) for channel, after in behind.items()
        ]
        self._put(answers)
        for channel in asks.keys() - behind.keys():
            self._told.pop(channel, None)
            self._jobs_seen.pop(channel, None)
        if asks.keys() - behind.keys():
            self._tell_present(asks.keys() - behind.keys())

    def _begin(self, channels: Collection[str]) -> None:
        """Take note of who listens; what nobody asked this feeder about is fed from now on."""
        self.wanted = frozenset(channels)
        for known in (self._marks, self._told, self._jobs_seen):
            for channel in known.keys() - self.wanted:
                del known[channel]
        self._settled &= self.wanted
        unknown = [one for one in self.wanted if one not in self._marks and is_chain(one) and _id_of(one)]
        if unknown:
            with self.database.statements() as session:
                self._marks |= _latest(session, unknown)

    def _hand_on(self, items: list[Item]) -> None:
        self._put(items)
        for channel, chain in groupby(items, attrgetter("channel")):
            last = list(chain)[-1]
            self._marks[channel] = max(self._marks.get(channel, 0), last.seq)
            if last.type in _FINAL:
                self._settled.add(channel)
            else:
                self._settled.discard(channel)

    def _tell_anew(self, channels: Collection[str]) -> None:
        for channel in channels:
            self._told.pop(channel, None)
            self._jobs_seen.pop(channel, None)
        self._tell_present(channels)

    def _tell_present(self, channels: Collection[str]) -> None:
        """Tell how things stand where that has changed."""
        chosen = [channel for channel in channels if not is_chain(channel)]
        if not chosen:
            return
        with self.database.statements() as session:
            items = [item for channel in sorted(chosen) for item in self._present(session, channel)]
        self._put(items)

    def _present(self, session: Session, channel: str) -> Iterator[Item]:
        sort, tenant_id = channel.partition(":")[0], _id_of(channel)
        match sort, tenant_id:
            case "queues", _:
                yield from self._if_changed(channel, QUEUES, feeds.queue_text(session))
            case "schedules", UUID():
                yield from self._if_changed(channel, SCHEDULES, feeds.schedule_text(session, tenant_id))
            case "alerts", UUID():
                yield from self._if_changed(channel, ALERTS, feeds.alert_text(session, tenant_id))
            case "jobs", UUID():
                changed = self._changed(channel, feeds.lately_changed(session, tenant_id, now=database_now(session)))
                if changed:
                    text = feeds.changed_document(changed).decode()
                    yield Item(channel, self._number(), 0, f"{JOBS}.changed", Keeping.LOOSE, text)

    def _if_changed(self, channel: str, sort: str, document: bytes) -> Iterator[Item]:
        digest = hashlib.sha256(document).hexdigest()
        if self._told.get(channel) != digest:
            self._told[channel] = digest
            yield Item(channel, self._number(), 0, f"{sort}.state", Keeping.PASSING, document.decode())

    def _changed(self, channel: str, rows: Iterable[Row[Any]]) -> list[Row[Any]]:
        """Keep the jobs that are not as they were when told of last."""
        found = {row.id: row for row in rows}
        seen = self._jobs_seen.get(channel, {})
        self._jobs_seen[channel] = {job_id: row.version for job_id, row in found.items()}
        return [row for job_id, row in sorted(found.items()) if seen.get(job_id) != row.version]

    def _tell_lapsed(self, holders: Collection[str]) -> None:
        if holders:
            with self.database.statements() as session:
                gone = rights.lapsed(session, holders, now=self.clock())
            self._put([Item(holder, 0, 0, "", Keeping.LAPSED) for holder in sorted(gone)])

    def _number(self) -> int:
        """Return the time in milliseconds: several feeders tell of the same state, and the later one is right."""
        return int(self.clock().timestamp() * 1000)

    def _put(self, items: Collection[Item]) -> None:
        if items:
            carriage.put(self.redis, items)


def _read(session: Session, behind: Mapping[str, int]) -> list[Item]:
    jobs = {job_id: mark for channel, mark in behind.items() if (job_id := _id_of(channel)) and _is(channel, JOB)}
    items = feeds.job_items(session, jobs) if jobs else []
    for channel, mark in behind.items():
        if _is(channel, EVENTS) and (tenant_id := _id_of(channel)):
            items += feeds.bus_items(session, tenant_id, mark)
    return items


def _latest(session: Session, channels: Iterable[str]) -> dict[str, int]:
    """Return the latest number of each chain; 0 where there is nothing yet."""
    chains = {channel: found for channel in channels if (found := _id_of(channel))}
    jobs = feeds.latest_of_jobs(session, [found for channel, found in chains.items() if _is(channel, JOB)])
    return {
        channel: jobs.get(found, 0) if _is(channel, JOB) else history.latest(session, found)
        for channel, found in chains.items()
    }


def _is(channel: str, sort: str) -> bool:
    return channel.startswith(f"{sort}:")


def _id_of(channel: str) -> UUID | None:
    """Return whose channel it is; None where it is nobody's, or not ours."""
    try:
        return UUID(channel.partition(":")[2])
    except ValueError:
        return None
