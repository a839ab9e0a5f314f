"""This file is about what goes into pumping jobs: fields with units, and refusals that name the field and the fault."""

from datetime import datetime, timedelta
from typing import Any

from marshmallow import ValidationError, fields, validates_schema
from marshmallow.validate import Length, OneOf, Range

from core.jobs.kind import Number, Params
from core.workloads.pumping import plant as plants
from core.workloads.pumping.orders import MAX_STEPS, refuse_bad_overrides
from core.workloads.pumping.plan_params import OrderedParams, PlantParams, PumpStateParams, WeightsParams
from core.workloads.pumping.plausibility import refuse_implausible

LONGEST_HORIZON_H = 72.0
_volume_flow = Range(min=0, error="Negative inflow.")


class StateParams(Params):
    """The plant at the start."""

    level_m = Number(required=True, metadata={"description": "Level in the basin at the start, m."})
    downstream_levels_m = fields.List(
        Number(), load_default=list, metadata={"description": "Level in the basin of each station downstream, m."}
    )
    pumps = fields.Dict(
        keys=fields.String(),
        values=fields.Nested(PumpStateParams),
        load_default=dict,
        metadata={"description": "State by pump name; a pump left out has rested for long and may be used."},
    )
    emptied_today = fields.Boolean(
        load_default=False, metadata={"description": "Whether the basin was already emptied on the first day."}
    )


class SeriesParams(PlantParams):
    """What both kinds know of the horizon."""

    start = fields.DateTime(
        required=True, format="iso", metadata={"description": "Beginning of the first step, ISO 8601, plant time."}
    )
    step_minutes = fields.Integer(
        load_default=15, validate=OneOf([5, 10, 15, 20, 30, 60]), metadata={"description": "Length of a step, min."}
    )
    state = fields.Nested(StateParams, required=True, metadata={"description": "The plant at the start."})
    inflow_m3_per_h = fields.List(
        Number(validate=_volume_flow),
        required=True,
        validate=Length(min=1, max=MAX_STEPS),
        metadata={"description": "Mean inflow during each step, m3/h."},
    )
    price_eur_per_mwh = fields.List(
        Number(),
        required=True,
        validate=Length(min=1, max=MAX_STEPS, error="Missing prices: one for each step."),
        metadata={"description": "Price of electricity during each step, EUR/MWh."},
    )
    times = fields.List(
        fields.DateTime(format="iso"),
        load_default=None,
        allow_none=True,
        metadata={"description": "Beginning of each step as the source has it; checked for gaps and duplicates."},
    )

    @validates_schema
    def _refuse_faults(self, data: dict[str, Any], **_: Any) -> None:
        problems: dict[str, Any] = {}
        steps = len(data["inflow_m3_per_h"])
        if len(data["price_eur_per_mwh"]) != steps:
            problems["price_eur_per_mwh"] = [f"Missing prices: {len(data['price_eur_per_mwh'])} for {steps} steps."]
        _refuse_bad_times(data, problems)
        plant = plants.resolve(data["plant"])
        refuse_implausible(data, plant, problems)
        if fault := _downstream_fault(data["state"]["downstream_levels_m"], plant):
            problems.setdefault("state", {})["downstream_levels_m"] = [fault]
        known = {pump.name for pump in plant.all_pumps}
        unknown = sorted(set(data["state"]["pumps"]) - known)
        if unknown:
            problems.setdefault("state", {})["pumps"] = {unknown[0]: ["The plant has no pump of that name."]}
        elif any(_all_out(data["state"]["pumps"], station) for station in plant.stations):
            problems.setdefault("state", {})["pumps"] = ["All pumps are out of service."]
        if problems:
            raise ValidationError(problems)


def _downstream_fault(levels_m: list[float], plant: plants.Plant) -> str | None:
    followers = plant.stations[1:]
    if len(levels_m) != len(followers):
        return f"{len(levels_m)} levels for {len(followers)} stations downstream."
    for level_m, station in zip(levels_m, followers, strict=True):
        if not station.rules.level_min_m <= level_m <= station.rules.level_max_m:
            return f"Impossible state: {level_m:g} m in {station.name!r}."
    return None


def _all_out(pumps: dict[str, Any], station: plants.Plant) -> bool:
    return all(not pumps.get(pump.name, {}).get("available", True) for pump in station.pumps)


