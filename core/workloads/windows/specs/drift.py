"""The spec of drift: from some window on values are shifted and stretched, at once or little by little."""

from collections.abc import Mapping
from typing import Any

from marshmallow import fields
from marshmallow.validate import Range

from core.jobs.kind import Number
from core.workloads.windows.specs.base import LARGEST, Spec, Words, check_names


class Drift(Spec):
    """A change that stays."""

    variables = Words()
    at_window = fields.Integer(required=True, strict=True, validate=Range(0, 1 << 40))
    over_windows = fields.Integer(
        load_default=0,
        strict=True,
        validate=Range(0, 1 << 30),
        metadata={"description": "How many windows it takes: 0 is abrupt"},
    )
    shift = Number(load_default=0.0, validate=Range(-LARGEST, LARGEST))
    scale = Number(load_default=1.0, validate=Range(1e-6, LARGEST))

    def check(self, spec: Mapping[str, Any], variables: list[str]) -> None:
        """Refuse strangers."""
        check_names(spec["variables"], variables)


SPEC = Drift
