"""Federations over the wire: members, rounds, updates and models."""

from collections.abc import Mapping
from typing import Any

from marshmallow import Schema, ValidationError, fields
from marshmallow.validate import Length, OneOf, Range, Regexp

from core.errors import FieldError
from core.jobs.kind import Number
from core.workloads.federated import strategy_settings
from core.workloads.federated.data_params import Data
from core.workloads.federated.operations.models import STATUSES
from core.workloads.federated.params import FORMS, MOST_BYTES, MOST_UPDATES
from core.workloads.federated.privacy.terms import PrivacyTerms
from core.workloads.federated.round_params import Training
from core.workloads.federated.strategy_settings import STRATEGIES
from webapp.parsing import FieldsInvalid
from webapp.schemas.values import Strict

LONGEST_S = 31_536_000
LARGEST_NUMBER = (1 << 31) - 1
_PAGE = {"description": "`next_cursor` of the page before"}
# No slash, since names stand in addresses; `$` would let a newline at the end pass, and `\Z` is no JSON Schema.
_NAME = Regexp(r"^[A-Za-z0-9][A-Za-z0-9 ._-]*(?![\s\S])", error="Letters, digits, blanks and . _ - only.")
_WEIGHT = {"description": "Examples it was made of"}
_LOSS = {"description": "Of the model that it began with, on the member's data"}
_LENGTH = Range(0, 1e15, min_inclusive=False)


def name_field(**options: Any) -> fields.String:
    """Make the field of a federation's or member's name."""
    return fields.String(validate=[Length(1, 100), _NAME], **options)


def read_name(name: str, pointer: str = "/member") -> str:
    """Check a member's name that stands in an address; raises `FieldsInvalid`."""
    try:
        return str(name_field().deserialize(name))
    except ValidationError as error:
        raise FieldsInvalid(errors=[FieldError(pointer, str(error.messages[0]))]) from error


def version_field(description: str, **options: Any) -> fields.Integer:
    """Make the field of a model's version."""
    return fields.Integer(
        strict=True, validate=Range(1, LARGEST_NUMBER), metadata={"description": description}, **options
    )


class FederationChange(Strict):
    """Which fields are to become what; they hold for rounds that are aggregated from then on."""

    description = fields.String(validate=Length(max=2000))
    strategy = fields.String(validate=OneOf(STRATEGIES))
    settings = fields.Dict(keys=fields.String(), metadata={"description": "Of the strategy; see docs/federated.md"})
    form = fields.String(validate=OneOf(FORMS), metadata={"description": "Whether members send models or changes"})
    quorum = fields.Integer(
        strict=True,
        validate=Range(1, MOST_UPDATES),
        metadata={"description": "How many good updates a round takes at least"},
    )
    max_bytes = fields.Integer(
        strict=True, validate=Range(1, MOST_BYTES), metadata={"description": "Larger updates are refused unread"}
    )
    max_norm = Number(allow_none=True, validate=_LENGTH, metadata={"description": "Longer changes are refused"})
    clip_norm = Number(allow_none=True, validate=_LENGTH, metadata={"description": "Longer changes are shortened"})
    training = fields.Nested(
        Training,
        allow_none=True,
        metadata={"description": "The model that members train here; null: all train elsewhere"},
    )
    root = name_field(
        allow_none=True, metadata={"description": "The member whose update the server trusts, for fltrust"}
    )
    privacy = fields.Nested(
        PrivacyTerms,
        allow_none=True,
        metadata={"description": "Clipping, noise and a budget that all rounds share; see docs/federated.md"},
    )


class FederationRequest(FederationChange):
    """A new federation."""

    name = name_field(required=True, metadata={"description": "Unique within the tenant"})
    members = fields.List(name_field(), load_default=list, validate=Length(max=MOST_UPDATES))


def check_strategy(strategy: str, settings: Mapping[str, Any]) -> None:
    """Raise `ValidationError` where a federation's strategy and settings do not go together."""
    try:
        strategy_settings.filled(strategy, settings)
    except ValidationError as error:
        raise ValidationError({"settings": error.messages}) from error


class MembersRequest(Strict):
    """Who joins; who is a member already stays one."""

    names = fields.List(name_field(), required=True, validate=Length(1, MOST_UPDATES))


class FederationMemberRequest(Strict):
    """A member, and what it learns from where it trains here."""

    data = fields.Nested(
        Data,
        load_default=None,
        allow_none=True,
        metadata={"description": "Null: it trains elsewhere and sends updates"},
    )


class RoundOpening(Strict):
    """When a round closes by itself; with neither somebody closes it."""

    deadline_s = Number(
        load_default=None,
        allow_none=True,
        validate=Range(1, LONGEST_S),
        metadata={"description": "Seconds from now after which it takes no more updates and is aggregated"},
    )
    enough = fields.Integer(
        load_default=None,
        allow_none=True,
        strict=True,
        validate=Range(1, MOST_UPDATES),
        metadata={"description": "How many have to be present for it to be aggregated at once"},
    )


class UpdateRequest(Strict):
    """An update: an uploaded file, and what is known of it."""

    artifact = fields.UUID(required=True, metadata={"description": "Upload of npz, safetensors or Arrow"})
    weight = Number(load_default=1.0, validate=Range(0, 1e15), metadata=_WEIGHT)
    loss = Number(load_default=None, allow_none=True, validate=Range(0, 1e15), metadata=_LOSS)
    began_with = version_field("Of the model that it was made from", load_default=None, allow_none=True)


