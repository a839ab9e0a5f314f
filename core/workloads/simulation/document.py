"""The document of a stock-and-flow model: its fields, before anybody asks whether they fit together."""

from typing import Any

from marshmallow import ValidationError, fields, post_load, validates_schema
from marshmallow.validate import Length, OneOf, Range

from core.jobs.kind import Params
from core.workloads.simulation import subscripts
from core.workloads.simulation.distributions import Distribution, Uncertain, number
from core.workloads.simulation.expressions.parsing import LONGEST
from core.workloads.simulation.faults import Faults
from core.workloads.simulation.naming import ByName, check_name
from core.workloads.simulation.units import UnitUnreadable, read_unit

STEADY = ("euler", "heun", "rk4")
"""Methods that make one step of each step."""
METHODS = (*STEADY, "dopri5")
MOST_NAMES = 200
MOST_POINTS = 1_000
MOST_ELEMENTS = 100
DELAYS = ("material", "information", "fixed")
MOST_STAGES = 20


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


def by_field() -> fields.List[Any]:
    """Declare over which dimensions an entry is an array."""
    told = "Dimensions that it is an array over; in its equation they are the element that it is of"
    return fields.List(fields.String(), load_default=list, validate=Length(max=3), metadata=_told(told))


class StockDocument(Params):
    """What accumulates."""

    by = by_field()
    initial = Equation(required=True, metadata=_told("At the start; of parameters and other stocks' initials"))
    unit = UnitField()


class FlowDocument(Params):
    """What changes stocks, per unit of time."""

    by = by_field()
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

    by = by_field()
    equation = Equation(required=True)
    unit = UnitField()


class ParameterDocument(Params):
    """A constant."""

    by = by_field()
    value = Uncertain(load_default=None, metadata=_told("A number, or a distribution"))
    values = fields.Dict(
        fields.String(),
        Uncertain(),
        load_default=dict,
        metadata=_told("The same of elements that have their own: north, or north,south"),
    )
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

    by = by_field()
    distribution = Distribution(required=True)
    every = number(required=True, metadata=_told("Time between draws"))
    unit = UnitField()


class DelayDocument(Params):
    """What an equation was some time ago."""

    by = by_field()
    sort = fields.String(
        required=True,
        validate=OneOf(DELAYS),
        metadata=_told("material: what flows in comes out later; information: it is smoothed; fixed: it is shifted"),
    )
    of = Equation(required=True, metadata=_told("What is delayed"))
    time = Equation(
        required=True, metadata=_told("By how much on average; of a fixed one exactly, by parameters alone")
    )
    order = fields.Integer(
        load_default=1,
        strict=True,
        validate=Range(1, MOST_STAGES),
        metadata=_told("Stages one behind the other: the more, the sharper; none of a fixed one"),
    )
    initial = Equation(load_default=None, allow_none=True, metadata=_told("At the start; what is delayed when absent"))
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
    dimensions = ByName(
        fields.List(fields.String(validate=check_name), validate=Length(1, MOST_ELEMENTS)), "Elements of arrays"
    )
    stocks = ByName(fields.Nested(StockDocument), "What accumulates")
    flows = ByName(fields.Nested(FlowDocument), "What changes stocks")
    auxiliaries = ByName(fields.Nested(AuxiliaryDocument), "Names for parts of equations")
    parameters = ByName(fields.Nested(ParameterDocument), "Constants")
    tables = ByName(fields.Nested(TableDocument), "Functions by points")
    noises = ByName(fields.Nested(NoiseDocument), "Values drawn anew now and then")
    delays = ByName(fields.Nested(DelayDocument), "What equations were some time ago")
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
        faults = Faults()
        subscripts.check(data, MOST_NAMES, faults)
        faults.refuse()

    @post_load
    def write_out(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        """Write arrays out, an entry for each element."""
        return subscripts.written_out(data)


SECTIONS = ("stocks", "flows", "auxiliaries", "parameters", "tables", "noises", "delays")


def check_positive(data: dict[str, Any], field: str) -> None:
    """Refuse a length of time that is none."""
    try:
        Range(min=0, min_inclusive=False)(data[field])
    except ValidationError as error:
        raise ValidationError({field: error.messages}) from error
