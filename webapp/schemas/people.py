"""People over the wire: sources, events, profiles, identities, consents."""

from marshmallow import Schema, fields
from marshmallow.validate import Length, OneOf, Range, Regexp

from core.workloads.customers.contacts import LIMITS, LONGEST
from core.workloads.customers.operations.identities import OUTCOMES
from core.workloads.customers.operations.sources import SORTS
from core.workloads.customers.words import CHANNELS, JURISDICTIONS, PURPOSES
from webapp.schemas.values import Flag, Instant, Strict

LARGEST_NUMBER = (1 << 63) - 1
LIFECYCLES = ("anonymous", "known", "customer")
_PAGE = {"description": "`next_cursor` of the page before"}
_NAME = Regexp(r"^[A-Za-z0-9][A-Za-z0-9 ._-]*(?![\s\S])", error="Letters, digits, blanks and . _ - only.")


def name_field(**options: object) -> fields.String:
    """Make the field of a name that stands in addresses."""
    return fields.String(validate=[Length(1, 100), _NAME], **options)  # type: ignore[arg-type]  # marshmallow's options


class PagesQuery(Strict):
    """Which part of a list that is ordered by ids."""

    limit = fields.Integer(load_default=50, validate=Range(1, 200))
    cursor = fields.UUID(load_default=None, metadata=_PAGE)


class SourceRequest(Strict):
    """A new source."""

    name = name_field(required=True, metadata={"description": "Unique within the tenant"})
    sort = fields.String(load_default="server", validate=OneOf(SORTS))
    region = fields.String(
        load_default=None,
        allow_none=True,
        validate=Regexp(r"^[A-Z]{2}(?![\s\S])", error="Two capital letters (ISO 3166)."),
        metadata={"description": "Where phone numbers without a country's code are from"},
    )


class SourceDocument(Schema):
    """A source."""

    id = fields.UUID(required=True)
    name = fields.String(required=True)
    sort = fields.String(required=True, validate=OneOf(SORTS))
    region = fields.String(required=True, allow_none=True)
    accepted = fields.Integer(required=True)
    duplicates = fields.Integer(required=True)
    rejected = fields.Integer(required=True)
    last_event_at = fields.DateTime(required=True, allow_none=True)
    created_at = fields.DateTime(required=True)
    links = fields.Dict(keys=fields.String(), values=fields.String(), required=True)


class SourceList(Schema):
    """All sources."""

    items = fields.List(fields.Nested(SourceDocument), required=True)
    next_cursor = fields.String(required=True, allow_none=True)


class BatchRequest(Strict):
    """Events of Segment's spec."""

    batch = fields.List(fields.Raw(), required=True, validate=Length(1, 5_000))
    sentAt = Instant()  # noqa: N815 - as the spec writes it
    context = fields.Dict()
    integrations = fields.Dict()
    writeKey = fields.String()  # noqa: N815 - the same


class RejectedEvent(Schema):
    """An event that was set aside."""

    index = fields.Integer(required=True)
    message_id = fields.String()
    reason = fields.String(required=True)


class IngestedAnswer(Schema):
    """What became of a batch."""

    accepted = fields.Integer(required=True)
    duplicates = fields.Integer(required=True)
    rejected = fields.List(fields.Nested(RejectedEvent), required=True)


class ProfilesQuery(Strict):
    """Which profiles."""

    limit = fields.Integer(load_default=50, validate=Range(1, 200))
    cursor = fields.Integer(load_default=0, validate=Range(0, LARGEST_NUMBER), metadata=_PAGE)
    lifecycle = fields.String(load_default=None, validate=OneOf(LIFECYCLES))


class ContactRequest(Strict):
    """An identifier."""

    type = fields.String(required=True, validate=OneOf(tuple(LIMITS)))
    value = fields.String(required=True, validate=Length(1, LONGEST))
    region = fields.String(load_default=None, allow_none=True, validate=Length(equal=2))


class IdentifierDocument(Schema):
    """What a profile is known by; shown as far as tells two apart."""

    type = fields.String(required=True)
    shown = fields.String(required=True, allow_none=True)
    blocked = fields.Boolean(required=True)
    since = fields.DateTime(required=True)


