"""What `federated.secure_party` takes and returns; bytes are written as hexadecimal digits. Light."""

from collections.abc import Mapping
from typing import Any

from marshmallow import Schema, ValidationError, fields, validates_schema
from marshmallow.validate import Length, OneOf, Range, Regexp

from core.jobs.kind import Params
from core.workloads.federated.secure_params import MOST, MOST_VALUES_AS_JOBS

STEPS = ("keys", "share", "mask", "reveal")
_HEX = Regexp(r"^(?:[0-9a-f]{2})*(?![\s\S])", error="Hexadecimal digits, in pairs.")
_KEY = Regexp(r"^[0-9a-f]{64}(?![\s\S])", error="32 bytes, as hexadecimal digits.")
_VECTOR = Regexp(r"^(?:[0-9a-f]{16})*(?![\s\S])", error="16 hexadecimal digits for each element.")
_PLACE = Regexp(r"^[1-9][0-9]{0,2}(?![\s\S])", error="The number of a party.")


def _told(description: str) -> dict[str, str]:
    return {"description": description}


class PartyParams(Params):
    """Which party, which step, and what the server hands it."""

    step = fields.String(required=True, validate=OneOf(STEPS))
    place = fields.Integer(required=True, strict=True, validate=Range(1, MOST), metadata=_told("Its number"))
    secret = fields.String(
        required=True, validate=_KEY, metadata=_told("What its keys and masks follow from; the platform plays all")
    )
    keys = fields.Dict(
        fields.String(validate=_PLACE),
        fields.List(fields.String(validate=_KEY), validate=Length(2, 2)),
        load_default=dict,
        validate=Length(max=MOST),
        metadata=_told("Public keys of all, for masks and for messages"),
    )
    threshold = fields.Integer(load_default=2, strict=True, validate=Range(2, MOST))
    vector = fields.String(
        load_default="", validate=[_VECTOR, Length(max=16 * MOST_VALUES_AS_JOBS)], metadata=_told("What it masks")
    )
    inbox = fields.Dict(
        fields.String(validate=_PLACE),
        fields.String(validate=[_HEX, Length(max=1000)]),
        load_default=dict,
        validate=Length(max=MOST),
        metadata=_told("Sealed shares, by sender"),
    )
    came = fields.List(
        fields.Integer(strict=True, validate=Range(1, MOST)), load_default=list, validate=Length(max=MOST)
    )
    gone = fields.List(
        fields.Integer(strict=True, validate=Range(1, MOST)), load_default=list, validate=Length(max=MOST)
    )

    @validates_schema
    def check_keys(self, given: Mapping[str, Any], **_: Any) -> None:
        """Refuse steps that take keys without the party's own."""
        if given["step"] != "keys" and str(given["place"]) not in given["keys"]:
            raise ValidationError("Give the keys of all, this party's among them.", "keys")


class PartyResult(Schema):
    """What the party tells the server; null: nothing of this sort in this step."""

    keys = fields.List(fields.String(), required=True, allow_none=True)
    sealed = fields.Dict(fields.String(), fields.String(), required=True, allow_none=True)
    masked = fields.String(required=True, allow_none=True)
    seeds = fields.Dict(fields.String(), fields.String(), required=True, allow_none=True)
    private = fields.Dict(fields.String(), fields.String(), required=True, allow_none=True)
