"""Trust over the wire: accounts, signals, where trust stands, decisions of the gate."""

from marshmallow import Schema, fields
from marshmallow.validate import Length, OneOf, Range, Regexp

from core.jobs.kind import Number
from core.workloads.customers.trust.gate import ACTIONS, MODES
from core.workloads.customers.vendors import VENDORS
from webapp.schemas.people import PagesQuery, name_field
from webapp.schemas.values import Flag, Instant, Strict

VERDICTS = ("pass", "hold", "block")
LARGEST = 1e15
_CURRENCY = Regexp(r"^[A-Z]{3}(?![\s\S])", error="Three capital letters (ISO 4217).")


def count_field(description: str) -> fields.Integer:
    """Make the field of a count that nobody has to tell."""
    return fields.Integer(strict=True, validate=Range(0, 1 << 53), metadata={"description": description})


def sum_field(description: str) -> Number:
    """Make the field of a sum that nobody has to tell."""
    return Number(validate=Range(0, LARGEST), metadata={"description": description})


def reference_field(description: str) -> fields.String:
    """Make the field of something's name or id that may be none."""
    return fields.String(allow_none=True, validate=Length(1, 100), metadata={"description": description})


class AdAccountRequest(Strict):
    """A new account."""

    name = name_field(required=True, metadata={"description": "Unique within the tenant"})
    vendor = fields.String(required=True, validate=OneOf(tuple(VENDORS)))
    currency = fields.String(required=True, validate=_CURRENCY)
    connection = reference_field("Connection through which the platform is asked for reports: name or id")
    source = reference_field("Source whose events are our own measurement of the same: name or id")


class AdAccountChange(Strict):
    """What an account is linked to; what is left out stays."""

    connection = reference_field("Connection through which the platform is asked for reports: name or id")
    source = reference_field("Source whose events are our own measurement of the same: name or id")


class AdAccountDocument(Schema):
    """An account."""

    id = fields.UUID(required=True)
    name = fields.String(required=True)
    vendor = fields.String(required=True)
    currency = fields.String(required=True)
    connection_id = fields.UUID(required=True, allow_none=True)
    source_id = fields.UUID(required=True, allow_none=True)
    asked_at = fields.DateTime(
        required=True, allow_none=True, metadata={"description": "When the platform was last asked"}
    )
    created_at = fields.DateTime(required=True)
    links = fields.Dict(keys=fields.String(), values=fields.String(), required=True)


class AdAccountList(Schema):
    """All accounts."""

    items = fields.List(fields.Nested(AdAccountDocument), required=True)
    next_cursor = fields.String(required=True, allow_none=True)


class EvidenceRequest(Strict):
    """What was measured; what is left out is unknown, and unknown is never good."""

    events = count_field("Events that arrived")
    matched = count_field("Of them, matched to somebody")
    duplicates = count_field("Of them, sent before")
    rejected = count_field("Of them, set aside")
    age_h = sum_field("Hours from the latest event to the window's end")
    conversions = count_field("As the platform tells")
    conversions_seen = count_field("As one's own measurement tells")
    revenue = sum_field("As the platform tells")
    revenue_seen = sum_field("As one's own measurement tells")
    spend = sum_field("What the platform charged")
    currency = fields.String(validate=_CURRENCY, metadata={"description": "That the platform told sums in"})
    calls = count_field("Of the platform's API")
    failures = count_field("Of those calls")


class SignalRequest(Strict):
    """What was measured of an account in a window; told again it takes the place of what was told before."""

    account = fields.String(required=True, validate=Length(1, 100), metadata={"description": "Name or id"})
    window_end = Instant(required=True)
    evidence = fields.Nested(EvidenceRequest, required=True)


class SignalsQuery(Strict):
    """Which windows."""

    account = fields.String(required=True, validate=Length(1, 100))
    limit = fields.Integer(load_default=50, validate=Range(1, 200))
    cursor = Instant(load_default=None, metadata={"description": "`next_cursor` of the page before"})


class SignalDocument(Schema):
    """A window."""

    account_id = fields.UUID(required=True)
    window_end = fields.DateTime(required=True)
    evidence = fields.Dict(required=True)
    received_at = fields.DateTime(required=True)


class SignalList(Schema):
    """One page of windows, newest first."""

    items = fields.List(fields.Nested(SignalDocument), required=True)
    next_cursor = fields.String(required=True, allow_none=True)


class BandDocument(Schema):
    """What evidence shows for sure, and what it does not rule out."""

    low = fields.Float(required=True)
    high = fields.Float(required=True)


class AccountHealth(Schema):
    """The health of an account."""

    account = fields.String(required=True)
    score = fields.Float(required=True)
    not_ruled_out = fields.Float(required=True)
    parts = fields.Dict(keys=fields.String(), values=fields.Nested(BandDocument), required=True)
    reasons = fields.List(fields.String(), required=True)


class TrustDocument(Schema):
    """Where trust stands."""

    score = fields.Float(required=True)
    level = fields.Integer(required=True)
    mode = fields.String(required=True, validate=OneOf(tuple(dict.fromkeys(MODES))))
    killed = fields.Boolean(required=True)
    weights = fields.Dict(keys=fields.String(), values=fields.Float(), required=True)
    accounts = fields.List(fields.Nested(AccountHealth), required=True)


class KillRequest(Strict):
    """Whether everything but stopping is to be blocked."""

    killed = Flag(required=True)
    reason = fields.String(required=True, validate=Length(1, 500))


class DecisionRequest(Strict):
    """An action to decide on."""

    action = fields.String(required=True, validate=OneOf(tuple(ACTIONS)))


class DecisionsQuery(PagesQuery):
    """Which decisions."""

    verdict = fields.String(load_default=None, validate=OneOf(VERDICTS))


class DecisionDocument(Schema):
    """A decision of the gate."""

    id = fields.UUID(required=True)
    action = fields.String(required=True)
    risk = fields.String(required=True)
    verdict = fields.String(required=True, validate=OneOf(VERDICTS))
    score = fields.Float(required=True)
    level = fields.Integer(required=True)
    reasons = fields.List(fields.String(), required=True)
    rule_version = fields.Integer(required=True)
    inputs = fields.Dict(metadata={"description": "Of one decision only: all that it hung on"})
    created_at = fields.DateTime(required=True)
    expires_at = fields.DateTime(required=True, metadata={"description": "Then it has to be asked for anew"})
    links = fields.Dict(keys=fields.String(), values=fields.String(), required=True)


class DecisionList(Schema):
    """One page of decisions, newest first."""

    items = fields.List(fields.Nested(DecisionDocument), required=True)
    next_cursor = fields.String(required=True, allow_none=True)


class ReplayAnswer(Schema):
    """What today's rules say to what was known then."""

    same = fields.Boolean(required=True)
    verdict = fields.String(required=True)
    score = fields.Float(required=True)
    rule_version = fields.Integer(required=True)
    reasons = fields.List(fields.String(), required=True)
