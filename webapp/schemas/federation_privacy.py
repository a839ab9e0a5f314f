"""Privacy of federations over the wire: what is spent and left, and the ledger."""

from collections.abc import Mapping
from typing import Any

from marshmallow import Schema, ValidationError, fields

from core.workloads.federated.privacy.terms import PrivacyTerms, refuse_unfit


def check_privacy(strategy: str, bounds: Mapping[str, Any], privacy: Mapping[str, Any] | None) -> None:
    """Raise `ValidationError` where strategy or bounds would tell what privacy is to cover."""
    if privacy is None:
        return
    try:
        refuse_unfit(strategy, bounds)
    except ValidationError as error:
        raise ValidationError({str(error.field_name): error.messages}) from error


class SpendingDocument(Schema):
    """What a federation has spent of its privacy."""

    terms = fields.Nested(PrivacyTerms, required=True, allow_none=True, metadata={"description": "Null without"})
    rounds = fields.Integer(required=True, metadata={"description": "That were paid for"})
    spent = fields.Float(required=True, metadata={"description": "Epsilon, at the terms' delta"})
    left = fields.Float(required=True, allow_none=True, metadata={"description": "Null where there is no limit"})
    clip = fields.Float(required=True, allow_none=True, metadata={"description": "That the next round begins with"})


class LedgerEntry(Schema):
    """What one round was admitted for."""

    entry = fields.Integer(required=True)
    round = fields.Integer(required=True)
    clip = fields.Float(required=True)
    noise_multiplier = fields.Float(required=True)
    sampling = fields.Float(required=True)
    epsilon = fields.Float(required=True, metadata={"description": "Of all entries up to this one, as counted then"})
    delta = fields.Float(required=True)
    admitted_at = fields.DateTime(required=True)


class LedgerList(Schema):
    """One page of the ledger, newest first."""

    items = fields.List(fields.Nested(LedgerEntry), required=True)
    next_cursor = fields.String(required=True, allow_none=True)
