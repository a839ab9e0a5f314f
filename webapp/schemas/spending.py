"""What assistance cost, over the wire."""

from marshmallow import Schema, fields
from marshmallow.validate import Range

from webapp.schemas.values import Strict

_EXACT = {"description": "Exact, as a decimal"}


class AssistanceSpendingQuery(Strict):
    """Over how long."""

    days = fields.Integer(load_default=31, validate=Range(1, 400), metadata={"description": "How many days back"})


class AssistanceSpentDocument(Schema):
    """What one day's calls of one sort came to."""

    day = fields.Date(required=True)
    kind = fields.String(required=True)
    source = fields.String(required=True, metadata={"description": "`model`, `cheaper_model`, `cache` or `rules`"})
    model = fields.String(required=True, allow_none=True)
    outcome = fields.String(required=True, metadata={"description": "`answered`, or what was in the way"})
    calls = fields.Integer(required=True)
    input_tokens = fields.Integer(required=True)
    output_tokens = fields.Integer(required=True)
    cost_usd = fields.String(required=True, metadata=_EXACT)


class AssistanceSpenderDocument(Schema):
    """Whose jobs it was spent on."""

    principal_id = fields.UUID(required=True, allow_none=True)
    jobs = fields.Integer(required=True)
    cost_usd = fields.String(required=True, metadata=_EXACT)


class AssistanceSpendingDocument(Schema):
    """What a tenant's assistance cost; jobs that were pruned no longer count."""

    days = fields.Integer(required=True)
    cost_usd = fields.String(required=True, metadata=_EXACT)
    items = fields.List(
        fields.Nested(AssistanceSpentDocument), required=True, metadata={"description": "Newest day first"}
    )
    spenders = fields.List(
        fields.Nested(AssistanceSpenderDocument), required=True, metadata={"description": "The most first"}
    )