class UpdateFacts(Strict):
    """What is known of an update that is the body itself: the same in an address, where numbers are text."""

    weight = fields.Float(load_default=1.0, validate=Range(0, 1e15), metadata=_WEIGHT)
    loss = fields.Float(load_default=None, validate=Range(0, 1e15), metadata=_LOSS)
    began_with = fields.Integer(
        load_default=None,
        validate=Range(1, LARGEST_NUMBER),
        metadata={"description": "Version of the model that it was made from"},
    )


class ModelRequest(Strict):
    """A model to go on from."""

    artifact = fields.UUID(required=True, metadata={"description": "Upload of npz, safetensors or Arrow"})


class FederationsQuery(Strict):
    """Which federations."""

    limit = fields.Integer(load_default=50, validate=Range(1, 200))
    cursor = fields.UUID(load_default=None, metadata=_PAGE)


class NamesQuery(Strict):
    """Which members or updates, by name."""

    limit = fields.Integer(load_default=100, validate=Range(1, 1000))
    cursor = fields.String(load_default="", validate=Length(max=100), metadata=_PAGE)


class NumbersQuery(Strict):
    """Which rounds or versions, newest first."""

    limit = fields.Integer(load_default=50, validate=Range(1, 200))
    cursor = fields.Integer(load_default=None, validate=Range(1, LARGEST_NUMBER), metadata=_PAGE)


class FederationDocument(Schema):
    """A federation."""

    id = fields.UUID(required=True)
    name = fields.String(required=True)
    description = fields.String(required=True)
    strategy = fields.String(required=True)
    settings = fields.Dict(required=True)
    form = fields.String(required=True)
    quorum = fields.Integer(required=True)
    max_bytes = fields.Integer(required=True, allow_none=True)
    max_norm = fields.Float(required=True, allow_none=True)
    clip_norm = fields.Float(required=True, allow_none=True)
    training = fields.Dict(required=True, allow_none=True)
    root = fields.String(required=True, allow_none=True)
    privacy = fields.Nested(PrivacyTerms, required=True, allow_none=True)
    topology = fields.Dict(
        required=True, allow_none=True, metadata={"description": "As it was laid; null: rounds go over the server"}
    )
    created_at = fields.DateTime(required=True)
    links = fields.Dict(keys=fields.String(), values=fields.String(), required=True)


class FederationList(Schema):
    """One page of federations."""

    items = fields.List(fields.Nested(FederationDocument), required=True)
    next_cursor = fields.String(required=True, allow_none=True)


class FederationMember(Schema):
    """A member."""

    name = fields.String(required=True)
    data = fields.Dict(required=True, allow_none=True, metadata={"description": "Null: it trains elsewhere"})
    joined_at = fields.DateTime(required=True)


class FederationMemberList(Schema):
    """One page of members by name."""

    items = fields.List(fields.Nested(FederationMember), required=True)
    next_cursor = fields.String(required=True, allow_none=True)


class JoinedAnswer(Schema):
    """What became of a list of members."""

    joined = fields.Integer(required=True, metadata={"description": "The others were members already"})


class RoundDocument(Schema):
    """A round."""

    number = fields.Integer(required=True)
    status = fields.String(required=True, validate=OneOf(STATUSES))
    began_with = fields.Integer(
        required=True, allow_none=True, metadata={"description": "Version of the model; null where there was none"}
    )
    updates = fields.Integer(required=True, metadata={"description": "How many members have sent one"})
    enough = fields.Integer(required=True, allow_none=True)
    closes_at = fields.DateTime(required=True, allow_none=True)
    reason = fields.String(required=True, allow_none=True, metadata={"description": "Why it failed"})
    outcome = fields.Dict(
        required=True,
        allow_none=True,
        metadata={"description": "Once published: clients' parts, suspicion, refusals, as the job tells them"},
    )
    opened_at = fields.DateTime(required=True)
    settled_at = fields.DateTime(required=True, allow_none=True)
    links = fields.Dict(keys=fields.String(), values=fields.String(allow_none=True), required=True)


class RoundList(Schema):
    """One page of rounds, newest first."""

    items = fields.List(fields.Nested(RoundDocument), required=True)
    next_cursor = fields.String(required=True, allow_none=True)


class UpdateDocument(Schema):
    """An update that was sent."""

    member = fields.String(required=True)
    bytes = fields.Integer(required=True)
    weight = fields.Float(required=True)
    loss = fields.Float(required=True, allow_none=True)
    began_with = fields.Integer(required=True, allow_none=True)
    sent_at = fields.DateTime(required=True)


class UpdateList(Schema):
    """One page of updates by member."""

    items = fields.List(fields.Nested(UpdateDocument), required=True)
    next_cursor = fields.String(required=True, allow_none=True)


class ModelDocument(Schema):
    """A version of the model."""

    version = fields.Integer(required=True)
    round = fields.Integer(
        required=True, allow_none=True, metadata={"description": "That it came of; null where it was uploaded"}
    )
    created_at = fields.DateTime(required=True)
    links = fields.Dict(keys=fields.String(), values=fields.String(), required=True)


class ModelList(Schema):
    """One page of versions, newest first."""

    items = fields.List(fields.Nested(ModelDocument), required=True)
    next_cursor = fields.String(required=True, allow_none=True)
