"""Syncing contacts with a CRM, page by page: read what changed there, write back what is ours, know our own words."""

import functools
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.clock import database_now, rfc3339
from core.workloads.customers.connectors.base import (
    CRM_ROWS_AT_ONCE,
    Crm,
    CrmRow,
    OutcomeUnknown,
    Upsert,
)
from core.workloads.customers.contacts import Contact, Flaw, read_contact
from core.workloads.customers.crm.ownership import FIGURES, content_hash, differing, incoming, outgoing
from core.workloads.customers.operations import (
    connections,
    crm_contacts,
    crm_forgetting,
    crm_links,
    figures,
    ingesting,
    people,
    resolving,
    sources,
)
from core.workloads.customers.operations.acting import Worker
from core.workloads.customers.operations.crm_models import CrmContactRow, CrmLinkRow
from core.workloads.customers.operations.lines import Answer, Line
from core.workloads.customers.operations.models import IdentifierRow, ProfileRow

PAGE = CRM_ROWS_AT_ONCE
TRIES = 4
LISTED = 20


@dataclass(slots=True)
class Tally:
    """What became of contacts."""

    read: int = 0
    echoes: int = 0
    """Changes that were our own, or ones that are not ours to hear."""
    imported: int = 0
    deleted: int = 0
    forgotten: int = 0
    """Contacts of people who were erased here, which the CRM has taken away."""
    written: int = 0
    refused: int = 0
    errors: list[dict[str, str]] = field(default_factory=list)
    """`crm_id` and `reason`, the first ones."""

    def refuse(self, crm_id: str, reason: str) -> None:
        """Note a row that was set aside."""
        self.refused += 1
        if len(self.errors) < LISTED:
            self.errors.append({"crm_id": crm_id, "reason": reason})


@dataclass(frozen=True, slots=True)
class _Sync:
    worker: Worker
    link: CrmLinkRow
    crm: Crm
    line: Line
    dry_run: bool
    tally: Tally
    done: set[str] = field(default_factory=set)
    """Contacts that this run need not come back to: refused, or only looked at."""


@dataclass(frozen=True, slots=True)
class _Known:
    """A contact as both sides have it."""

    crm_id: str
    key: str
    wanted: Mapping[str, Any]
    present: Mapping[str, Any] | None
    """Its fields in the CRM, where they were read just now."""


def sync(worker: Worker, tenant_id: UUID, reference: str, *, dry_run: bool) -> Tally:
    """Bring both sides in step, or only tell what would be done; each page lands by itself, and the cursor with it."""
    with worker.transact() as session:
        link = crm_links.find(session, tenant_id, reference)
        connection = connections.opened(session, connections.find(session, tenant_id, str(link.connection_id)))
    crm, line = connections.reach_crm(connection, worker.transact), worker.line(connection, worker.checkpoint)
    going = _Sync(worker, link, crm, line, dry_run, Tally())
    _have_forgotten(going)
    for page in _pages(going):
        _write(going, _read(going, page))
    for known in _changed_here(going):
        _write(going, known)
    if not dry_run:
        with worker.transact() as session:
            row = crm_links.find(session, tenant_id, str(link.id), lock=True)
            counts = {name: getattr(going.tally, name) for name in Tally.__slots__ if name != "errors"}
            row.synced_at, row.counts = database_now(session), counts
    return going.tally


def _have_forgotten(going: _Sync) -> None:
    """Have the CRM forget who was erased here, before anything is read: nobody comes back by what it still says."""
    if going.dry_run:
        with going.worker.transact() as session:
            going.tally.forgotten = len(crm_forgetting.waiting(session, going.link))
        return
    say = functools.partial(_said, going)
    going.tally.forgotten, refused = crm_forgetting.forget(going.worker.transact, going.link, going.crm, say)
    for crm_id, why in refused.items():
        going.tally.refuse(crm_id, why)


def _pages(going: _Sync) -> Iterator[Sequence[CrmRow]]:
    """Read what changed since the cursor, and somewhat before it."""
    began, link = going.link.cursor_at, going.link
    since = None if began is None else began - timedelta(seconds=link.overlap_s)
    after: str | None = None
    while True:
        page = going.line.ask(functools.partial(going.crm.changes, since, after, PAGE))
        if page:
            yield page
            since, after = page[-1].changed_at, page[-1].id
            _move_cursor(going, page[-1].changed_at)
        if len(page) < PAGE:
            return


def _move_cursor(going: _Sync, at: datetime) -> None:
    if going.dry_run:
        return
    with going.worker.transact() as session:
        row = crm_links.find(session, going.link.tenant_id, str(going.link.id), lock=True)
        row.cursor_at = at if row.cursor_at is None else max(row.cursor_at, at)


def _read(going: _Sync, page: Sequence[CrmRow]) -> list[_Known]:
    """Take in what is news of a page, and return its contacts as both sides have them now."""
    tally, tenant_id, ownership = going.tally, going.link.tenant_id, going.link.ownership
    tally.read += len(page)
    with going.worker.transact() as session:
        sources.lock_people(session, tenant_id)
        hashes, present = crm_contacts.hashes_of(session, going.link, page), [row for row in page if not row.deleted]
        tally.deleted += len(page) - len(present)
        kept: list[tuple[CrmRow, Contact]] = []
        news: list[dict[str, Any]] = []
        for row in present:
            if hashes.get(row.id, "") is None:
                continue  # of somebody who was erased here; the CRM refuses to forget the contact
            contact = read_contact("email", row.key)
            if isinstance(contact, Flaw):
                tally.refuse(row.id, f"{contact.type} {contact.why}")
                continue
            fields = incoming(ownership, row.fields)
            kept.append((row, contact))
            if hashes.get(row.id) == content_hash(fields):
                tally.echoes += 1
            else:
                tally.imported += 1
                news.append(_event(going.link, row, contact, fields))
        if going.dry_run:
            return _known(session, going, kept)
        _take_in(session, going, news)
        crm_contacts.mark_deleted(session, going.link, [row.id for row in page if row.deleted])
        for row, contact in kept:
            crm_contacts.remember(session, going.link, row, people.keep_identifier(session, tenant_id, contact).id)
        return _known(session, going, kept)


