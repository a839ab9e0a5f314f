"""Data of one member in params: rows written out, a file, or windows of a domain; and what of them is learned."""

from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError, fields, validates_schema
from marshmallow.validate import Length, Range

from core.jobs.kind import Params
from core.workloads.federated.params import MOST_INLINE_VALUES, shape_of

MOST_COLUMNS = 1_000
MOST_LAGS = 50
_TABLE = 2


class Numbers(fields.Field[list[Any]]):
    """Numbers in a list, or in lists of equal lengths."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **_: Any) -> list[Any]:
        del attr, data
        shape = shape_of(value) if isinstance(value, list) else None
        if shape is None or len(shape) > _TABLE or has_null(value):
            raise ValidationError("Must be numbers in a list, or in rows of equal lengths.")
        if shape[0] * (shape[1] if len(shape) == _TABLE else 1) > MOST_INLINE_VALUES:
            raise ValidationError(f"At most {MOST_INLINE_VALUES:,} values; give more as an artifact.")
        return list(value)


def has_null(value: Any) -> bool:
    """Tell whether a null is among lists of numbers."""
    return value is None or (isinstance(value, list) and any(map(has_null, value)))


class Data(Params):
    """What a member learns from, in one of three ways."""

    inputs = Numbers(metadata={"description": "Rows of numbers, a sample each", "type": "array"})
    targets = Numbers(
        metadata={"description": "For each sample its class, from 0, or its values", "type": "array"},
    )
    artifact = fields.UUID(
        metadata={"description": "npz with `inputs` and `targets`, or an Arrow stream of columns, a batch a trajectory"}
    )
    domain_id = fields.String(
        validate=Length(1, 100), metadata={"description": "Name or id of the domain whose windows are learned from"}
    )
    first = fields.Integer(strict=True, validate=Range(min=0), metadata={"description": "Index of the first window"})
    last = fields.Integer(strict=True, validate=Range(min=0), metadata={"description": "Index of the last window"})

    @validates_schema
    def check_one(self, given: Mapping[str, Any], **_: Any) -> None:
        """Refuse mixtures, and inputs and targets that do not go together."""
        if set(given) not in ({"artifact"}, {"domain_id", "first", "last"}, {"inputs", "targets"}):
            raise ValidationError("Give inputs and targets, or an artifact, or domain_id, first and last.", "inputs")
        if "inputs" in given:
            if not isinstance(given["inputs"][0], list):
                raise ValidationError("Must be rows of numbers.", "inputs")
            if len(given["inputs"]) != len(given["targets"]):
                told = f"{len(given['targets'])} targets for {len(given['inputs'])} samples."
                raise ValidationError(told, "targets")
        if "first" in given and given["last"] < given["first"]:
            raise ValidationError("It is before the first.", "last")


def _columns(description: str, **options: Any) -> fields.List[str]:
    return fields.List(
        fields.String(validate=Length(1, 100)),
        validate=Length(1, MOST_COLUMNS),
        metadata={"description": description},
        **options,
    )


class Features(Params):
    """Which columns are learned, and from what."""

    targets = _columns("Columns that are predicted; one where classes are", required=True)
    inputs = _columns(
        "Columns that they are predicted from; null: with lags all, without all others",
        load_default=None,
        allow_none=True,
    )
    lags = fields.Integer(
        load_default=0,
        strict=True,
        validate=Range(0, MOST_LAGS),
        metadata={"description": "From how many rows before; 0: from the same row"},
    )


def data_field(description: str, **options: Any) -> fields.Nested:
    """Declare the field of data."""
    return fields.Nested(Data, metadata={"description": description}, **options)
