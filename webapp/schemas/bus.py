"""The bus over the wire: topics, events, triggers."""

from collections.abc import Mapping
from typing import Any

from marshmallow import Schema, ValidationError, fields, validates_schema
from marshmallow.validate import Length, OneOf, Range, Regexp

from core.catalogue import discover_topics
from core.jobs.trigger_rules import TESTS, flaw_in_source, flaws_in_filter
from webapp.schemas.values import Flag, Strict

TOPICS = tuple(discover_topics())
LARGEST_SEQ = (1 << 63) - 1
# `$` would let a newline at the end pass, and `\Z` is no JSON Schema.
_LINE = Regexp(r"^[^\x00-\x1f\x7f]*(?![\s\S])", error="Control characters have no place here.")
_TOPICS_LIST = {"description": "Names with commas between them; all when absent"}
_MOST_RULES = 50


def topics_in(listed: str | None) -> list[str]:
    """Read a list of topics; raises `ValidationError` for one that is not there."""
    names = [name.strip() for name in (listed or "").split(",") if name.strip()]
    if strange := [name for name in names if name not in TOPICS]:
        raise ValidationError(f"{strange[0]!r} is no topic; known are {', '.join(TOPICS)}.")
    return names


def _check_topics(listed: str) -> None:
    topics_in(listed)


class EventsQuery(Strict):
    """Which events, how many, newest first."""

    topics = fields.String(load_default=None, validate=[Length(1, 2000), _check_topics], metadata=_TOPICS_LIST)
    subject = fields.String(load_default=None, validate=Length(1, 200), metadata={"description": "Of one domain, say"})
    limit = fields.Integer(load_default=50, validate=Range(1, 200))
    cursor = fields.Integer(
        load_default=None, validate=Range(0, LARGEST_SEQ), metadata={"description": "`next_cursor` of the page before"}
    )


class StreamQuery(Strict):
    """Which events."""

    topics = fields.String(load_default=None, validate=[Length(1, 2000), _check_topics], metadata=_TOPICS_LIST)
    subject = fields.String(load_default=None, validate=Length(1, 200), metadata={"description": "Of one domain, say"})
    after = fields.Integer(
        load_default=None,
        validate=Range(0, LARGEST_SEQ),
        metadata={"description": "Behind this number; behind the latest event when neither it nor `Last-Event-ID` is"},
    )


class BusEventDocument(Schema):
    """One event."""

    seq = fields.Integer(required=True, metadata={"description": "Its place in the order of all events"})
    id = fields.UUID(required=True)
    topic = fields.String(required=True)
    subject = fields.String(required=True, metadata={"description": "Id of what it is about"})
    at = fields.DateTime(required=True)
    job_id = fields.UUID(required=True, allow_none=True, metadata={"description": "With whose outcome it came"})
    depth = fields.Integer(required=True, metadata={"description": "How many triggers led to it"})
    data = fields.Dict(required=True, metadata={"description": "What its topic says"})


class BusEventList(Schema):
    """One page of events, newest first."""

    items = fields.List(fields.Nested(BusEventDocument), required=True)
    next_cursor = fields.String(required=True, allow_none=True)


class TopicStatistics(Schema):
    """How a topic stands in the caller's tenant."""

    published = fields.Integer(required=True)
    delivered = fields.Integer(required=True, metadata={"description": "Handed to webhooks and triggers' jobs"})
    lagging = fields.Integer(required=True, metadata={"description": "Published but not yet told on"})
    lag_s = fields.Float(required=True, allow_none=True, metadata={"description": "Age of the oldest that lags"})
    last_at = fields.DateTime(required=True, allow_none=True)


class TopicDocument(Schema):
    """One topic: what its events tell, and how it stands."""

    name = fields.String(required=True)
    summary = fields.String(required=True)
    subject = fields.String(required=True, metadata={"description": "What the `subject` of its events is the id of"})
    data_schema = fields.Dict(required=True, metadata={"description": "JSON Schema of its events' `data`"})
    example = fields.Dict(required=True)
    statistics = fields.Nested(TopicStatistics, required=True)


class TopicList(Schema):
    """All topics."""

    items = fields.List(fields.Nested(TopicDocument), required=True)
    next_cursor = fields.String(required=True, allow_none=True)


def _topic(**options: Any) -> fields.String:
    return fields.String(validate=OneOf(TOPICS), metadata={"description": "See `GET /topics`"}, **options)


def _kind(**options: Any) -> fields.String:
    return fields.String(validate=Length(1, 200), metadata={"description": "Kind of its jobs"}, **options)