class RecordedParams(Params):
    """What the plant really did over the horizon."""

    power_kw = fields.List(
        Number(), required=True, metadata={"description": "Measured power of all pumps during each step, kW."}
    )
    outflow_m3_per_h = fields.List(
        Number(), required=True, metadata={"description": "Measured outflow during each step, m3/h."}
    )
    level_m = fields.List(
        Number(), required=True, metadata={"description": "Measured level at the end of each step, m."}
    )


class OptimizeParams(SeriesParams, OrderedParams):
    """Params of `pumping.optimize`."""

    dry = fields.List(
        fields.Boolean(),
        load_default=None,
        allow_none=True,
        metadata={"description": "Whether each step lies in dry weather; a dry day empties the basin once."},
    )
    weights = fields.Nested(
        WeightsParams,
        load_default=lambda: WeightsParams().load({}),
        metadata={"description": "What is priced beside energy."},
    )
    time_limit_s = Number(
        load_default=30.0,
        validate=Range(min=1, max=280),
        metadata={"description": "Processor seconds after which the bound is refined no further; the plan is the same"},
    )
    effort = fields.String(
        load_default="full",
        validate=OneOf(["full", "fresh", "repair"]),
        metadata={
            "description": "full: the best plan and its bound; fresh: a hasty plan without a bound; repair: mend "
            "`previous`, or plan afresh when it no longer keeps every rule."
        },
    )
    recorded = fields.Nested(
        RecordedParams,
        load_default=None,
        allow_none=True,
        metadata={"description": "What the plant really did, to be compared with the plan."},
    )

    @validates_schema
    def _refuse_lengths(self, data: dict[str, Any], **_: Any) -> None:
        steps = len(data["inflow_m3_per_h"])
        problems: dict[str, Any] = {}
        hours = steps * data["step_minutes"] / 60
        if hours > LONGEST_HORIZON_H:
            problems["inflow_m3_per_h"] = [f"{hours:g} h ahead; a plan looks {LONGEST_HORIZON_H:g} h ahead at most."]
        if data["dry"] is not None and len(data["dry"]) != steps:
            problems["dry"] = [f"{len(data['dry'])} values for {steps} steps."]
        for name, values in (data["recorded"] or {}).items():
            if len(values) != steps:
                problems.setdefault("recorded", {})[name] = [f"{len(values)} values for {steps} steps."]
        refuse_bad_overrides(data, plants.resolve(data["plant"]), problems)
        if problems:
            raise ValidationError(problems)


class SimulateParams(SeriesParams):
    """Params of `pumping.simulate`."""

    plan = fields.Dict(
        keys=fields.String(),
        values=fields.List(Number(validate=Range(min=0, max=100))),
        required=True,
        metadata={"description": "Frequency of each pump at each step by pump name, Hz; 0 rests, a pump left out too."},
    )

    @validates_schema
    def _refuse_plan(self, data: dict[str, Any], **_: Any) -> None:
        steps = len(data["inflow_m3_per_h"])
        known = {pump.name for pump in plants.resolve(data["plant"]).all_pumps}
        for name, hz in data["plan"].items():
            if name not in known:
                raise ValidationError({"plan": {name: ["The plant has no pump of that name."]}})
            if len(hz) != steps:
                raise ValidationError({"plan": {name: [f"{len(hz)} values for {steps} steps."]}})


def _refuse_bad_times(data: dict[str, Any], problems: dict[str, Any]) -> None:
    times: list[datetime] | None = data["times"]
    if times is None:
        return
    if len(times) != len(data["inflow_m3_per_h"]):
        problems["times"] = [f"{len(times)} times for {len(data['inflow_m3_per_h'])} steps."]
        return
    if len({time.tzinfo is None for time in [*times, data["start"]]}) > 1:
        problems["times"] = ["Some times have a UTC offset and some have none."]
        return
    expected = data["start"]
    for position, time in enumerate(times):
        if time != expected:
            problems["times"] = {position: [_time_fault(times, position, expected)]}
            return
        expected = expected + timedelta(minutes=data["step_minutes"])


def _time_fault(times: list[datetime], position: int, expected: datetime) -> str:
    time = times[position]
    if time in times[:position]:
        return f"Duplicate of an earlier step: {time.isoformat()}."
    if abs((time - expected).total_seconds()) == 3600:  # noqa: PLR2004 - an hour is what a clock change is
        return f"Clock change: {time.isoformat()} instead of {expected.isoformat()}; give times with a UTC offset."
    return f"Gap: {time.isoformat()} instead of {expected.isoformat()}."
