"""What `simulation.calibrate` takes: a model, what was measured, which parameters are sought."""

from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError, fields, validates_schema
from marshmallow.validate import Length, Range

from core.jobs.kind import Params
from core.workloads.simulation import subjects
from core.workloads.simulation.distributions import number
from core.workloads.simulation.naming import ByName
from core.workloads.simulation.params import ModelParams
from core.workloads.simulation.spelling import suggestion

MOST_SOUGHT = 12
MOST_TIMES = 2_000
MOST_STARTS = 64
_CLOSE = 1e-9


class BoundsParams(Params):
    """Between which numbers a parameter is sought."""

    low = number(required=True)
    high = number(required=True)

    @validates_schema
    def check_order(self, data: Mapping[str, Any], **_: Any) -> None:
        """Refuse bounds with nothing in between."""
        if data["high"] <= data["low"]:
            raise ValidationError({"high": ["Must be greater than low."]})


class MeasuredParams(Params):
    """What was measured, when."""

    times = fields.List(number(), required=True, validate=Length(2, MOST_TIMES), metadata={"description": "Rising"})
    values = fields.Dict(
        fields.String(),
        fields.List(number(allow_none=True)),
        required=True,
        validate=Length(1, 10),
        metadata={"description": "By stock, flow or auxiliary: a number for each time, null where missing"},
    )

    @validates_schema
    def check_lengths(self, data: Mapping[str, Any], **_: Any) -> None:
        """Refuse times that do not rise, and columns of another length."""
        for place in range(1, len(data["times"])):
            if data["times"][place] <= data["times"][place - 1]:
                raise ValidationError({"times": {place: ["Must be greater than the one before."]}})
        for name, column in data["values"].items():
            if len(column) != len(data["times"]):
                raise ValidationError({"values": {name: [f"{len(column)} values for {len(data['times'])} times."]}})
            if all(value is None for value in column):
                raise ValidationError({"values": {name: ["Nothing was measured."]}})


class CalibrateParams(ModelParams):
    """Params of `simulation.calibrate`."""

    class Meta:
        """Leave out what only ensembles take."""

        exclude = ("members", "points", "outputs", "watch")
        unknown = "raise"

    measured = fields.Nested(MeasuredParams, required=True)
    sought = ByName(fields.Nested(BoundsParams), "Bounds of each parameter that is to be found", elements=True)
    starts = fields.Integer(
        load_default=12,
        strict=True,
        validate=Range(1, MOST_STARTS),
        metadata={"description": "From how many places between the bounds it is looked for"},
    )
    plots = fields.Boolean(load_default=True, metadata={"description": "Draw the fit"})

    @validates_schema
    def check_together(self, data: Mapping[str, Any], **_: Any) -> None:
        """Refuse what does not fit the model, and more parameters than were measured values."""
        whole = as_run(data, 1)
        super().check_together(whole)
        _check_sought(data)
        known = subjects.of(whole).names(whole)
        for name in data["measured"]["values"]:
            if name not in known:
                told = f"The model does not tell this{suggestion(name, known)}"
                raise ValidationError({"measured": {"values": {name: [told]}}})
        table = subjects.of(whole).table(whole)
        first, last = table.start - _CLOSE, table.time(table.steps) + _CLOSE
        for place, time in enumerate(data["measured"]["times"]):
            if not first <= time <= last:
                told = f"The run is from {table.start:g} to {table.time(table.steps):g}."
                raise ValidationError({"measured": {"times": {place: [told]}}})
        super().check_together(as_run(data, data["starts"] * (len(data["sought"]) + 1)))


def as_run(data: Mapping[str, Any], members: int) -> dict[str, Any]:
    """Return loaded params with what a run takes besides."""
    return {**data, "members": members, "points": 2, "outputs": None, "watch": []}


def _check_sought(data: Mapping[str, Any]) -> None:
    known, sought = data["model"]["parameters"], data["sought"]
    if not 1 <= len(sought) <= MOST_SOUGHT:
        raise ValidationError({"sought": [f"Give 1 to {MOST_SOUGHT} parameters."]})
    for name in sought:
        if name not in known:
            raise ValidationError({"sought": {name: [f"The model has no such parameter{suggestion(name, known)}"]}})
        if name in data["parameters"]:
            raise ValidationError({"parameters": {name: ["It is sought."]}})
    values = sum(value is not None for column in data["measured"]["values"].values() for value in column)
    if values <= len(sought):
        raise ValidationError({"measured": [f"{values} values do not tell {len(sought)} parameters."]})
