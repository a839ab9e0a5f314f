"""Alerts over the wire."""

from marshmallow import Schema, fields
from marshmallow.validate import Length, OneOf, Range

from core.platform.alerts.models import AlertState, Severity
from webapp.schemas.values import Strict

SEVERITIES = [str(severity) for severity in Severity]
STATES = [str(state) for state in AlertState]


class AlertsQuery(Strict):
    """Which alerts, and which part of the list."""

    state = fields.String(
        load_default=None,
        validate=OneOf(["open", *STATES]),
        metadata={"description": "`open`: all that are not resolved"},
    )
    source = fields.String(load_default=None, validate=Length(1, 100), metadata={"description": "Who raised them"})
    severity = fields.String(load_default=None, validate=OneOf(SEVERITIES))
    key = fields.String(load_default=None, validate=Length(1, 500), metadata={"description": "What they are about"})
    limit = fields.Integer(load_default=50, validate=Range(1, 200))
    cursor = fields.UUID(load_default=None, metadata={"description": "`next_cursor` of the page before"})


class AlertLinks(Schema):
    """Where more about the alert is."""

    self = fields.String(required=True)
    events = fields.String(required=True)
    acknowledge = fields.String(required=True)
    resolve = fields.String(required=True)


class AlertDocument(Schema):
    """One thing that is or was wrong."""

    id = fields.UUID(required=True)
    source = fields.String(required=True, metadata={"description": "Who raised it: `platform`, `rule` or a workload"})
    key = fields.String(required=True, metadata={"description": "What it is about; one of a key is open at a time"})
    severity = fields.String(required=True, validate=OneOf(SEVERITIES))
    state = fields.String(required=True, validate=OneOf(STATES))
    text = fields.String(required=True)
    data = fields.Dict(required=True)
    times = fields.Integer(required=True, metadata={"description": "How often it was raised"})
    created_at = fields.DateTime(required=True)
    fired_at = fields.DateTime(required=True, allow_none=True, metadata={"description": "Null while it is pending"})
    last_raised_at = fields.DateTime(required=True)
    acknowledged_at = fields.DateTime(required=True, allow_none=True)
    acknowledged_by = fields.String(required=True, allow_none=True)
    resolved_at = fields.DateTime(required=True, allow_none=True)
    links = fields.Nested(AlertLinks, required=True)


class AlertList(Schema):
    """One page of alerts, newest first."""

    items = fields.List(fields.Nested(AlertDocument), required=True)
    next_cursor = fields.String(required=True, allow_none=True)


class AlertEventDocument(Schema):
    """One step of an alert."""

    seq = fields.Integer(required=True)
    type = fields.String(required=True, metadata={"description": "As `alert.firing`"})
    at = fields.DateTime(required=True)
    data = fields.Dict(required=True)


class AlertEventList(Schema):
    """What became of an alert, oldest first."""

    items = fields.List(fields.Nested(AlertEventDocument), required=True)
    next_cursor = fields.String(required=True, allow_none=True)
