"""The spec of bursts: stretches of rows in which the noise is loud."""

from collections.abc import Mapping
from typing import Any

from marshmallow import fields
from marshmallow.validate import Range

from core.jobs.kind import Number
from core.workloads.windows.specs.base import LARGEST, Spec, Words, check_names


class Bursts(Spec):
    """Loud stretches, in all chosen variables at once."""

    variables = Words()
    rate = Number(required=True, validate=Range(0, 1), metadata={"description": "Share of rows at which one begins"})
    length = fields.Integer(load_default=10, strict=True, validate=Range(1, 100_000))
    size = Number(load_default=4.0, validate=Range(0, LARGEST), metadata={"description": "Standard deviation added"})

    def check(self, spec: Mapping[str, Any], variables: list[str]) -> None:
        """Refuse strangers."""
        check_names(spec["variables"], variables)


SPEC = Bursts