def _event(link: CrmLinkRow, row: CrmRow, contact: Contact, fields: Mapping[str, Any]) -> dict[str, Any]:
    """Write a change as the event that it is; read again, it is the same message."""
    at = rfc3339(row.changed_at)
    traits = {**fields, "email": contact.value}
    return {"type": "identify", "messageId": f"crm-{link.id.hex}-{row.id}-{at}", "timestamp": at, "traits": traits}


def _take_in(session: Session, going: _Sync, news: Sequence[Mapping[str, Any]]) -> None:
    tenant_id = going.link.tenant_id
    source = sources.find_or_create(session, tenant_id, f"crm {going.link.name}", "crm")
    outcome = ingesting.ingest(session, source, enumerate(news), database_now(session))
    resolving.resolve_touched(session, tenant_id, outcome.sightings)
    figures.refresh(session, tenant_id, outcome.people)
    for one in outcome.rejected:
        going.tally.imported -= 1
        going.tally.refuse(str(one.get("message_id")), one["reason"])


def _known(session: Session, going: _Sync, kept: Sequence[tuple[CrmRow, Contact]]) -> list[_Known]:
    told = []
    for row, contact in kept:
        identifier = people.find_identifier(session, going.link.tenant_id, contact)
        if identifier is None or identifier.profile_id is None:
            continue
        profile = session.get(ProfileRow, (going.link.tenant_id, identifier.profile_id), populate_existing=True)
        if profile is not None:
            wanted = _wanted(going.link, profile)
            if going.dry_run:  # nothing was taken in, so what they said last is not known to be the newest
                wanted = {name: value for name, value in wanted.items() if going.link.ownership[name] == "ours"}
            told.append(_Known(row.id, contact.value, wanted, row.fields))
    return told


def _wanted(link: CrmLinkRow, profile: ProfileRow) -> dict[str, Any]:
    computed = {name: getattr(profile, name) for name in FIGURES}
    shown = {name: rfc3339(value) if isinstance(value, datetime) else value for name, value in computed.items()}
    return outgoing(link.ownership, shown, profile.traits)


def _changed_here(going: _Sync) -> Iterator[list[_Known]]:
    """Yield contacts whose profiles say something else than the CRM has acknowledged."""
    link, after = going.link, ""
    while True:
        with going.worker.transact() as session:
            mine = (CrmContactRow.link_id == link.id, CrmContactRow.crm_id > after, ~CrmContactRow.deleted)
            query = (
                select(CrmContactRow, IdentifierRow, ProfileRow)
                .join(IdentifierRow, IdentifierRow.id == CrmContactRow.identifier_id)
                .join(
                    ProfileRow,
                    (ProfileRow.tenant_id == link.tenant_id) & (ProfileRow.id == IdentifierRow.profile_id),
                )
            )
            rows = session.execute(query.where(*mine).order_by(CrmContactRow.crm_id).limit(PAGE)).all()
            told = []
            for contact, identifier, profile in rows:
                wanted = _wanted(link, profile)
                key = people.opened(session, link.tenant_id, identifier)
                if key is not None and contact.crm_id not in going.done and content_hash(wanted) != contact.our_hash:
                    told.append(_Known(contact.crm_id, key, wanted, None))
        if told:
            yield told
        if len(rows) < PAGE:
            return
        after = rows[-1][0].crm_id


def _write(going: _Sync, known: Sequence[_Known]) -> None:
    """Write what is ours to the CRM, row by row taken or refused, and keep what it has acknowledged."""
    changes = [(one, one.wanted if one.present is None else differing(one.wanted, one.present)) for one in known]
    due = [(one, fields) for one, fields in changes if fields]
    if going.dry_run:
        going.tally.written += len(due)
        going.done.update(one.crm_id for one in known)
        return
    refused = _say(going, [Upsert(one.key, fields) for one, fields in due]) if due else {}
    why = {due[place][0].crm_id: reason for place, reason in refused.items()}
    going.tally.written += len(due) - len(refused)
    for crm_id, reason in why.items():
        going.tally.refuse(crm_id, reason)
        going.done.add(crm_id)
    with going.worker.transact() as session:
        for one, fields in changes:
            row = session.get(CrmContactRow, (going.link.id, one.crm_id), with_for_update=True)
            if row is None:
                continue
            row.error = why.get(one.crm_id)
            if row.error is None:
                row.our_hash = content_hash(one.wanted)
                if one.present is not None:
                    row.their_hash = content_hash(incoming(going.link.ownership, {**one.present, **fields}))


def _say(going: _Sync, rows: Sequence[Upsert]) -> Mapping[int, str]:
    return _said(going, functools.partial(going.crm.upsert, rows))


def _said(going: _Sync, deed: Callable[[], Answer]) -> Answer:
    """Say what may be said again and changes nothing then, so a lost answer is asked for again."""
    for _ in range(TRIES):
        try:
            return going.line.ask(deed)
        except OutcomeUnknown:
            continue
    raise OutcomeUnknown(f"the CRM did not answer {TRIES} times")
