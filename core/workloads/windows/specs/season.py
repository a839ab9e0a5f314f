"""The spec of a season: what repeats itself."""

from collections.abc import Mapping
from typing import Any

from marshmallow import fields
from marshmallow.validate import Range

from core.jobs.kind import Number
from core.workloads.windows.specs.base import LARGEST, Spec, Words, check_names


class Season(Spec):
    """A sine with harmonics, in rows since the domain's first window."""

    variables = Words()
    period = Number(required=True, validate=Range(2, LARGEST), metadata={"description": "In rows"})
    amplitude = Number(load_default=1.0, validate=Range(-LARGEST, LARGEST))
    phase = Number(load_default=0.0, validate=Range(0, 1), metadata={"description": "Share of a period"})
    harmonics = fields.Integer(load_default=1, strict=True, validate=Range(1, 10))

    def check(self, spec: Mapping[str, Any], variables: list[str]) -> None:
        """Refuse strangers."""
        check_names(spec["variables"], variables)


SPEC = Season
