"""Campaigns over the wire."""

from marshmallow import Schema, fields
from marshmallow.validate import Length, OneOf, Range

from core.workloads.customers.campaigns.states import STATES
from core.workloads.customers.connectors.base import LEVELS
from webapp.schemas.actions import LARGEST_BUDGET
from webapp.schemas.people import PagesQuery, name_field
from webapp.schemas.values import Strict

_BUDGET = Range(0, LARGEST_BUDGET, min_inclusive=False)


def levels_field(**options: object) -> fields.Dict:
    """Make the field of what each level is created with."""
    return fields.Dict(
        keys=fields.String(validate=OneOf(LEVELS)),
        values=fields.Dict(validate=Length(max=100)),
        metadata={"description": "What campaign, ad_set and ad are created with, as the platform has it"},
        **options,  # type: ignore[arg-type]  # marshmallow's options
    )


class CampaignRequest(Strict):
    """A new draft."""

    name = name_field(required=True)
    connection = fields.String(required=True, validate=Length(1, 100), metadata={"description": "Name or id"})
    daily_budget = fields.Float(required=True, validate=_BUDGET)
    fields_ = levels_field(data_key="fields", attribute="fields", load_default=dict)


class CampaignChange(Strict):
    """What is changed; what is left out stays."""

    name = name_field()
    daily_budget = fields.Float(validate=_BUDGET)
    fields_ = levels_field(data_key="fields", attribute="fields")


class CampaignsQuery(PagesQuery):
    """Which campaigns."""

    state = fields.String(load_default=None, validate=OneOf(STATES))


class CampaignDocument(Schema):
    """A campaign."""

    id = fields.UUID(required=True)
    name = fields.String(required=True)
    state = fields.String(required=True, validate=OneOf(STATES))
    version = fields.Integer(required=True, metadata={"description": "Which submission this is"})
    connection_id = fields.UUID(required=True)
    daily_budget = fields.Float(required=True)
    fields_ = fields.Dict(required=True, data_key="fields")
    external = fields.Dict(
        keys=fields.String(), values=fields.String(), required=True, metadata={"description": "The platform's ids"}
    )
    reasons = fields.List(fields.String(), required=True)
    history = fields.List(fields.Dict(), required=True)
    decided_by = fields.String(required=True, allow_none=True)
    created_at = fields.DateTime(required=True)
    changed_at = fields.DateTime(required=True)
    links = fields.Dict(keys=fields.String(), values=fields.String(), required=True)


class CampaignList(Schema):
    """One page of campaigns, newest first."""

    items = fields.List(fields.Nested(CampaignDocument), required=True)
    next_cursor = fields.String(required=True, allow_none=True)
