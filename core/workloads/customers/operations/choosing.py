"""This file is about choosing people: a definition's tree as one parameterised SELECT over profiles.

Whatever is counted over events, consents or other segments is grouped by person first and joined once, so that a
million profiles take one pass of hash joins. Every condition is true or false, never null, so that `not` is the
complement of what it is put before.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Select,
    and_,
    false,
    func,
    not_,
    null,
    or_,
    select,
    true,
)
from sqlalchemy.dialects.postgresql import distinct_on

from core.workloads.customers.operations.comparing import json_passes, passes
from core.workloads.customers.operations.models import ConsentRow, EventRow, IdentifierRow, ProfileRow, SightingRow
from core.workloads.customers.operations.segment_models import MembershipRow, ScoreRow
from core.workloads.customers.segments.tree import (
    Clause,
    Consent,
    Every,
    Field,
    Happened,
    InSegment,
    Not,
    Sequence,
    Some,
    Step,
    Test,
)

_SCORE = "rfm."
Rows = Select[*tuple[Any, ...]]


@dataclass(slots=True)
class Choice:
    """Profiles with what a definition asks of them, and one condition for each of its clauses by place."""

    whole: ColumnElement[bool]
    source: FromClause
    conditions: Mapping[str, ColumnElement[bool]]
    tenant_id: UUID

    def people(self) -> Select[int]:
        """Return the SELECT of the numbers of those whom the whole definition chooses."""
        mine = ProfileRow.tenant_id == self.tenant_id
        return select(ProfileRow.id).select_from(self.source).where(mine, self.whole)

    def counts(self) -> Rows:
        """Return the SELECT of one row: how many profiles there are, then how many each clause chooses."""
        each = [func.count().filter(condition) for condition in self.conditions.values()]
        return select(func.count(), *each).select_from(self.source).where(ProfileRow.tenant_id == self.tenant_id)


def choose(tree: Clause, tenant_id: UUID, segments: Mapping[str, UUID], now: datetime) -> Choice:
    """Compile a definition; `segments` are those that it names, events up to `now` count."""
    compiler = _Compiler(tenant_id, segments, now)
    whole = compiler.condition(tree)
    return Choice(whole, compiler.source, compiler.conditions, tenant_id)


@dataclass(slots=True)
class _Compiler:
    tenant_id: UUID
    segments: Mapping[str, UUID]
    now: datetime
    source: FromClause = ProfileRow.__table__
    conditions: dict[str, ColumnElement[bool]] = field(default_factory=dict)
    scored: bool = False

    def condition(self, clause: Clause) -> ColumnElement[bool]:
        self.conditions[clause.place] = true()  # a clause stands before those below it
        self.conditions[clause.place] = found = self._compiled(clause)
        return found

    def _compiled(self, clause: Clause) -> ColumnElement[bool]:
        match clause:
            case Every():
                return and_(true(), *(self.condition(one) for one in clause.of))
            case Some():
                return or_(false(), *(self.condition(one) for one in clause.of))
            case Not():
                return not_(self.condition(clause.of))
            case Field():
                return self._field(clause.test)
            case _:
                return self._related(clause)

    def _related(self, clause: Happened | Sequence | InSegment | Consent) -> ColumnElement[bool]:
        """Compile what is known of people by other tables."""
        match clause:
            case Happened():
                return self._happened(clause)
            case Sequence():
                return self._sequence(clause)
            case InSegment():
                return self._in_segment(clause)
            case Consent():
                return self._consent(clause)

    def _field(self, test: Test) -> ColumnElement[bool]:
        if test.kind == "json":
            name = test.name.partition(".")[2]
            return json_passes(ProfileRow.traits, name, test)
        if test.name.startswith(_SCORE):
            return passes(self._score(test.name.removeprefix(_SCORE)), test, self.now)
        return passes(getattr(ProfileRow, test.name), test, self.now)

    def _score(self, name: str) -> ColumnElement[Any]:
        if not self.scored:
            self.scored = True
            of = and_(ScoreRow.tenant_id == ProfileRow.tenant_id, ScoreRow.profile_id == ProfileRow.id)
            self.source = self.source.outerjoin(ScoreRow.__table__, of)
        column: ColumnElement[Any] = getattr(ScoreRow, name)
        return column

    def _happened(self, clause: Happened) -> ColumnElement[bool]:
        person, happened = SightingRow.profile_id, self._events(clause.step, clause.within_days)
        counted = happened.with_only_columns(person.label("person"), func.count().label("times")).group_by(person)
        joined = self._joined(counted)
        least = max(clause.at_least, 1)
        enough = and_(joined.c.person.is_not(None), joined.c.times >= least)
        if clause.at_most is not None:
            enough = and_(enough, joined.c.times <= clause.at_most)
        return enough if clause.at_least else or_(joined.c.person.is_(None), enough)

    def _sequence(self, clause: Sequence) -> ColumnElement[bool]:
        """Follow each step with the latest time at which the sequence may have begun to get there."""
        person, at = SightingRow.profile_id, EventRow.at
        first, *others = (self._events(step, None) for step in clause.steps)
        chain = first.with_only_columns(person.label("person"), at.label("at"), at.label("begun"))
        for events in others:
            reached = chain.subquery()
            step = events.with_only_columns(person.label("person"), at.label("at"), null().label("begun"))
            both = select(reached.c.person, reached.c.at, reached.c.begun).union_all(step).subquery()
            # At the same time a step stands before what it would follow, so that only what is earlier counts.
            order = [both.c.at, both.c.begun.is_(None).desc()]
            begun = func.max(both.c.begun).over(partition_by=both.c.person, order_by=order, rows=(None, 0))
            told = select(
                both.c.person, both.c.at, both.c.begun.is_(None).label("step"), begun.label("begun")
            ).subquery()
            chain = select(told.c.person, told.c.at, told.c.begun).where(told.c.step, told.c.begun.is_not(None))
        reached = chain.subquery()
        done = select(reached.c.person).distinct()
        if clause.within_days is not None:
            done = done.where(reached.c.at - reached.c.begun <= timedelta(days=clause.within_days))
        return _found(self._joined(done))

    def _events(self, step: Step, within_days: float | None) -> Rows:
        """Return the SELECT of events of people, to be given its columns."""
        tests = [json_passes(EventRow.properties, test.name, test) for test in step.where]
        lately = [EventRow.at > self.now - timedelta(days=within_days)] if within_days is not None else []
        return (
            select(EventRow.at)
            .join_from(EventRow, SightingRow, SightingRow.id == EventRow.sighting_id)
            .where(
                EventRow.tenant_id == self.tenant_id,
                SightingRow.tenant_id == self.tenant_id,
                SightingRow.profile_id.is_not(None),
                EventRow.name == step.event,
                EventRow.at <= self.now,
                *lately,
                *tests,
            )
        )

    def _in_segment(self, clause: InSegment) -> ColumnElement[bool]:
        members = select(MembershipRow.profile_id.label("person")).where(
            MembershipRow.segment_id == self.segments[clause.name], MembershipRow.left_at.is_(None)
        )
        return _found(self._joined(members))

    def _consent(self, clause: Consent) -> ColumnElement[bool]:
        joined = self._joined(granted(self.tenant_id, clause.purpose, clause.channel))
        holds = _found(joined)
        return holds if clause.granted else not_(holds)

    def _joined(self, people: Rows) -> Any:
        """Join what was found of people, one row each at most."""
        joined = people.subquery()
        self.source = self.source.outerjoin(joined, joined.c.person == ProfileRow.id)
        return joined


def _found(joined: Any) -> ColumnElement[bool]:
    """Return the condition that a joined row is there."""
    found: ColumnElement[bool] = joined.c.person.is_not(None)
    return found


def granted(tenant_id: UUID, purpose: str, channel: str) -> Rows:
    """Return the SELECT of those (`person`) whose consent to a purpose by a channel holds.

    It holds by a word on that channel or on any, if no standing word on either is a withdrawal; for `any` channel no
    channel's word may be one.
    """
    either = (channel, "any")
    standing = (
        select(IdentifierRow.profile_id.label("person"), ConsentRow.channel, ConsentRow.granted)
        .ext(distinct_on(IdentifierRow.profile_id, ConsentRow.channel))
        .join_from(ConsentRow, IdentifierRow, IdentifierRow.id == ConsentRow.identifier_id)
        .where(
            ConsentRow.tenant_id == tenant_id,
            ConsentRow.purpose == purpose,
            IdentifierRow.profile_id.is_not(None),
            *([] if channel == "any" else [ConsentRow.channel.in_(either)]),
        )
        .order_by(
            *(IdentifierRow.profile_id, ConsentRow.channel, ConsentRow.at.desc()),
            *(ConsentRow.granted, ConsentRow.id.desc()),
        )
        .subquery()
    )
    agreed = and_(func.bool_and(standing.c.granted), func.bool_or(standing.c.channel.in_(either)))
    return select(standing.c.person).group_by(standing.c.person).having(agreed)
