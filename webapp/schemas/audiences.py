"""Audiences over the wire: what goes where, plans, the ledger of chunks."""

from typing import Any

from marshmallow import Schema, fields
from marshmallow.validate import Length, OneOf, Range

from core.workloads.customers.operations.audiences import FIELDS
from core.workloads.customers.vendors import VENDORS
from core.workloads.customers.words import CHANNELS, PURPOSES
from webapp.schemas.people import name_field
from webapp.schemas.values import Strict

SHORTEST_S, LONGEST_S = 60, 2_592_000
PLAN_STATES = ("planned", "applying", "applied", "superseded")
LARGEST_NUMBER = (1 << 31) - 1


def _every_field(**options: Any) -> fields.Integer:
    told = {"description": "Seconds between syncs that happen by themselves; none if null"}
    limits = Range(SHORTEST_S, LONGEST_S)
    return fields.Integer(strict=True, allow_none=True, validate=limits, metadata=told, **options)


class AudienceRequest(Strict):
    """A new audience."""

    name = name_field(required=True, metadata={"description": "Unique within the tenant; it stays"})
    segment = fields.String(required=True, validate=Length(1, 100), metadata={"description": "Name or id"})
    connection = fields.String(
        load_default=None,
        allow_none=True,
        validate=Length(1, 100),
        metadata={"description": "Name or id of the advertising platform; files only if null"},
    )
    vendor = fields.String(required=True, validate=OneOf(tuple(VENDORS)))
    field = fields.String(load_default="email", validate=OneOf(FIELDS))
    purpose = fields.String(load_default="ads", validate=OneOf(PURPOSES))
    channel = fields.String(load_default="any", validate=OneOf(CHANNELS))
    sync_every_s = _every_field(load_default=None)


class AudienceChange(Strict):
    """How often it is to be synced."""

    sync_every_s = _every_field(required=True)


class AudienceDocument(Schema):
    """An audience."""

    id = fields.UUID(required=True)
    name = fields.String(required=True)
    segment_id = fields.UUID(required=True)
    connection_id = fields.UUID(required=True, allow_none=True)
    vendor = fields.String(required=True)
    field = fields.String(required=True)
    purpose = fields.String(required=True)
    channel = fields.String(required=True)
    sync_every_s = fields.Integer(required=True, allow_none=True)
    platform_id = fields.String(required=True, allow_none=True)
    acknowledged = fields.Integer(metadata={"description": "Of one audience only: members that the platform has"})
    planned_at = fields.DateTime(required=True, allow_none=True)
    created_at = fields.DateTime(required=True)
    links = fields.Dict(keys=fields.String(), values=fields.String(), required=True)


class AudienceList(Schema):
    """One page of audiences, newest first."""

    items = fields.List(fields.Nested(AudienceDocument), required=True)
    next_cursor = fields.String(required=True, allow_none=True)


class AudiencePlan(Schema):
    """How an audience was or would be changed."""

    id = fields.UUID(required=True)
    state = fields.String(required=True, validate=OneOf(PLAN_STATES))
    counts = fields.Dict(keys=fields.String(), values=fields.Integer(), required=True)
    needs_confirmation = fields.Boolean(required=True)
    job_id = fields.UUID(required=True, allow_none=True)
    created_at = fields.DateTime(required=True)
    applied_at = fields.DateTime(required=True, allow_none=True)
    links = fields.Dict(keys=fields.String(), values=fields.String(), required=True)


class AudiencePlans(Schema):
    """One page of plans, newest first."""

    items = fields.List(fields.Nested(AudiencePlan), required=True)
    next_cursor = fields.String(required=True, allow_none=True)


class ChunksQuery(Strict):
    """Which chunks."""

    limit = fields.Integer(load_default=100, validate=Range(1, 1000))
    cursor = fields.Integer(
        load_default=-1,
        validate=Range(-1, LARGEST_NUMBER),
        metadata={"description": "`next_cursor` of the page before"},
    )


class AudienceChunk(Schema):
    """One request to the platform."""

    number = fields.Integer(required=True)
    operation = fields.String(required=True, validate=OneOf(("remove", "add")))
    state = fields.String(required=True, validate=OneOf(("waiting", "sending", "acknowledged")))
    rows = fields.Integer(required=True)
    suppressed = fields.Integer(required=True)
    refused = fields.Integer(required=True)
    idempotency_key = fields.String(required=True)
    acknowledged_at = fields.DateTime(required=True, allow_none=True)


class AudienceChunks(Schema):
    """One page of the ledger of a plan."""

    items = fields.List(fields.Nested(AudienceChunk), required=True)
    next_cursor = fields.String(required=True, allow_none=True)
