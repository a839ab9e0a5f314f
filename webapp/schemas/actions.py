"""The autopilot over the wire: what it is held to, and its queue of actions."""

from marshmallow import Schema, fields
from marshmallow.validate import Length, OneOf, Range

from core.workloads.customers.autopilot.effects import EFFECTS
from core.workloads.customers.autopilot.states import STATES
from core.workloads.customers.trust.gate import MODES
from webapp.schemas.people import PagesQuery
from webapp.schemas.values import Strict

MODE_NAMES = tuple(dict.fromkeys(MODES))
LARGEST_BUDGET = 1e9


class AutopilotRequest(Strict):
    """What it is held to; what is left out stays."""

    ceiling = fields.String(validate=OneOf(MODE_NAMES), metadata={"description": "The mode above which it never goes"})
    max_step = fields.Float(validate=Range(0, 1), metadata={"description": "Share of a budget that one change moves"})
    min_hours = fields.Float(validate=Range(0, 24 * 365), metadata={"description": "Between two changes of one budget"})
    max_per_day = fields.Integer(strict=True, validate=Range(0, 10_000))


class AutopilotDocument(Schema):
    """What the autopilot may do now."""

    mode = fields.String(required=True, validate=OneOf(MODE_NAMES))
    trusted = fields.String(
        required=True, validate=OneOf(MODE_NAMES), metadata={"description": "The mode that trust alone allows"}
    )
    killed = fields.Boolean(required=True)
    ceiling = fields.String(required=True, validate=OneOf(MODE_NAMES))
    max_step = fields.Float(required=True)
    min_hours = fields.Float(required=True)
    max_per_day = fields.Integer(required=True)


class ActionRequest(Strict):
    """An action to be taken."""

    action = fields.String(required=True, validate=OneOf(tuple(EFFECTS)))
    connection = fields.String(
        load_default=None,
        allow_none=True,
        validate=Length(1, 100),
        metadata={"description": "Name or id; left out where all platforms are to stop"},
    )
    target = fields.String(
        load_default=None,
        allow_none=True,
        validate=Length(1, 200),
        metadata={"description": "The platform's id of a campaign"},
    )
    daily_budget = fields.Float(load_default=None, allow_none=True, validate=Range(0, LARGEST_BUDGET))
    from_daily_budget = fields.Float(
        load_default=None,
        allow_none=True,
        validate=Range(0, LARGEST_BUDGET),
        metadata={"description": "The present one as far as you know: then the step is looked at now, not only later"},
    )
    why = fields.String(load_default=None, allow_none=True, validate=Length(1, 500))


class RejectRequest(Strict):
    """Why not."""

    why = fields.String(load_default=None, allow_none=True, validate=Length(1, 500))


class ActionsQuery(PagesQuery):
    """Which actions."""

    state = fields.String(load_default=None, validate=OneOf(STATES))


class ActionDocument(Schema):
    """An action."""

    id = fields.UUID(required=True)
    action = fields.String(required=True)
    risk = fields.String(required=True)
    state = fields.String(required=True, validate=OneOf(STATES))
    connection_id = fields.UUID(required=True, allow_none=True)
    target = fields.String(required=True, allow_none=True)
    wanted = fields.Dict(required=True)
    before = fields.Dict(required=True, allow_none=True, metadata={"description": "What there was on the platform"})
    why = fields.String(required=True, allow_none=True)
    reasons = fields.List(fields.String(), required=True, metadata={"description": "Why it is where it is"})
    decisions = fields.List(fields.String(), required=True, metadata={"description": "Addresses of the gate's words"})
    history = fields.List(fields.Dict(), required=True)
    decided_by = fields.String(required=True, allow_none=True)
    created_at = fields.DateTime(required=True)
    applied_at = fields.DateTime(required=True, allow_none=True)
    expires_at = fields.DateTime(required=True)
    links = fields.Dict(keys=fields.String(), values=fields.String(), required=True)


class ActionList(Schema):
    """One page of actions, newest first."""

    items = fields.List(fields.Nested(ActionDocument), required=True)
    next_cursor = fields.String(required=True, allow_none=True)
