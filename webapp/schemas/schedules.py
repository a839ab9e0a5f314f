"""Schedules over the wire: what clients send, the schedule as JSON, and what became of its fire times."""

from collections.abc import Mapping
from typing import Any

from marshmallow import Schema, fields, post_load
from marshmallow.validate import Length, OneOf, Range, Regexp

from core.jobs.firing_policy import Missed, Outcome, Overlap
from core.jobs.kind import Number
from webapp.schemas.jobs import LONGEST_TIMEOUT_S
from webapp.schemas.values import Flag, Instant, Seconds, Strict, WebAddress

SHORTEST_S, LONGEST_S = 1, 366 * 86_400
LONGEST_JITTER_S = 86_400
DEFAULTS: Mapping[str, Any] = {
    "params": {},
    "priority": 5,
    "tags": [],
    "timezone": "UTC",
    "jitter_s": 0.0,
    "missed": Missed.ONCE,
    "overlap": Overlap.ALLOW,
    "paused": False,
}
# `$` would let a newline at the end pass, and `\Z` is no JSON Schema.
_LINE = Regexp(r"^[^\x00-\x1f\x7f]*(?![\s\S])", error="Control characters have no place here.")


class ScheduleChange(Strict):
    """Which fields are to become what; a cron rule takes the place of an interval and the other way round."""

    name = fields.String(allow_none=True, validate=[Length(1, 200), _LINE])
    kind = fields.String(validate=Length(1, 200), metadata={"description": "Name of the kind; see `GET /kinds`"})
    params = fields.Dict(metadata={"description": "What the kind's schema says"})
    priority = fields.Integer(strict=True, validate=Range(0, 9), metadata={"description": "Of its jobs"})
    timeout_s = Seconds(longest=LONGEST_TIMEOUT_S, allow_none=True, metadata={"description": "Of its jobs"})
    max_attempts = fields.Integer(
        allow_none=True, strict=True, validate=Range(1, 100), metadata={"description": "Of its jobs"}
    )
    tags = fields.List(
        fields.String(validate=[Length(1, 100), _LINE]),
        validate=Length(max=50),
        metadata={"description": "Of its jobs"},
    )
    callback_url = WebAddress(allow_none=True, metadata={"description": "Of its jobs: where their ends are told"})
    cron = fields.String(
        allow_none=True,
        validate=Length(1, 200),
        metadata={
            "description": "Minute, hour, day of month, month, day of week; or six fields, seconds first. A rule that "
            "names hours (`30 2 * * *`) fires once for each time it names: right after the gap where a change of the "
            "clock leaves it out, the first time where it comes twice. One for every hour goes by time itself."
        },
    )
    every_s = Number(
        allow_none=True,
        validate=Range(SHORTEST_S, LONGEST_S),
        metadata={"description": "Instead of `cron`: seconds, counted from `starts_at`, else from the creation"},
    )
    timezone = fields.String(
        validate=Length(1, 100), metadata={"description": "What `cron` means, as `Europe/Helsinki`"}
    )
    jitter_s = Number(
        validate=Range(0, LONGEST_JITTER_S),
        metadata={"description": "Each job is due up to so many seconds after its fire time"},
    )
    missed = fields.String(
        validate=OneOf([str(each) for each in Missed]),
        metadata={"description": "Of fire times more than a minute ago: none, the latest, or each is made up for"},
    )
    overlap = fields.String(
        validate=OneOf([str(each) for each in Overlap]),
        metadata={"description": "While a job of the schedule is not final: allow another, skip it, cancel the open"},
    )
    paused = Flag(metadata={"description": "What falls into a pause is not made up for"})
    starts_at = Instant(allow_none=True, metadata={"description": "Not before"})
    ends_at = Instant(allow_none=True, metadata={"description": "Not after"})