class ProfileDocument(Schema):
    """A profile."""

    id = fields.Integer(required=True)
    lifecycle = fields.String(required=True, validate=OneOf(LIFECYCLES))
    traits = fields.Dict(required=True)
    first_seen = fields.DateTime(required=True)
    last_seen = fields.DateTime(required=True)
    events = fields.Integer(required=True)
    purchases = fields.Integer(required=True)
    revenue = fields.Float(required=True)
    identifiers = fields.List(fields.Nested(IdentifierDocument), metadata={"description": "Of one profile only"})
    consents = fields.Dict(metadata={"description": "Of one profile only: purpose, channel, granted"})
    links = fields.Dict(keys=fields.String(), values=fields.String(), required=True)


class ProfileList(Schema):
    """One page of profiles."""

    items = fields.List(fields.Nested(ProfileDocument), required=True)
    next_cursor = fields.String(required=True, allow_none=True)


class PersonalAnswer(Schema):
    """Who it is."""

    identifiers = fields.List(fields.Dict(), required=True)
    personal = fields.Dict(keys=fields.String(), values=fields.String(), required=True)


class HappenedDocument(Schema):
    """An event of a profile."""

    message_id = fields.String(required=True)
    type = fields.String(required=True)
    name = fields.String(required=True)
    at = fields.DateTime(required=True)
    revenue = fields.Float(required=True, allow_none=True)
    properties = fields.Dict(required=True)


class HappenedQuery(Strict):
    """How many events."""

    limit = fields.Integer(load_default=50, validate=Range(1, 1000))


class HappenedList(Schema):
    """Events of a profile, newest first."""

    items = fields.List(fields.Nested(HappenedDocument), required=True)
    next_cursor = fields.String(required=True, allow_none=True)


class MergesQuery(PagesQuery):
    """Which entries of the ledger."""

    outcome = fields.String(load_default=None, validate=OneOf(OUTCOMES))


class MergeDocument(Schema):
    """An entry of the ledger of identity."""

    id = fields.UUID(required=True)
    survivor = fields.Integer(required=True)
    absorbed = fields.Integer(required=True)
    outcome = fields.String(required=True, validate=OneOf(OUTCOMES))
    decided_by = fields.String(required=True, allow_none=True)
    created_at = fields.DateTime(required=True)
    links = fields.Dict(keys=fields.String(), values=fields.String(), required=True)


class MergeList(Schema):
    """One page of the ledger, newest first."""

    items = fields.List(fields.Nested(MergeDocument), required=True)
    next_cursor = fields.String(required=True, allow_none=True)


class BlockedList(Schema):
    """Identifiers that unite nobody."""

    items = fields.List(fields.Nested(IdentifierDocument), required=True)
    next_cursor = fields.String(required=True, allow_none=True)


class ConsentRequest(ContactRequest):
    """A word on consent."""

    purpose = fields.String(required=True, validate=OneOf(PURPOSES))
    channel = fields.String(load_default="any", validate=OneOf(CHANNELS))
    jurisdiction = fields.String(required=True, validate=OneOf(JURISDICTIONS))
    granted = Flag(required=True)
    at = Instant(load_default=None, allow_none=True, metadata={"description": "When it was said; now if left out"})
    proof = fields.Dict(
        required=True,
        validate=Length(1, 50),
        metadata={"description": "What proves it: source, version of the text, address of the form"},
    )


class ConsentsQuery(PagesQuery):
    """Which words."""

    profile = fields.Integer(load_default=None, validate=Range(1, LARGEST_NUMBER))


class ConsentDocument(Schema):
    """A word on consent."""

    id = fields.UUID(required=True)
    profile = fields.Integer(required=True, allow_none=True)
    type = fields.String(required=True)
    purpose = fields.String(required=True)
    channel = fields.String(required=True)
    jurisdiction = fields.String(required=True)
    granted = fields.Boolean(required=True)
    at = fields.DateTime(required=True)
    proof = fields.Dict(required=True)


class ConsentList(Schema):
    """One page of words, newest first."""

    items = fields.List(fields.Nested(ConsentDocument), required=True)
    next_cursor = fields.String(required=True, allow_none=True)
