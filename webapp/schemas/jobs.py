"""Jobs over the wire: submissions, filters, and the job as JSON."""

from collections.abc import Mapping
from typing import Any

from marshmallow import Schema, ValidationError, fields, validates_schema
from marshmallow.validate import Length, OneOf, Range, Regexp

from core.jobs.queues import NAMES
from core.jobs.states import State
from webapp.schemas.values import Instant, Seconds, Strict, WebAddress

MAX_BULK = 10_000
MAX_PREREQUISITES = 1_000
LONGEST_TIMEOUT_S = 7 * 86_400.0
SUBMISSION = "JobSubmission"
"""The component that documents a submission as one of the kinds; the schema below is what loads it."""
SUBMISSION_REFERENCE = {"$ref": f"#/components/schemas/{SUBMISSION}"}
BULK_DOCUMENTED = {
    "type": "object",
    "properties": {
        "jobs": {"type": "array", "minItems": 1, "maxItems": MAX_BULK, "items": SUBMISSION_REFERENCE},
    },
    "required": ["jobs"],
    "additionalProperties": False,
}
# `$` would let a newline at the end pass, and `\Z` is no JSON Schema.
_LINE = Regexp(r"^[^\x00-\x1f\x7f]*(?![\s\S])", error="Control characters have no place here.")


class Submission(Strict):
    """What a client asks for."""

    kind = fields.String(required=True, metadata={"description": "Name of the kind; see `GET /kinds`"})
    params = fields.Dict(load_default=dict, metadata={"description": "What the kind's schema says"})
    priority = fields.Integer(
        load_default=5,
        strict=True,
        validate=Range(0, 9),
        metadata={"description": "9 is served first, 0 last"},
    )
    run_at = Instant(load_default=None, allow_none=True, metadata={"description": "Not to be started before"})
    deadline_at = Instant(load_default=None, allow_none=True, metadata={"description": "Expires unless started before"})
    timeout_s = Seconds(
        longest=LONGEST_TIMEOUT_S,
        load_default=None,
        allow_none=True,
        metadata={"description": "Soft limit of one attempt; the kind's own when absent, more only for operators"},
    )
    max_attempts = fields.Integer(
        load_default=None,
        allow_none=True,
        strict=True,
        validate=Range(1, 100),
        metadata={"description": "How often it is tried; the kind's own when absent"},
    )
    tags = fields.List(
        fields.String(validate=[Length(1, 100), _LINE]),
        load_default=list,
        validate=Length(max=50),
        metadata={"description": "Words to find it by"},
    )
    unique_key = fields.String(
        load_default=None,
        allow_none=True,
        validate=[Length(1, 200), _LINE],
        metadata={"description": "At most one job that is not final holds it"},
    )
    concurrency_key = fields.String(
        load_default=None,
        allow_none=True,
        validate=[Length(1, 200), _LINE],
        metadata={"description": "At most `concurrency_limit` jobs of the same key run at once"},
    )
    concurrency_limit = fields.Integer(
        load_default=None,
        allow_none=True,
        strict=True,
        validate=Range(1, 10_000),
        metadata={
            "description": "How many of one key run at once; 1 when absent, and the latest submission's holds for all"
        },
    )
    depends_on = fields.List(
        fields.UUID(),
        load_default=list,
        validate=Length(max=MAX_PREREQUISITES),
        metadata={"description": "Jobs that have to succeed first; it fails as `dependency_failed` if one does not"},
    )

    callback_url = WebAddress(
        load_default=None,
        allow_none=True,
        metadata={"description": "Where its end is told by a signed `POST`, tried again for a day"},
    )

    @validates_schema
    def check_limit(self, asked: Mapping[str, Any], **_: Any) -> None:
        """Refuse a limit of nothing."""
        if asked.get("concurrency_limit") is not None and asked.get("concurrency_key") is None:
            raise ValidationError("Needs a concurrency_key.", "concurrency_limit")


class BulkSubmission(Strict):
    """Many submissions, all or none of which are accepted."""

    jobs = fields.List(fields.Nested(Submission), required=True, validate=Length(1, MAX_BULK))


class BulkAnswer(Schema):
    """The new jobs' ids, in the order of the submissions."""

    ids = fields.List(fields.UUID(), required=True)


class WaitQuery(Strict):
    """How long to wait for the end of the job."""

    wait = fields.Float(
        load_default=0.0,
        validate=Range(0, 30),
        metadata={"description": "Answer as soon as the job is final, or after so many seconds"},
    )


