"""The spec of regimes: stretches of rows in which values are shifted and stretched."""

from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError, fields
from marshmallow.validate import Length, Range

from core.jobs.kind import Number
from core.workloads.windows.specs.base import LARGEST, Spec, Words, check_names


class Regime(Spec):
    """A hidden state that now and then jumps to another one."""

    variables = Words()
    shifts = fields.List(Number(validate=Range(-LARGEST, LARGEST)), required=True, validate=Length(2, 10))
    scales = fields.List(
        Number(validate=Range(1e-6, LARGEST)), load_default=None, allow_none=True, validate=Length(2, 10)
    )
    stay = Number(
        load_default=0.99, validate=Range(0, 1), metadata={"description": "Probability of the next row's being alike"}
    )

    def check(self, spec: Mapping[str, Any], variables: list[str]) -> None:
        """Refuse strangers, and scales that are not as many as shifts."""
        check_names(spec["variables"], variables)
        if spec["scales"] is not None and len(spec["scales"]) != len(spec["shifts"]):
            raise ValidationError({"scales": ["Give one for each shift."]})


SPEC = Regime
