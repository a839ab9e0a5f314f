"""This file is about the document that describes a plant: its fields, units and what makes it contradict itself."""

from itertools import pairwise
from typing import Any

from marshmallow import ValidationError, fields, validates_schema
from marshmallow.validate import Length, Range

from core.jobs.kind import Number, Params

_positive = Range(min=0, min_inclusive=False)


def _number(description: str, *, positive: bool = False, **options: Any) -> Number:
    validate = [_positive] if positive else []
    return Number(required=True, validate=validate, metadata={"description": description}, **options)


def _polynomial(description: str) -> fields.List[Any]:
    return fields.List(Number(), required=True, validate=Length(min=1, max=8), metadata={"description": description})


class VolumePieceDocument(Params):
    """One stretch of the volume curve."""

    from_level_m = _number("Where the stretch begins, m.")
    to_level_m = _number("Where the stretch ends, m.")
    coefficients = fields.List(
        Number(),
        required=True,
        validate=Length(min=1, max=3),
        metadata={"description": "Volume in m3 as polynomial (ascending powers) in metres above from_level_m."},
    )


class PumpKindDocument(Params):
    """One kind of pump: curves and calibration."""

    name = fields.String(required=True, metadata={"description": "Name of the kind, e.g. large."})
    rated_hz = _number("Frequency of the curves, Hz.", positive=True)
    run_hz = _number("Frequency at which plans run the kind, Hz.", positive=True)
    flow_min_m3_per_h = _number("Smallest flow at which the curves hold, m3/h.", positive=True)
    flow_max_m3_per_h = _number("Largest flow at which the curves hold, m3/h.", positive=True)
    head_m = _polynomial("Head in m, ascending powers of flow in 1,000 m3/h.")
    power_kw = _polynomial("Electric power in kW, ascending powers of flow in 1,000 m3/h.")
    wear = _number("Factor on the head.", positive=True)
    power_factor = _number("Factor on the power.", positive=True)
    system_head = _number("K in head lost = K flow^2, m per (1,000 m3/h)^2.")


class PumpDocument(Params):
    """One pump."""

    name = fields.String(required=True, metadata={"description": "Name of the pump, e.g. 1.2."})
    kind = fields.String(required=True, metadata={"description": "One of pump_kinds."})
    measured_kwh_per_m3 = _number("Measured specific energy, kWh/m3; ranks pumps of a kind.", positive=True)


class LevelRule(Params):
    """Level limits."""

    hard = fields.Boolean(required=True)
    min_m = _number("Lowest level, m.")
    max_m = _number("Highest level, m.")


class AlarmRule(Params):
    """Alarm level."""

    hard = fields.Boolean(required=True)
    max_m = _number("Alarm level, m.")
    price_eur_per_h = _number("What the planner pays for an hour above it, EUR.")


class OutflowRule(Params):
    """Largest pumped flow."""

    hard = fields.Boolean(required=True)
    max_m3_per_h = _number("Largest pumped flow, m3/h.", positive=True)


class FrequencyRule(Params):
    """Range of frequencies."""

    hard = fields.Boolean(required=True)
    min_hz = _number("Lowest frequency of a running pump, Hz.", positive=True)
    max_hz = _number("Highest frequency, Hz.", positive=True)


class RunningRule(Params):
    """How many pumps run at least."""

    hard = fields.Boolean(required=True)
    pumps_min = fields.Integer(
        required=True, validate=Range(min=0, max=8), metadata={"description": "Pumps running at least."}
    )
    always_one_of = fields.String(
        load_default="", metadata={"description": "Kind of which one pump always runs; empty for none."}
    )


class HoldRule(Params):
    """Shortest time between switches of one pump."""

    hard = fields.Boolean(required=True)
    minutes = fields.Integer(
        required=True,
        validate=Range(min=0, max=480),
        metadata={"description": "Shortest time between two switches of one pump, min."},
    )


class EmptyingRule(Params):
    """Daily emptying in dry weather."""

    hard = fields.Boolean(required=True)
    below_m = _number("Level that counts as emptied, m.", positive=True)


class RulesDocument(Params):
    """Rules of operation."""

    level = fields.Nested(LevelRule, required=True)
    alarm = fields.Nested(AlarmRule, required=True)
    outflow = fields.Nested(OutflowRule, required=True)
    frequency = fields.Nested(FrequencyRule, required=True)
    running = fields.Nested(RunningRule, required=True)
    hold = fields.Nested(HoldRule, required=True)
    emptying = fields.Nested(EmptyingRule, required=True)


