"""The document of a stock-and-flow model: its fields, before anybody asks whether they fit together."""

from typing import Any

from marshmallow import ValidationError, fields, validates_schema
from marshmallow.validate import Length, OneOf, Range

from core.jobs.kind import Params
from core.workloads.simulation.distributions import Distribution, Uncertain, number
from core.workloads.simulation.expressions.parsing import LONGEST
from core.workloads.simulation.naming import ByName
from core.workloads.simulation.units import UnitUnreadable, read_unit

STEADY = ("euler", "heun", "rk4")
"""Methods that make one step of each step."""
METHODS = (*STEADY, "dopri5")
MOST_NAMES = 200
MOST_POINTS = 1_000


class Equation(fields.Field[str]):
    """An equation as text; a plain number will do."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        if isinstance(value, int | float) and not isinstance(value, bool):
            return f"{number().deserialize(value, attr, data, **kwargs)!r}"
        if not isinstance(value, str) or not value.strip():
            raise ValidationError("Give an equation, as text, or a number.")
        if len(value) > LONGEST:
            raise ValidationError(f"An equation has at most {LONGEST} characters.")
        return value


class UnitField(fields.String):
    """A unit, as in `person/day`."""

    def __init__(self, description: str = "As in person/day; 1: a pure number; null: not checked") -> None:
        super().__init__(
            load_default=None, allow_none=True, validate=[Length(max=100), _readable], metadata=_told(description)
        )


def _readable(text: str) -> None:
    try:
        read_unit(text)
    except UnitUnreadable as error:
        raise ValidationError(str(error)) from error


def _told(description: str) -> dict[str, str]:
    return {"description": description}


class StockDocument(Params):
    """What accumulates."""

    initial = Equation(required=True, metadata=_told("At the start; of parameters and other stocks' initials"))
    unit = UnitField()


class FlowDocument(Params):
    """What changes stocks, per unit of time."""

    source = fields.String(
        data_key="from", load_default=None, allow_none=True, metadata=_told("Stock that it drains; null: from outside")
    )
    target = fields.String(
        data_key="to", load_default=None, allow_none=True, metadata=_told("Stock that it fills; null: to the outside")
    )
    equation = Equation(required=True, metadata=_told("Amount per unit of time"))
    unit = UnitField("Its stocks' unit over the time's when absent")


class AuxiliaryDocument(Params):
    """A name for a part of equations."""

    equation = Equation(required=True)
    unit = UnitField()


class ParameterDocument(Params):
    """A constant."""

    value = Uncertain(required=True, metadata=_told("A number, or a distribution"))
    unit = UnitField()


class TableDocument(Params):
    """A function given by points: straight between them, level beyond; called by its name."""

    x = fields.List(number(), required=True, validate=Length(2, MOST_POINTS), metadata=_told("Rising"))
    y = fields.List(number(), required=True, validate=Length(2, MOST_POINTS))
    x_unit = UnitField()
    y_unit = UnitField()

    @validates_schema
    def check_points(self, data: dict[str, Any], **_: Any) -> None:
        """Refuse columns of two lengths, and places that do not rise."""
        if len(data["x"]) != len(data["y"]):
            raise ValidationError({"y": [f"{len(data['y'])} values for {len(data['x'])} places."]})
        for place in range(1, len(data["x"])):
            if data["x"][place] <= data["x"][place - 1]:
                raise ValidationError({"x": {place: ["Must be greater than the one before."]}})


class NoiseDocument(Params):
    """A value drawn anew at equal distances of time, level in between, by each member for itself."""

    distribution = Distribution(required=True)
    every = number(required=True, metadata=_told("Time between draws"))
    unit = UnitField()


class WatchDocument(Params):
    """A moment to be told: when a condition is true for the first time."""

    name = fields.String(required=True, validate=Length(1, 100))
    when = Equation(required=True, metadata=_told("A condition"))


class ModelDocument(Params):
    """A stock-and-flow model."""

    name = fields.String(required=True, validate=Length(1, 100))
    summary = fields.String(load_default="", validate=Length(max=500))
    source = fields.String(load_default="", validate=Length(max=500), metadata=_told("Where the model is from"))
    time_unit = UnitField("Unit of the time")
    start = number(load_default=0.0)
    horizon = number(load_default=100.0, metadata=_told("How long, in units of time"))
    dt = number(load_default=0.25, metadata=_told("Length of a step"))
    method = fields.String(load_default="rk4", validate=OneOf(METHODS))
    stocks = ByName(fields.Nested(StockDocument), "What accumulates")
    flows = ByName(fields.Nested(FlowDocument), "What changes stocks")
    auxiliaries = ByName(fields.Nested(AuxiliaryDocument), "Names for parts of equations")
    parameters = ByName(fields.Nested(ParameterDocument), "Constants")
    tables = ByName(fields.Nested(TableDocument), "Functions by points")
    noises = ByName(fields.Nested(NoiseDocument), "Values drawn anew now and then")
    conserved = fields.List(
        fields.List(fields.String(), validate=Length(min=1)),
        load_default=list,
        validate=Length(max=20),
        metadata=_told("Groups of stocks whose sum never changes"),
    )
    watch = fields.List(fields.Nested(WatchDocument), load_default=list, validate=Length(max=20))

    @validates_schema
    def check_sizes(self, data: dict[str, Any], **_: Any) -> None:
        """Refuse a model without stocks, too large a one, and times that are none."""
        if not data["stocks"]:
            raise ValidationError({"stocks": ["A model has at least one stock."]})
        if sum(len(data[section]) for section in SECTIONS) > MOST_NAMES:
            raise ValidationError({"stocks": [f"A model has at most {MOST_NAMES} names."]})
        for field in ("horizon", "dt"):
            check_positive(data, field)


SECTIONS = ("stocks", "flows", "auxiliaries", "parameters", "tables", "noises")


def check_positive(data: dict[str, Any], field: str) -> None:
    """Refuse a length of time that is none."""
    try:
        Range(min=0, min_inclusive=False)(data[field])
    except ValidationError as error:
        raise ValidationError({field: error.messages}) from error
