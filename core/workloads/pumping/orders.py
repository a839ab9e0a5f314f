"""This file is about what bears on a plan from outside: orders of operators and the plan so far, as params."""

from datetime import datetime
from typing import Any

from marshmallow import EXCLUDE, ValidationError, fields
from marshmallow.validate import Length, OneOf

from core.jobs.kind import Number, Params
from core.workloads.pumping.plant import Plant

MAX_STEPS = 672


def _is_time(text: str) -> None:
    try:
        datetime.fromisoformat(text)
    except ValueError:
        raise ValidationError("Not an ISO 8601 time.") from None


class OverrideParams(Params):
    """An operator's order for one pump, from the horizon's start on."""

    pump = fields.String(required=True, metadata={"description": "Name of the pump."})
    action = fields.String(
        required=True,
        validate=OneOf(["on", "off", "out"]),
        metadata={"description": "on or off: it stays so; out: out of service, whatever its hold says."},
    )
    until = fields.DateTime(required=True, format="iso", metadata={"description": "When it ends, ISO 8601."})
    who = fields.String(load_default="", validate=Length(max=200), metadata={"description": "Who ordered it."})
    why = fields.String(load_default="", validate=Length(max=500), metadata={"description": "The reason given."})


class EarlierStepParams(Params):
    """A step of an earlier plan; all but time and pumps is ignored."""

    class Meta:
        """Take rows of a schedule as they are."""

        unknown = EXCLUDE

    time = fields.String(required=True, validate=_is_time, metadata={"description": "Beginning of the step, ISO 8601."})
    pumps = fields.Dict(
        keys=fields.String(), values=Number(), required=True, metadata={"description": "Frequency by pump name, Hz."}
    )


class EarlierPlanParams(Params):
    """An earlier plan to begin from."""

    schedule = fields.List(fields.Nested(EarlierStepParams), required=True, validate=Length(min=1, max=MAX_STEPS))


def refuse_bad_overrides(data: dict[str, Any], plant: Plant, problems: dict[str, Any]) -> None:
    """Add a problem for each override that names no pump of the plant or contradicts the state or another one."""
    known = {pump.name for pump in plant.all_pumps}
    out = {name for name, pump in data["state"]["pumps"].items() if not pump["available"]}
    seen: set[str] = set()
    for position, override in enumerate(data["overrides"]):
        fault = None
        if override["pump"] not in known:
            fault = {"pump": ["The plant has no pump of that name."]}
        elif override["pump"] in seen:
            fault = {"pump": ["A second override of the same pump."]}
        elif override["action"] == "on" and override["pump"] in out:
            fault = {"action": ["The pump is out of service."]}
        elif (override["until"].tzinfo is None) != (data["start"].tzinfo is None):
            fault = {"until": ["One of start and until has a UTC offset and the other has none."]}
        seen.add(override["pump"])
        if fault:
            problems.setdefault("overrides", {})[position] = fault
