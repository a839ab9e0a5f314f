"""The topics of federations: members hear of a round that waits for them, and of its model."""

from marshmallow import Schema, fields

from core.platform.bus.topic import Topic


class RoundOpened(Schema):
    """A round that members are invited to."""

    name = fields.String(required=True, metadata={"description": "Name of the federation"})
    round = fields.Integer(required=True)
    began_with = fields.Integer(
        required=True, allow_none=True, metadata={"description": "Version of the model; null where there is none"}
    )
    closes_at = fields.String(required=True, allow_none=True, metadata={"description": "Until when it waits"})


ROUND_OPENED = Topic(
    "federation.round_opened",
    "A round waits for its members' updates.",
    RoundOpened,
    {"name": "clinics", "round": 4, "began_with": 4, "closes_at": "2026-11-27T12:30:00Z"},
    "federation",
)


class RoundSettled(Schema):
    """What became of a round."""

    name = fields.String(required=True, metadata={"description": "Name of the federation"})
    round = fields.Integer(required=True)
    status = fields.String(required=True, metadata={"description": "published or failed"})
    counted = fields.Integer(required=True, allow_none=True, metadata={"description": "Updates in the model"})
    suspected = fields.List(fields.String(), required=True)


ROUND_SETTLED = Topic(
    "federation.round_settled",
    "A round has led to a model, or failed.",
    RoundSettled,
    {"name": "clinics", "round": 4, "status": "published", "counted": 15, "suspected": ["site 3"]},
    "federation",
)
