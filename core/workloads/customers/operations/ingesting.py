"""This file is about taking events in: each message once, good ones beside bad ones, nobody resolved twice.

The caller holds `sources.lock_people`, so that what is read here stays as it is until the commit.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select, text, tuple_
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from core.platform.sealing.values import Place, blind_index, seal
from core.workloads.customers.contacts import Contact
from core.workloads.customers.operations import measuring, sources
from core.workloads.customers.operations.models import (
    EventRow,
    IdentifierRow,
    SightingLinkRow,
    SightingRow,
    SourceRow,
    TraitRow,
)
from core.workloads.customers.wire import Event, EventInvalid, read_event


@dataclass(slots=True)
class Ingested:
    """What became of events: those that are new, that were known, and why others were set aside."""

    accepted: int = 0
    duplicates: int = 0
    rejected: list[dict[str, Any]] = field(default_factory=list)
    """`index`, `message_id` where it has one, `reason`."""
    sightings: set[int] = field(default_factory=set)
    """Those that have to be resolved."""
    people: set[int] = field(default_factory=set)
    """Numbers of profiles whose figures change."""


def ingest(session: Session, source: SourceRow, sent: Iterable[tuple[int, Any]], received_at: datetime) -> Ingested:
    """Take events in, each with its place in what was sent; what is wrong with one does no harm to the others."""
    outcome, read = Ingested(), []
    for index, one in sent:
        try:
            read.append((index, read_event(one, received_at, source.region)))
        except EventInvalid as error:
            message_id = one.get("messageId") if isinstance(one, Mapping) else None
            named = {"message_id": message_id} if isinstance(message_id, str) and "\x00" not in message_id else {}
            outcome.rejected.append({"index": index, **named, "reason": str(error)})
    fresh = _fresh(session, source, read, outcome)
    if fresh:
        ids = _identifiers(session, source.tenant_id, fresh)
        sightings = _sightings(session, source.tenant_id, fresh, ids, outcome)
        _keep_events(session, source, fresh, sightings, received_at)
        _keep_traits(session, source.tenant_id, fresh, sightings)
    last = max((event.at for event in fresh), default=None)
    told = {"accepted": outcome.accepted, "duplicates": outcome.duplicates, "rejected": len(outcome.rejected)}
    sources.count(session, source, **told, last=last)
    measuring.count_faults(session, source, received_at, outcome.duplicates, len(outcome.rejected))
    return outcome


def mark_of(indexes: Iterable[str]) -> str:
    """Return what makes sightings of the same identifiers one."""
    return hashlib.sha256(" ".join(sorted(indexes)).encode()).hexdigest()[:40]


def index_of(session: Session, tenant_id: UUID, contact: Contact) -> str:
    """Return the blind index of an identifier."""
    return blind_index(session, tenant_id, f"customer_identifiers.{contact.type}", contact.value)


def link(session: Session, tenant_id: UUID, parts: Mapping[int, Iterable[int]]) -> None:
    """Keep of which identifiers new sightings are made, so that each leads to its sightings."""
    rows = [
        {"tenant_id": tenant_id, "identifier_id": identifier, "sighting_id": sighting}
        for sighting, identifiers in parts.items()
        for identifier in identifiers
    ]
    session.execute(insert(SightingLinkRow).on_conflict_do_nothing(), rows)


def _fresh(session: Session, source: SourceRow, read: Sequence[tuple[int, Event]], outcome: Ingested) -> list[Event]:
    """Leave out messages that are known, or come twice in one batch."""
    known: set[str] = set()
    ids = [event.message_id for _, event in read]
    for start in range(0, len(ids), 5_000):
        query = select(EventRow.message_id).where(
            EventRow.source_id == source.id, EventRow.message_id.in_(ids[start : start + 5_000])
        )
        known.update(session.scalars(query))
    fresh = []
    for _, event in read:
        if event.message_id in known:
            outcome.duplicates += 1
        else:
            known.add(event.message_id)
            fresh.append(event)
    outcome.accepted = len(fresh)
    return fresh


def _identifiers(session: Session, tenant_id: UUID, events: Sequence[Event]) -> dict[Contact, tuple[str, int, bool]]:
    """Return index, number and newness of every identifier that the events name; new ones are kept."""
    contacts = list(dict.fromkeys(contact for event in events for contact in event.contacts))
    indexes = {contact: index_of(session, tenant_id, contact) for contact in contacts}
    known: dict[tuple[str, str], int] = {}
    pairs = [(contact.type, index) for contact, index in indexes.items()]
    for start in range(0, len(pairs), 2_000):
        query = select(IdentifierRow.type, IdentifierRow.value_index, IdentifierRow.id).where(
            IdentifierRow.tenant_id == tenant_id,
            tuple_(IdentifierRow.type, IdentifierRow.value_index).in_(pairs[start : start + 2_000]),
        )
        known.update({(row.type, row.value_index): row.id for row in session.execute(query)})
    new = [contact for contact in contacts if (contact.type, indexes[contact]) not in known]
    ids = sources.numbers(session, "customer_identifiers_id_seq", len(new))
    rows = [
        {
            "id": number,
            "tenant_id": tenant_id,
            "type": contact.type,
            "value_index": indexes[contact],
            "sealed": seal(session, Place(tenant_id, "customer_identifiers", "sealed", str(number)), contact.value),
        }
        for contact, number in zip(new, ids, strict=True)
    ]
    if rows:
        session.execute(insert(IdentifierRow), rows)
    fresh = dict(zip(new, ids, strict=True))
    return {
        contact: (index, fresh[contact], True) if contact in fresh else (index, known[(contact.type, index)], False)
        for contact, index in indexes.items()
    }


def _sightings(
    session: Session,
    tenant_id: UUID,
    events: Sequence[Event],
    ids: Mapping[Contact, tuple[str, int, bool]],
    outcome: Ingested,
) -> list[int]:
    """Return the sighting of each event; new ones, and those seen earlier than was known, are to be resolved."""
    marks = [mark_of(f"{each.type}:{ids[each][0]}" for each in event.contacts) for event in events]
    firsts: dict[str, datetime] = {}
    nodes: dict[str, list[int]] = {}
    for mark, event in zip(marks, events, strict=True):
        firsts[mark] = min(firsts.get(mark, event.at), event.at)
        nodes[mark] = sorted(ids[each][1] for each in event.contacts)
    known = {
        row.mark: row
        for row in session.execute(
            select(
                SightingRow.mark, SightingRow.id, SightingRow.first_at, SightingRow.profile_id, SightingRow.identifiers
            ).where(SightingRow.tenant_id == tenant_id, SightingRow.mark.in_(list(firsts)))
        )
    }
    renewed = {row.id: nodes[mark] for mark, row in known.items() if list(row.identifiers) != nodes[mark]}
    _renew(session, tenant_id, renewed)
    earlier = [known[mark].id for mark, at in firsts.items() if mark in known and at < known[mark].first_at]
    for mark, at in firsts.items():
        if mark in known and at < known[mark].first_at:
            session.execute(_EARLIER, {"id": known[mark].id, "at": at})
    made = _new_sightings(session, tenant_id, {mark: at for mark, at in firsts.items() if mark not in known}, nodes)
    outcome.sightings |= {*earlier, *renewed, *made.values()}
    outcome.people |= {row.profile_id for row in known.values() if row.profile_id is not None}
    return [known[mark].id if mark in known else made[mark] for mark in marks]


def _renew(session: Session, tenant_id: UUID, renewed: Mapping[int, list[int]]) -> None:
    """Have sightings lead to the identifiers of today: some were erased with another person since, and came again."""
    for sighting, nodes in renewed.items():
        session.execute(_UNLINK, {"id": sighting, "tenant_id": tenant_id, "nodes": nodes})
        session.execute(_RENEW, {"id": sighting, "nodes": nodes})
    if renewed:
        link(session, tenant_id, renewed)


def _new_sightings(
    session: Session, tenant_id: UUID, firsts: Mapping[str, datetime], nodes: Mapping[str, list[int]]
) -> dict[str, int]:
    ids = sources.numbers(session, "customer_sightings_id_seq", len(firsts))
    made = dict(zip(firsts, ids, strict=True))
    rows = [
        {"id": made[mark], "tenant_id": tenant_id, "mark": mark, "identifiers": nodes[mark], "first_at": at}
        for mark, at in firsts.items()
    ]
    if rows:
        session.execute(insert(SightingRow), rows)
        link(session, tenant_id, {made[mark]: nodes[mark] for mark in made})
    return made


def _keep_events(
    session: Session, source: SourceRow, events: Sequence[Event], sightings: Sequence[int], received_at: datetime
) -> None:
    session.execute(
        insert(EventRow),
        [
            {
                "source_id": source.id,
                "message_id": event.message_id,
                "tenant_id": source.tenant_id,
                "type": event.type,
                "name": event.name,
                "at": event.at,
                "sighting_id": sighting,
                "revenue": event.revenue,
                "properties": dict(event.properties),
                "received_at": received_at,
            }
            for event, sighting in zip(events, sightings, strict=True)
        ],
    )


def _keep_traits(session: Session, tenant_id: UUID, events: Sequence[Event], sightings: Sequence[int]) -> None:
    """Keep the latest word on each trait; of two at the same time the message that sorts last."""
    latest: dict[tuple[int, str], tuple[Any, ...]] = {}
    for event, sighting in zip(events, sightings, strict=True):
        for values, sealed in ((event.traits, False), (event.personal, True)):
            for name, value in values.items():
                said = ((event.at, event.message_id), value, sealed)
                if (sighting, name) not in latest or latest[sighting, name][0] < said[0]:
                    latest[sighting, name] = said
    rows = []
    for (sighting, name), ((at, _), value, sealed) in latest.items():
        place = Place(tenant_id, "customer_traits", "sealed", f"{sighting}:{name}")
        kept = {"value": None, "sealed": seal(session, place, value)} if sealed else {"value": value, "sealed": None}
        rows.append({"sighting_id": sighting, "name": name, "tenant_id": tenant_id, "at": at, **kept})
    if rows:
        statement = insert(TraitRow)
        newer = statement.on_conflict_do_update(
            index_elements=["sighting_id", "name"],
            set_={name: statement.excluded[name] for name in ("value", "sealed", "at")},
            where=TraitRow.at <= statement.excluded.at,
        )
        session.execute(newer, rows)


_EARLIER = text("UPDATE customer_sightings SET first_at = :at, dirty = true WHERE id = :id")
_RENEW = text("UPDATE customer_sightings SET identifiers = CAST(:nodes AS bigint[]), dirty = true WHERE id = :id")
_UNLINK = text(
    "DELETE FROM customer_sighting_links WHERE tenant_id = :tenant_id AND sighting_id = :id "
    "AND identifier_id <> ALL(CAST(:nodes AS bigint[]))"
)
