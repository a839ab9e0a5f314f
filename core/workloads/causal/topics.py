"""The topics of causal discovery."""

from marshmallow import Schema, fields

from core.platform.bus.topic import Topic


class ChangedEdge(Schema):
    """One edge."""

    source = fields.String(required=True, metadata={"description": "The cause"})
    target = fields.String(required=True, metadata={"description": "The effect"})
    lag = fields.Integer(required=True, metadata={"description": "How many rows later"})
    effect = fields.Float(metadata={"description": "Change of the target for a unit of the source; of new edges"})


class EdgesChanged(Schema):
    """Accepted edges of a domain that came or went with a window."""

    name = fields.String(required=True, metadata={"description": "Name of the domain"})
    memory = fields.String(required=True, metadata={"description": "Which memory of the domain"})
    index = fields.Integer(required=True, metadata={"description": "The window with which they changed"})
    added = fields.List(fields.Nested(ChangedEdge), required=True)
    removed = fields.List(fields.Nested(ChangedEdge), required=True)
    accepted = fields.Integer(required=True, metadata={"description": "How many there are now"})
    regime = fields.Integer(required=True, metadata={"description": "Number of the regime, from 0 on"})
    new_regime = fields.Boolean(required=True, metadata={"description": "Whether it began with this window"})


EDGES_CHANGED = Topic(
    "causal.edges_changed",
    "A window changed which causes of a domain are accepted.",
    EdgesChanged,
    {
        "name": "retail",
        "memory": "default",
        "index": 41,
        "added": [{"source": "price", "target": "sales", "lag": 1, "effect": -0.39}],
        "removed": [],
        "accepted": 5,
        "regime": 0,
        "new_regime": False,
    },
    "domain",
)