class TriggerChange(Strict):
    """Which fields are to become what."""

    name = fields.String(allow_none=True, validate=[Length(1, 200), _LINE])
    topic = _topic()
    filter = fields.Dict(
        keys=fields.String(validate=Length(max=500)),
        validate=Length(max=_MOST_RULES),
        metadata={
            "description": "JSON pointers into the event, each with the value it has to have or tests of it: "
            f'`{{"/data/index": {{"multiple_of": 10}}}}`; tests are {", ".join(TESTS)}'
        },
    )
    kind = _kind()
    params = fields.Dict(metadata={"description": "Of its jobs"})
    params_from = fields.Dict(
        keys=fields.String(validate=Length(max=500)),
        validate=Length(max=_MOST_RULES),
        metadata={
            "description": "Where in the params goes what of the event, as JSON pointers: "
            '`{"/last": "/data/index", "/first": {"from": "/data/index", "plus": -9}}`'
        },
    )
    priority = fields.Integer(strict=True, validate=Range(0, 9), metadata={"description": "Of its jobs"})
    tags = fields.List(
        fields.String(validate=[Length(1, 100), _LINE]),
        validate=Length(max=20),
        metadata={"description": "Of its jobs"},
    )
    max_depth = fields.Integer(
        strict=True,
        validate=Range(1, 100),
        metadata={"description": "Fires for no event that so many triggers led to; 5 when absent"},
    )
    max_per_minute = fields.Integer(
        strict=True, validate=Range(1, 10_000), metadata={"description": "Fires no oftener; 120 when absent"}
    )
    active = Flag(metadata={"description": "False: it fires for nothing"})

    @validates_schema
    def check_rules(self, asked: Mapping[str, Any], **_: Any) -> None:
        """Refuse filters and sources that cannot be read, each under its pointer."""
        if flaws := flaws_in_filter(asked.get("filter", {})):
            raise ValidationError({"filter": {place: [flaw] for place, flaw in flaws.items()}})
        sources = asked.get("params_from", {})
        flawed = {place: [flaw] for place, source in sources.items() if (flaw := flaw_in_source(source))}
        if flawed:
            raise ValidationError({"params_from": flawed})


class TriggerRequest(TriggerChange):
    """On a topic, for events that pass the filter, submit a job of a kind."""

    topic = _topic(required=True)
    kind = _kind(required=True)


class TriggersQuery(Strict):
    """How many, and which part of the list."""

    limit = fields.Integer(load_default=50, validate=Range(1, 200))
    cursor = fields.UUID(load_default=None, metadata={"description": "`next_cursor` of the page before"})


class TriggerRunsQuery(Strict):
    """Which part of a trigger's history."""

    limit = fields.Integer(load_default=50, validate=Range(1, 200))
    cursor = fields.Integer(
        load_default=None, validate=Range(0, LARGEST_SEQ), metadata={"description": "`next_cursor` of the page before"}
    )


class TriggerLinks(Schema):
    """Where more about the trigger is."""

    self = fields.String(required=True)
    runs = fields.String(required=True)
    jobs = fields.String(required=True)


class TriggerDocument(Schema):
    """One trigger."""

    id = fields.UUID(required=True)
    name = fields.String(required=True, allow_none=True)
    topic = fields.String(required=True)
    filter = fields.Dict(required=True)
    kind = fields.String(required=True)
    params = fields.Dict(required=True)
    params_from = fields.Dict(required=True)
    priority = fields.Integer(required=True)
    tags = fields.List(fields.String(), required=True)
    max_depth = fields.Integer(required=True)
    max_per_minute = fields.Integer(required=True)
    active = fields.Boolean(required=True)
    paused_reason = fields.String(
        required=True, allow_none=True, metadata={"description": "Why the platform paused it; `active: true` resumes"}
    )
    fired = fields.Integer(required=True)
    suppressed = fields.Integer(required=True, metadata={"description": "Events that it passed over; see `runs`"})
    last_fired_at = fields.DateTime(required=True, allow_none=True)
    created_at = fields.DateTime(required=True)
    links = fields.Nested(TriggerLinks, required=True)


class TriggerList(Schema):
    """One page of triggers."""

    items = fields.List(fields.Nested(TriggerDocument), required=True)
    next_cursor = fields.String(required=True, allow_none=True)


class TriggerRunDocument(Schema):
    """What became of one event."""

    seq = fields.Integer(required=True, metadata={"description": "Number of the event"})
    event_id = fields.UUID(required=True)
    outcome = fields.String(required=True, metadata={"description": "submitted, looped, too_deep, too_many, refused"})
    job_id = fields.UUID(required=True, allow_none=True)
    detail = fields.String(required=True, allow_none=True)
    recorded_at = fields.DateTime(required=True)


class TriggerRunList(Schema):
    """One page of a trigger's history, newest first."""

    items = fields.List(fields.Nested(TriggerRunDocument), required=True)
    next_cursor = fields.String(required=True, allow_none=True)
