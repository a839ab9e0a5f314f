"""The topics of domains."""

from marshmallow import Schema, fields
from marshmallow.validate import OneOf

from core.platform.bus.topic import Topic
from core.platform.domains.models import SOURCES, STATUSES

_ID = "0192f0c1-6a00-7000-8000-000000000001"


class WindowReady(Schema):
    """A window that can be read from now on."""

    name = fields.String(required=True, metadata={"description": "Name of the domain"})
    index = fields.Integer(required=True)
    rows = fields.Integer(required=True)
    source = fields.String(required=True, validate=OneOf(SOURCES))
    started_at = fields.String(required=True)


class DriftDetected(Schema):
    """Windows that are no longer like those before."""

    name = fields.String(required=True, metadata={"description": "Name of the domain"})
    index = fields.Integer(required=True, metadata={"description": "The window at which it was noticed"})
    variables = fields.List(fields.String(), required=True, metadata={"description": "Those that drifted"})
    score = fields.Float(required=True, metadata={"description": "In multiples of the threshold"})


class DomainChanged(Schema):
    """A domain that was made, changed, paused, resumed, stopped or removed."""

    name = fields.String(required=True, metadata={"description": "Name of the domain"})
    change = fields.String(required=True)
    status = fields.String(required=True, validate=OneOf(STATUSES))


WINDOW_READY = Topic(
    "domain.window_ready",
    "A window was stored and can be read.",
    WindowReady,
    {"name": "retail", "index": 41, "rows": 100, "source": "synthetic", "started_at": "2026-11-26T12:00:00.000000Z"},
    "domain",
)
DRIFT_DETECTED = Topic(
    "domain.drift_detected",
    "A domain's windows are no longer distributed as its first ones were.",
    DriftDetected,
    {"name": "retail", "index": 203, "variables": ["price"], "score": 1.7},
    "domain",
)
DOMAIN_CHANGED = Topic(
    "domain.changed",
    "A domain was created, changed, paused, resumed, stopped or removed.",
    DomainChanged,
    {"name": "retail", "change": "paused", "status": "paused"},
    "domain",
)
