"""The spec of a trend: what grows from row to row, for ever."""

from collections.abc import Mapping
from typing import Any

from marshmallow.validate import Range

from core.jobs.kind import Number
from core.workloads.windows.specs.base import LARGEST, Spec, Words, check_names


class Trend(Spec):
    """A straight line and a bend, in thousands of rows since the domain's first window."""

    variables = Words()
    slope = Number(load_default=0.0, validate=Range(-LARGEST, LARGEST), metadata={"description": "Per 1,000 rows"})
    bend = Number(
        load_default=0.0, validate=Range(-LARGEST, LARGEST), metadata={"description": "Per square of 1,000 rows"}
    )

    def check(self, spec: Mapping[str, Any], variables: list[str]) -> None:
        """Refuse strangers."""
        check_names(spec["variables"], variables)


SPEC = Trend