class ScheduleRequest(ScheduleChange):
    """A rule that submits jobs of one kind at times; either `cron` or `every_s`."""

    kind = fields.String(
        required=True, validate=Length(1, 200), metadata={"description": "Name of the kind; see `GET /kinds`"}
    )

    @post_load
    def complete(self, asked: Mapping[str, Any], **_: Any) -> dict[str, Any]:
        """Put in what was left out."""
        return {**DEFAULTS, **asked}


class SchedulesQuery(Strict):
    """Which schedules, how many."""

    kind = fields.String(load_default=None, validate=Length(1, 200))
    paused = fields.Boolean(load_default=None)
    limit = fields.Integer(load_default=50, validate=Range(1, 200))
    cursor = fields.UUID(load_default=None, metadata={"description": "`next_cursor` of the page before"})


class NextQuery(Strict):
    """How many fire times."""

    n = fields.Integer(load_default=5, validate=Range(1, 100), metadata={"description": "How many"})


class RunsQuery(Strict):
    """Which part of a schedule's history."""

    limit = fields.Integer(load_default=50, validate=Range(1, 200))
    cursor = Instant(load_default=None, metadata={"description": "`next_cursor` of the page before"})


class ScheduleRunDocument(Schema):
    """What became of one fire time."""

    fire_at = fields.DateTime(required=True)
    outcome = fields.String(required=True, validate=OneOf([str(each) for each in Outcome]))
    job_id = fields.UUID(required=True, allow_none=True)
    detail = fields.String(required=True, allow_none=True, metadata={"description": "Why it was refused"})
    recorded_at = fields.DateTime(required=True)


class ScheduleLinks(Schema):
    """Where more about the schedule is."""

    self = fields.String(required=True)
    next = fields.String(required=True)
    run = fields.String(required=True)
    runs = fields.String(required=True)
    pause = fields.String(required=True)
    resume = fields.String(required=True)
    jobs = fields.String(required=True)


class ScheduleDocument(Schema):
    """One schedule."""

    id = fields.UUID(required=True)
    name = fields.String(required=True, allow_none=True)
    kind = fields.String(required=True)
    params = fields.Dict(required=True)
    priority = fields.Integer(required=True)
    timeout_s = fields.Float(required=True, allow_none=True)
    max_attempts = fields.Integer(required=True, allow_none=True)
    tags = fields.List(fields.String(), required=True)
    callback_url = fields.String(required=True, allow_none=True)
    cron = fields.String(required=True, allow_none=True)
    every_s = fields.Float(required=True, allow_none=True)
    timezone = fields.String(required=True)
    jitter_s = fields.Float(required=True)
    missed = fields.String(required=True)
    overlap = fields.String(required=True)
    paused = fields.Boolean(required=True)
    paused_reason = fields.String(
        required=True, allow_none=True, metadata={"description": "Why the platform paused it: its job was refused"}
    )
    starts_at = fields.DateTime(required=True, allow_none=True)
    ends_at = fields.DateTime(required=True, allow_none=True)
    created_at = fields.DateTime(required=True)
    version = fields.Integer(required=True, metadata={"description": "Grows with each change"})
    next_fire_at = fields.DateTime(
        required=True, allow_none=True, metadata={"description": "Null while paused, and when it never fires again"}
    )
    last_run = fields.Nested(ScheduleRunDocument, required=True, allow_none=True)
    links = fields.Nested(ScheduleLinks, required=True)


class ScheduleList(Schema):
    """One page of schedules."""

    items = fields.List(fields.Nested(ScheduleDocument), required=True)
    next_cursor = fields.String(required=True, allow_none=True)


class ScheduleRunList(Schema):
    """One page of a schedule's history, newest first."""

    items = fields.List(fields.Nested(ScheduleRunDocument), required=True)
    next_cursor = fields.String(required=True, allow_none=True)


class NextList(Schema):
    """The next fire times, in order, in UTC."""

    items = fields.List(fields.DateTime(), required=True)
    next_cursor = fields.String(required=True, allow_none=True, metadata={"description": "Always null"})
