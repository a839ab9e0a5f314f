"""Lists, events, log lines and artifacts over the wire."""

from marshmallow import Schema, fields
from marshmallow.validate import Length, Range

from webapp.schemas.jobs import JobDocument
from webapp.schemas.values import Strict

CURSOR = {"description": "`next_cursor` of the page before"}


class LinesQuery(Strict):
    """Which part of a job's history."""

    limit = fields.Integer(load_default=100, validate=Range(1, 200))
    cursor = fields.Integer(load_default=0, validate=Range(0, (1 << 31) - 1), metadata=CURSOR)


class LogsQuery(Strict):
    """Which part of a job's log."""

    limit = fields.Integer(load_default=100, validate=Range(1, 200))
    cursor = fields.Integer(load_default=0, validate=Range(0, (1 << 63) - 1), metadata=CURSOR)


class UploadQuery(Strict):
    """What the upload is to be called."""

    name = fields.String(required=True, validate=Length(1, 200), metadata={"description": "Name of the artifact"})


class JobList(Schema):
    """One page of jobs."""

    items = fields.List(fields.Nested(JobDocument), required=True)
    next_cursor = fields.String(required=True, allow_none=True)


class EventDocument(Schema):
    """One change of a job."""

    seq = fields.Integer(required=True)
    type = fields.String(required=True)
    at = fields.DateTime(required=True)
    attempt = fields.Integer(required=True)
    data = fields.Dict(required=True)


class EventList(Schema):
    """One page of a job's events, oldest first."""

    items = fields.List(fields.Nested(EventDocument), required=True)
    next_cursor = fields.String(required=True, allow_none=True)


class LogLine(Schema):
    """One line that the computation logged."""

    attempt = fields.Integer(required=True)
    at = fields.DateTime(required=True)
    level = fields.String(required=True)
    message = fields.String(required=True)
    fields_ = fields.Dict(required=True, data_key="fields")


class LogList(Schema):
    """One page of log lines, oldest first."""

    items = fields.List(fields.Nested(LogLine), required=True)
    next_cursor = fields.String(required=True, allow_none=True)


class ArtifactDocument(Schema):
    """What is known of one artifact."""

    artifact_id = fields.UUID(required=True)
    name = fields.String(required=True)
    content_type = fields.String(required=True)
    bytes = fields.Integer(required=True)
    sha256 = fields.String(required=True)
    created_at = fields.DateTime(required=True)
    url = fields.String(required=True, metadata={"description": "Where its bytes are"})


class ArtifactList(Schema):
    """A job's artifacts, by name."""

    items = fields.List(fields.Nested(ArtifactDocument), required=True)
    next_cursor = fields.String(required=True, allow_none=True)


class UploadAnswer(Schema):
    """What was stored."""

    artifact_id = fields.UUID(required=True, metadata={"description": 'Params name it as `{"artifact": "<id>"}`'})
    bytes = fields.Integer(required=True)
    sha256 = fields.String(required=True)
    content_type = fields.String(required=True)
