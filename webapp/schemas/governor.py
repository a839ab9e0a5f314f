"""The governor over the wire."""

from marshmallow import Schema, fields
from marshmallow.validate import OneOf, Range

from core.config import GOVERNOR_MODES
from core.platform.governor.policy import Level
from webapp.schemas.values import Strict


class GovernorQuery(Strict):
    """How much of the past is told."""

    actions = fields.Integer(
        load_default=20, validate=Range(0, 500), metadata={"description": "How many of the latest changes"}
    )


class GovernorThresholds(Schema):
    """From when on something is done; shares of 1, pressures shares of the time in which somebody has to wait."""

    cpu = fields.Float(required=True)
    cpu_pressure = fields.Float(required=True)
    memory = fields.Float(required=True)
    memory_critical = fields.Float(required=True)
    memory_pressure = fields.Float(required=True)


class GovernorReadings(Schema):
    """What a worker's host says of itself; pressures are null where its kernel tells none."""

    memory_total_mib = fields.Float(
        required=True, metadata={"description": "Of the machine, or of the control group with the least left"}
    )
    memory_available_mib = fields.Float(required=True)
    memory_used = fields.Float(required=True)
    memory_pressure = fields.Float(required=True, allow_none=True)
    cpu = fields.Float(required=True)
    cpu_pressure = fields.Float(required=True, allow_none=True)
    load_per_cpu = fields.Float(required=True, metadata={"description": "Runnable processes for each processor"})


class GovernorForecast(Schema):
    """What is foreseen for four seconds later."""

    memory_used = fields.Float(required=True, allow_none=True)


class WaitingQueue(Schema):
    """A queue in which jobs wait."""

    name = fields.String(required=True)
    depth = fields.Integer(required=True)
    oldest_age_s = fields.Float(required=True)


class GovernedWorker(Schema):
    """One worker and what it allows itself."""

    worker = fields.String(required=True)
    host = fields.String(required=True)
    queues = fields.List(fields.String(), required=True)
    mode = fields.String(required=True, validate=OneOf(GOVERNOR_MODES))
    level = fields.String(required=True, validate=OneOf(list(Level)), metadata={"description": "How short memory is"})
    cpu_busy = fields.Boolean(required=True)
    slots = fields.Integer(required=True, metadata={"description": "How many jobs it computes at a time now"})
    full_slots = fields.Integer(required=True, metadata={"description": "How many when all is well"})
    low_slots = fields.Integer(required=True, metadata={"description": "How many of these may be of low priority"})
    held = fields.Integer(required=True, metadata={"description": "Jobs that wait in it for memory or a place"})
    at = fields.DateTime(required=True)
    readings = fields.Nested(GovernorReadings, required=True)
    forecast = fields.Nested(GovernorForecast, required=True)
    queues_waiting = fields.List(fields.Nested(WaitingQueue), required=True)
    acted = fields.Integer(required=True, metadata={"description": "Changes since it began"})


class LowPriorityLimit(Schema):
    """How many jobs of low priority (below 5) of a queue may run at once for now."""

    queue = fields.String(required=True)
    max_running = fields.Integer(required=True)


class GovernorChange(Schema):
    """One thing that became another, and why."""

    id = fields.UUID(required=True)
    at = fields.DateTime(required=True)
    worker = fields.String(required=True)
    what = fields.String(required=True, validate=OneOf(["memory", "cpu", "slots", "low_slots"]))
    before = fields.String(required=True)
    after = fields.String(required=True)
    reason = fields.String(required=True)
    dry_run = fields.Boolean(required=True, metadata={"description": "Only what would have been done"})


class GovernorDocument(Schema):
    """What governors see, foresee and do."""

    mode = fields.String(required=True, validate=OneOf(GOVERNOR_MODES))
    thresholds = fields.Nested(GovernorThresholds, required=True)
    workers = fields.List(fields.Nested(GovernedWorker), required=True)
    low_priority_limits = fields.List(fields.Nested(LowPriorityLimit), required=True)
    actions = fields.List(fields.Nested(GovernorChange), required=True, metadata={"description": "Newest first"})