class JobsFilter(Strict):
    """Which jobs: those to which all that is said applies."""

    state = fields.String(load_default=None, validate=OneOf([str(state) for state in State]))
    kind = fields.String(load_default=None, validate=Length(1, 200))
    queue = fields.String(load_default=None, validate=OneOf(NAMES))
    tag = fields.String(load_default=None, validate=Length(1, 100))
    schedule_id = fields.UUID(load_default=None)
    workflow_id = fields.UUID(load_default=None)
    parent_id = fields.UUID(load_default=None)
    created_after = Instant(load_default=None)
    created_before = Instant(load_default=None)
    q = fields.String(
        load_default=None,
        validate=Length(1, 200),
        metadata={"description": "Part of the kind, the beginning of the unique key or id, or a whole tag"},
    )


class JobsQuery(JobsFilter):
    """Which jobs, in which order, how many."""

    sort = fields.String(load_default="-created_at", validate=OneOf(["-created_at", "created_at"]))
    limit = fields.Integer(load_default=50, validate=Range(1, 200))
    cursor = fields.String(
        load_default=None, validate=Length(max=200), metadata={"description": "`next_cursor` of the page before"}
    )


class Progress(Schema):
    """How far the running attempt is."""

    fraction = fields.Float(required=True, validate=Range(0, 1))
    step = fields.String(required=True)
    message = fields.String(required=True)
    eta_s = fields.Float(required=True, allow_none=True)
    frame = fields.Dict(metadata={"description": "What there is to see just now, of kinds that show something"})


class JobError(Schema):
    """Why the latest attempt failed."""

    code = fields.String(required=True)
    message = fields.String(required=True)
    retryable = fields.Boolean(required=True)
    attempt = fields.Integer(required=True)
    traceback = fields.String(allow_none=True, metadata={"description": "For operators only"})


class Usage(Schema):
    """What the latest attempt used."""

    queue_s = fields.Float(required=True, allow_none=True)
    run_s = fields.Float(required=True, allow_none=True)
    cpu_s = fields.Float(required=True, allow_none=True)
    peak_memory_mib = fields.Float(required=True, allow_none=True)


class JobLinks(Schema):
    """Where more about the job is."""

    self = fields.String(required=True)
    result = fields.String(required=True)
    events = fields.String(required=True)
    logs = fields.String(required=True)
    artifacts = fields.String(required=True)
    cancel = fields.String(required=True)
    retry = fields.String(required=True)
    shards = fields.String(required=True)


class ShardCounts(Schema):
    """How many shards a job was split into so far, and what became of them."""

    total = fields.Integer(required=True)
    finished = fields.Integer(required=True, metadata={"description": "Those that are final, the failed among them"})
    failed = fields.Integer(required=True, metadata={"description": "Those that are final and did not succeed"})


def _maybe_instant() -> fields.DateTime:
    return fields.DateTime(required=True, allow_none=True)


def _maybe_id() -> fields.UUID:
    return fields.UUID(required=True, allow_none=True)


class JobDocument(Schema):
    """One job; what is not known is null."""

    id = fields.UUID(required=True)
    kind = fields.String(required=True)
    kind_version = fields.Integer(required=True)
    state = fields.String(required=True, validate=OneOf([str(state) for state in State]))
    queue = fields.String(required=True)
    priority = fields.Integer(required=True, validate=Range(0, 9))
    params = fields.Dict(required=True, allow_none=True, metadata={"description": "Null in a list when over 64 KiB"})
    tags = fields.List(fields.String(), required=True)
    attempt = fields.Integer(required=True)
    max_attempts = fields.Integer(required=True)
    progress = fields.Nested(Progress, required=True, allow_none=True)
    created_at = fields.DateTime(required=True)
    run_at = _maybe_instant()
    queued_at = _maybe_instant()
    started_at = _maybe_instant()
    finished_at = _maybe_instant()
    next_attempt_at = _maybe_instant()
    deadline_at = _maybe_instant()
    cancel_requested_at = _maybe_instant()
    worker = fields.String(required=True, allow_none=True)
    error = fields.Nested(JobError, required=True, allow_none=True)
    result = fields.Dict(required=True, allow_none=True, metadata={"description": "When succeeded and at most 64 KiB"})
    result_url = fields.String(
        required=True, allow_none=True, metadata={"description": "When succeeded and the result is larger"}
    )
    receipt = fields.Dict(
        required=True, allow_none=True, metadata={"description": "What one needs to get the same result again"}
    )
    usage = fields.Nested(Usage, required=True, allow_none=True)
    schedule_id = _maybe_id()
    workflow_id = _maybe_id()
    parent_id = _maybe_id()
    shards = fields.Nested(
        ShardCounts,
        required=True,
        allow_none=True,
        metadata={"description": "Only when the job was split and is read alone"},
    )
    concurrency_key = fields.String(required=True, allow_none=True)
    callback_url = fields.String(required=True, allow_none=True)
    links = fields.Nested(JobLinks, required=True)
    unique = fields.Boolean(
        metadata={"description": "True when another job held the unique key, and is the answer; else absent"}
    )
