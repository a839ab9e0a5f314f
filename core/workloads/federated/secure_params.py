"""What `federated.secure_sum` takes and returns."""

from collections.abc import Mapping
from typing import Any

from marshmallow import Schema, ValidationError, fields, validates_schema
from marshmallow.validate import Length, Range

from core.jobs.kind import Number, Params

FEWEST, MOST = 3, 200
MOST_VALUES = 1_000_000
MOST_ELEMENTS = 20_000_000
MOST_WRITTEN = 10_000
MOST_AS_JOBS, MOST_VALUES_AS_JOBS = 50, 20_000
"""Parties whose steps are jobs, and values of each."""


class SecureSumParams(Params):
    """Whose vectors, how many parties may be lost, and how finely numbers are kept."""

    vectors = fields.List(
        fields.List(Number(), validate=Length(1, MOST_WRITTEN)),
        load_default=None,
        allow_none=True,
        validate=Length(FEWEST, MOST),
        metadata={"description": "One of each party; when absent they are drawn"},
    )
    parties = fields.Integer(load_default=20, strict=True, validate=Range(FEWEST, MOST))
    values = fields.Integer(load_default=1000, strict=True, validate=Range(1, MOST_VALUES))
    threshold = fields.Integer(
        load_default=None,
        allow_none=True,
        strict=True,
        validate=Range(2, MOST),
        metadata={"description": "How many have to stay, more than half; more than two thirds unless said"},
    )
    drop_out = Number(
        load_default=0.0,
        validate=Range(0.0, 1.0),
        metadata={"description": "The share of parties that are lost before they send their vector"},
    )
    fall_silent = Number(
        load_default=0.0,
        validate=Range(0.0, 1.0),
        metadata={"description": "The share that are lost after it: their vectors count"},
    )
    fraction_bits = fields.Integer(
        load_default=24, strict=True, validate=Range(0, 40), metadata={"description": "Of each value"}
    )

    as_jobs = fields.Boolean(
        load_default=False,
        metadata={"description": "Each step of each party is a job of federated.secure_party; who fails is lost"},
    )

    @validates_schema
    def check_sizes(self, given: Mapping[str, Any], **_: Any) -> None:
        """Refuse ragged vectors, a threshold of no majority, and more elements than fit the job."""
        vectors = given["vectors"]
        parties = given["parties"] if vectors is None else len(vectors)
        if vectors is not None and len({len(one) for one in vectors}) > 1:
            raise ValidationError("All vectors must have the same length.", "vectors")
        if vectors is None and parties * given["values"] > MOST_ELEMENTS:
            raise ValidationError(f"At most {MOST_ELEMENTS:,} values of all parties together.", "values")
        values = given["values"] if vectors is None else len(vectors[0])
        if given["as_jobs"] and (parties > MOST_AS_JOBS or values > MOST_VALUES_AS_JOBS):
            raise ValidationError(f"At most {MOST_AS_JOBS} parties of {MOST_VALUES_AS_JOBS:,} values.", "as_jobs")
        threshold = given["threshold"]
        if threshold is not None and not parties // 2 < threshold <= parties:
            raise ValidationError(f"Must be more than half of {parties}, and no more than all.", "threshold")


class SecureSumResult(Schema):
    """The sum, and what it took."""

    parties = fields.Integer(required=True)
    values = fields.Integer(required=True)
    threshold = fields.Integer(required=True)
    counted = fields.Integer(required=True, metadata={"description": "Parties whose vectors are in the sum"})
    gone = fields.List(fields.Integer(), required=True, metadata={"description": "Lost before they sent, by number"})
    silent = fields.List(fields.Integer(), required=True, metadata={"description": "Lost after it"})
    exact = fields.Boolean(
        required=True, metadata={"description": "Whether the sum is that of the encoded vectors, to the last bit"}
    )
    largest_error = fields.Float(required=True, metadata={"description": "To the sum in floating point"})
    error_bound = fields.Float(required=True, metadata={"description": "What rounding to fraction_bits may come to"})
    largest_value = fields.Float(required=True, metadata={"description": "That a value may have"})
    bytes_by_party = fields.Integer(required=True, metadata={"description": "Sent by each, about"})
    sum = fields.List(
        fields.Float(), required=True, allow_none=True, metadata={"description": "Written out up to 1,000 values"}
    )
    artifact = fields.String(required=True, metadata={"description": "Name of the sum as npy"})
