"""What all populations take."""

from collections.abc import Sequence
from typing import ClassVar

from marshmallow import fields
from marshmallow.validate import Range

from core.jobs.kind import Number, Params

MOST_AGENTS = 1_000_000
_LEAST = 1e-12


class PopulationSpec(Params):
    """Base of what a population takes."""

    MEASURES: ClassVar[Sequence[str]] = ()
    """What is told of it."""
    SETTINGS: ClassVar[Sequence[str]] = ()
    """What shocks and policies may change while it goes on."""

    population = fields.String(required=True)
    agents = fields.Integer(
        load_default=1000,
        strict=True,
        validate=Range(2, MOST_AGENTS),
        metadata={"description": "How many in each member of the ensemble"},
    )

    @classmethod
    def bounds(cls, name: str) -> tuple[float, float]:
        """Return between which numbers a setting lies; what has to be above 0 stays so."""
        (bound,) = (one for one in cls().fields[name].validators if isinstance(one, Range))
        return (bound.min if bound.min_inclusive else _LEAST), bound.max


def share(description: str, default: float) -> Number:
    """Declare a number from 0 to 1."""
    return Number(load_default=default, validate=Range(0, 1), metadata={"description": description})


def above_zero(description: str, default: float) -> Number:
    """Declare a number above 0."""
    bounds = Range(min=0, min_inclusive=False, max=1e6)
    return Number(load_default=default, validate=bounds, metadata={"description": description})
