"""The spec of rounding: what an instrument can tell apart."""

from collections.abc import Mapping
from typing import Any

from marshmallow import fields
from marshmallow.validate import Range

from core.workloads.windows.specs.base import Spec, Words, check_names


class Rounding(Spec):
    """Values rounded to so many decimals."""

    variables = Words()
    decimals = fields.Integer(required=True, strict=True, validate=Range(0, 12))

    def check(self, spec: Mapping[str, Any], variables: list[str]) -> None:
        """Refuse strangers."""
        check_names(spec["variables"], variables)


SPEC = Rounding
