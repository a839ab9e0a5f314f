"""The spec of missing values: at random, by their own size, or in blocks."""

from collections.abc import Mapping
from typing import Any

from marshmallow import fields
from marshmallow.validate import OneOf, Range

from core.jobs.kind import Number
from core.workloads.windows.specs.base import Spec, Words, check_names


class Missing(Spec):
    """Values that are taken out."""

    variables = Words()
    mechanism = fields.String(
        load_default="random",
        validate=OneOf(["random", "value", "block"]),
        metadata={"description": "Each by itself; the larger, the likelier; or stretches of rows"},
    )
    rate = Number(required=True, validate=Range(0, 0.95), metadata={"description": "Share of values"})
    length = fields.Integer(
        load_default=10, strict=True, validate=Range(1, 100_000), metadata={"description": "Rows of a block"}
    )

    def check(self, spec: Mapping[str, Any], variables: list[str]) -> None:
        """Refuse strangers."""
        check_names(spec["variables"], variables)


SPEC = Missing
