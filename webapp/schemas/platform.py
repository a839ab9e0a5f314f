"""Kinds, queues and health over the wire."""

from marshmallow import Schema, fields
from marshmallow.validate import OneOf


class LimitsDocument(Schema):
    """What one attempt may use."""

    soft_s = fields.Float(required=True, metadata={"description": "Seconds until the computation is interrupted"})
    grace_s = fields.Float(required=True, metadata={"description": "Seconds after that until its process is killed"})
    concurrency = fields.Integer(
        required=True, allow_none=True, metadata={"description": "How many may run at once, as declared; null: any"}
    )
    result_bytes = fields.Integer(required=True, metadata={"description": "Largest result as JSON"})
    memory_mib = fields.Integer(
        required=True, metadata={"description": "Memory that it and the processes it starts may come to hold, in MiB"}
    )
    artifact_bytes = fields.Integer(required=True, metadata={"description": "All its artifacts together"})
    log_lines = fields.Integer(required=True, metadata={"description": "Lines of log that are kept"})


class RetryDocument(Schema):
    """How often and how far apart attempts are made."""

    max_attempts = fields.Integer(required=True)
    base_s = fields.Float(required=True)
    factor = fields.Float(required=True)
    cap_s = fields.Float(required=True)


class KindDocument(Schema):
    """One kind of job."""

    name = fields.String(required=True)
    summary = fields.String(required=True)
    version = fields.Integer(required=True)
    queue = fields.String(required=True)
    params_schema = fields.Dict(required=True, metadata={"description": "JSON Schema of the params"})
    result_schema = fields.Dict(required=True, metadata={"description": "JSON Schema of the result"})
    example = fields.Dict(required=True, metadata={"description": "Params that work"})
    limits = fields.Nested(LimitsDocument, required=True)
    retry = fields.Nested(RetryDocument, required=True)
    typical_run_s = fields.Float(
        required=True, allow_none=True, metadata={"description": "Median run time of your latest successes"}
    )
    documentation = fields.String(required=True, metadata={"description": "Address of its page"})


class KindList(Schema):
    """Every kind there is."""

    items = fields.List(fields.Nested(KindDocument), required=True)
    next_cursor = fields.String(required=True, allow_none=True)


class QueueDocument(Schema):
    """One queue at this moment."""

    name = fields.String(required=True)
    depth = fields.Integer(required=True, metadata={"description": "Jobs that are due and not claimed"})
    oldest_age_s = fields.Float(required=True, allow_none=True, metadata={"description": "Age of the oldest of them"})
    running = fields.Integer(required=True)
    finished_last_minute = fields.Integer(required=True, metadata={"description": "Throughput: jobs that ended"})
    paused = fields.Boolean(required=True, metadata={"description": "Nothing of it is started until it is resumed"})
    paused_at = fields.DateTime(required=True, allow_none=True)


class QueueList(Schema):
    """Every queue."""

    items = fields.List(fields.Nested(QueueDocument), required=True)
    next_cursor = fields.String(required=True, allow_none=True)


class LiveDocument(Schema):
    """The process answers."""

    status = fields.String(required=True, validate=OneOf(["alive"]))


class ReadyDocument(Schema):
    """Whether jobs are accepted."""

    status = fields.String(required=True, validate=OneOf(["ready", "degraded"]))
    database = fields.String(required=True)
    redis = fields.String(required=True)


class ComponentDocument(Schema):
    """How one component does."""

    status = fields.String(required=True, validate=OneOf(["up", "down"]))
    version = fields.String(required=True, allow_none=True)
    detail = fields.String(required=True, allow_none=True)


class WorkerDocument(Schema):
    """One worker that was seen at work."""

    name = fields.String(required=True)
    running = fields.Integer(required=True)
    seen_at = fields.DateTime(required=True)


class BacklogDocument(Schema):
    """One queue in which jobs wait."""

    name = fields.String(required=True)
    depth = fields.Integer(required=True, metadata={"description": "Jobs that are due and not claimed"})
    oldest_age_s = fields.Float(
        required=True,
        metadata={"description": "Age of the oldest; one that only grows means that no worker is there"},
    )


class HealthDocument(Schema):
    """The full report."""

    status = fields.String(required=True, validate=OneOf(["ready", "degraded"]))
    version = fields.String(required=True)
    components = fields.Dict(values=fields.Nested(ComponentDocument), required=True)
    schema_revision = fields.String(required=True)
    outbox_depth = fields.Integer(required=True)
    reconciled_at = fields.DateTime(
        required=True, allow_none=True, metadata={"description": "When the reconciler last ran"}
    )
    workers = fields.List(fields.Nested(WorkerDocument), required=True)
    queues = fields.List(fields.Nested(BacklogDocument), required=True)
