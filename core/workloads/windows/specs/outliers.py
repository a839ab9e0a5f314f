"""The spec of outliers: single values far off."""

from collections.abc import Mapping
from typing import Any

from marshmallow.validate import Range

from core.jobs.kind import Number
from core.workloads.windows.specs.base import LARGEST, Spec, Words, check_names


class Outliers(Spec):
    """Values that are added to here and there, with either sign."""

    variables = Words()
    rate = Number(required=True, validate=Range(0, 1), metadata={"description": "Share of values"})
    size = Number(load_default=8.0, validate=Range(0, LARGEST))

    def check(self, spec: Mapping[str, Any], variables: list[str]) -> None:
        """Refuse strangers."""
        check_names(spec["variables"], variables)


SPEC = Outliers
