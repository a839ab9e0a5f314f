"""The topics of customers."""

from marshmallow import Schema, fields
from marshmallow.validate import OneOf

from core.platform.bus.topic import Topic
from core.workloads.customers.autopilot.states import STATES
from core.workloads.customers.campaigns.states import STATES as CAMPAIGN_STATES
from core.workloads.customers.trust.gate import MODES

_MODES = tuple(dict.fromkeys(MODES))


class ModeChanged(Schema):
    """What automation may do from now on."""

    before = fields.String(required=True, validate=OneOf(_MODES))
    mode = fields.String(required=True, validate=OneOf(_MODES))
    score = fields.Float(required=True)
    reasons = fields.List(fields.String(), required=True)


MODE_CHANGED = Topic(
    "trust.mode_changed",
    "Trust in signals fell or rose, so that automation may do less or more.",
    ModeChanged,
    {"before": "normal", "mode": "cuts_only", "score": 41.5, "reasons": ["meta: freshness 42"]},
    "tenant",
)


class ActionChanged(Schema):
    """How far an action has come."""

    action = fields.String(required=True)
    risk = fields.String(required=True)
    state = fields.String(required=True, validate=OneOf(STATES))
    reasons = fields.List(fields.String(), required=True)


ACTION_CHANGED = Topic(
    "actions.changed",
    "An action of the autopilot was gated, approved, applied, verified, or ended otherwise.",
    ActionChanged,
    {"action": "reduce_budget", "risk": "conservative", "state": "verified", "reasons": []},
    "action",
)


class CampaignChanged(Schema):
    """How far a campaign has come."""

    name = fields.String(required=True)
    state = fields.String(required=True, validate=OneOf(CAMPAIGN_STATES))
    version = fields.Integer(required=True)
    reasons = fields.List(fields.String(), required=True)


CAMPAIGN_CHANGED = Topic(
    "campaigns.changed",
    "A campaign was submitted, approved, rejected, published, or failed to be.",
    CampaignChanged,
    {"name": "Winter boots", "state": "published", "version": 1, "reasons": []},
    "campaign",
)


class MembersChanged(Schema):
    """How a segment changed."""

    name = fields.String(required=True)
    size = fields.Integer(required=True)
    joined = fields.Integer(required=True)
    left = fields.Integer(required=True)


MEMBERS_CHANGED = Topic(
    "segment.members_changed",
    "A refresh of a segment had people join it or leave it.",
    MembersChanged,
    {"name": "vips", "size": 1200, "joined": 30, "left": 4},
    "segment",
)