class PlantDocument(Params):
    """A plant."""

    name = fields.String(required=True, metadata={"description": "Short name."})
    title = fields.String(load_default="", metadata={"description": "Name for people."})
    outlet_level_m = _number("Constant level to which the pumps lift, m.")
    normal_level_m = _number("Level that the rule controller holds, m.")
    typical_inflow_m3_per_h = Number(
        load_default=None,
        allow_none=True,
        validate=[_positive],
        metadata={"description": "Mean inflow of an ordinary dry day, m3/h; tells series in another unit."},
    )
    volume = fields.List(fields.Nested(VolumePieceDocument), required=True, validate=Length(min=1, max=32))
    pump_kinds = fields.List(fields.Nested(PumpKindDocument), required=True, validate=Length(min=1, max=8))
    pumps = fields.List(fields.Nested(PumpDocument), required=True, validate=Length(min=1, max=24))
    rules = fields.Nested(RulesDocument, required=True)
    downstream = fields.Nested(
        lambda: PlantDocument(),  # noqa: PLW0108 - the class does not exist yet
        load_default=None,
        allow_none=True,
        metadata={"description": "The station whose inflow is what this one pumps; none when that leaves the plant."},
    )

    @validates_schema
    def _refuse_contradictions(self, data: dict[str, Any], **_: Any) -> None:
        problems = _curve_problems(data["volume"]) | _pump_problems(data) | _rule_problems(data)
        if problems:
            raise ValidationError({field: [detail] for field, detail in problems.items()})


def _curve_problems(pieces: list[dict[str, Any]]) -> dict[str, str]:
    for before, after in pairwise(pieces):
        if before["to_level_m"] != after["from_level_m"]:
            return {"volume": f"A gap or overlap at {before['to_level_m']} m."}
        span = before["to_level_m"] - before["from_level_m"]
        end_m3 = sum(c * span**power for power, c in enumerate(before["coefficients"]))
        if abs(end_m3 - after["coefficients"][0]) > 1e-3 * max(1.0, end_m3):
            return {"volume": f"The volume jumps at {after['from_level_m']} m."}
    for piece in pieces:
        span = piece["to_level_m"] - piece["from_level_m"]
        slopes = [sum(p * c * x ** (p - 1) for p, c in enumerate(piece["coefficients"]) if p) for x in (0.0, span)]
        if span <= 0 or min(slopes) < 0:
            return {"volume": f"The volume must not fall above {piece['from_level_m']} m."}
    return {}


def _pump_problems(data: dict[str, Any]) -> dict[str, str]:
    kinds = [kind["name"] for kind in data["pump_kinds"]]
    pumps = [pump["name"] for pump in data["pumps"]]
    unknown = sorted({pump["kind"] for pump in data["pumps"]} - set(kinds))
    if unknown:
        return {"pumps": f"Unknown pump kind {unknown[0]!r}; there are {', '.join(kinds)}."}
    follower = data["downstream"]
    while follower:
        pumps += [pump["name"] for pump in follower["pumps"]]
        follower = follower["downstream"]
    if len(set(pumps)) < len(pumps) or len(set(kinds)) < len(kinds):
        return {"pumps": "Two pumps or two kinds have the same name."}
    return {}


def _rule_problems(data: dict[str, Any]) -> dict[str, str]:
    rules, level = data["rules"], data["rules"]["level"]
    frequency = rules["frequency"]
    if not level["min_m"] < rules["alarm"]["max_m"] <= level["max_m"] <= data["volume"][-1]["to_level_m"]:
        return {"rules": "Levels must rise from level.min_m over alarm.max_m and level.max_m to the curve's end."}
    if level["min_m"] < data["volume"][0]["from_level_m"]:
        return {"rules": "level.min_m lies below the volume curve."}
    for kind in data["pump_kinds"]:
        if not frequency["min_hz"] <= kind["run_hz"] <= frequency["max_hz"]:
            return {"pump_kinds": f"run_hz of {kind['name']} breaks the frequency rule."}
    always = rules["running"]["always_one_of"]
    if always and always not in {kind["name"] for kind in data["pump_kinds"]}:
        return {"rules": f"running.always_one_of names no pump kind: {always!r}."}
    return {}
