"""Segments over the wire: definitions, members, refreshes, explanations."""

from marshmallow import Schema, fields
from marshmallow.validate import Length, Range

from webapp.schemas.people import LARGEST_NUMBER, name_field
from webapp.schemas.values import Instant, Strict

SHORTEST_S, LONGEST_S = 60, 2_592_000
_PAGE = {"description": "`next_cursor` of the page before"}
_EVERY = {"description": "Seconds between refreshes; none by itself if null"}


def definition_field(*, required: bool = False) -> fields.Dict:
    """Make the field of a definition; what is wrong with it is told by place when it is read."""
    return fields.Dict(
        required=required,
        keys=fields.String(),
        metadata={
            "description": "One clause: `all`, `any`, `not`, `field`, `event`, `did_not`, `sequence`, `in_segment` "
            "or `consent`; see docs/customers.md",
            "example": {"all": [{"field": "lifecycle", "value": "customer"}, {"consent": "ads"}]},
        },
    )


def _every_field(**options: object) -> fields.Integer:
    limits = Range(SHORTEST_S, LONGEST_S)
    return fields.Integer(strict=True, allow_none=True, validate=limits, metadata=_EVERY, **options)  # type: ignore[arg-type]  # marshmallow's options


class SegmentRequest(Strict):
    """A new segment."""

    name = name_field(required=True, metadata={"description": "Unique within the tenant; it stays"})
    description = fields.String(load_default="", validate=Length(max=2000))
    definition = definition_field(required=True)
    refresh_every_s = _every_field(load_default=3600)


class SegmentChange(Strict):
    """Which fields are to become what; a new definition holds from the next refresh on."""

    description = fields.String(validate=Length(max=2000))
    definition = definition_field()
    refresh_every_s = _every_field()


class ExplainRequest(Strict):
    """A definition that is no segment yet."""

    definition = definition_field(required=True)


class SegmentsQuery(Strict):
    """Which part of the list."""

    limit = fields.Integer(load_default=50, validate=Range(1, 200))
    cursor = fields.UUID(load_default=None, metadata=_PAGE)


class MembersQuery(Strict):
    """Which members."""

    limit = fields.Integer(load_default=100, validate=Range(1, 1000))
    cursor = fields.Integer(load_default=0, validate=Range(0, LARGEST_NUMBER), metadata=_PAGE)
    left = fields.Boolean(
        load_default=False, metadata={"description": "Who has left, the latest first, instead; one page"}
    )


class RefreshesQuery(Strict):
    """Which refreshes."""

    limit = fields.Integer(load_default=50, validate=Range(1, 1000))
    cursor = Instant(load_default=None, metadata=_PAGE)


class SegmentDocument(Schema):
    """A segment."""

    id = fields.UUID(required=True)
    name = fields.String(required=True)
    description = fields.String(required=True)
    definition = fields.Dict(required=True)
    refresh_every_s = fields.Integer(required=True, allow_none=True)
    size = fields.Integer(required=True, allow_none=True, metadata={"description": "Null until the first refresh"})
    refreshed_at = fields.DateTime(required=True, allow_none=True)
    created_at = fields.DateTime(required=True)
    links = fields.Dict(keys=fields.String(), values=fields.String(), required=True)


class SegmentList(Schema):
    """One page of segments, newest first."""

    items = fields.List(fields.Nested(SegmentDocument), required=True)
    next_cursor = fields.String(required=True, allow_none=True)


class ClauseDocument(Schema):
    """How many a clause chooses, by itself."""

    place = fields.String(required=True, metadata={"description": "Where it stands (RFC 6901)"})
    clause = fields.Dict(required=True)
    profiles = fields.Integer(required=True)


class Explanation(Schema):
    """What each clause of a definition does now."""

    profiles = fields.Integer(required=True, metadata={"description": "Of the tenant"})
    chosen = fields.Integer(required=True)
    clauses = fields.List(fields.Nested(ClauseDocument), required=True)


class SegmentMember(Schema):
    """That somebody belongs, or belonged."""

    profile = fields.Integer(required=True)
    joined_at = fields.DateTime(required=True)
    left_at = fields.DateTime(required=True, allow_none=True)


class SegmentMembers(Schema):
    """One page of members by number."""

    items = fields.List(fields.Nested(SegmentMember), required=True)
    next_cursor = fields.String(required=True, allow_none=True)


class SegmentRefresh(Schema):
    """What a refresh found."""

    at = fields.DateTime(required=True)
    size = fields.Integer(required=True)
    joined = fields.Integer(required=True)
    left = fields.Integer(required=True)
    duration_s = fields.Float(required=True)
    definition_hash = fields.String(required=True)


class SegmentRefreshes(Schema):
    """One page of refreshes, newest first."""

    items = fields.List(fields.Nested(SegmentRefresh), required=True)
    next_cursor = fields.String(required=True, allow_none=True)
