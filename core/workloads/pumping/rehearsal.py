"""This file is about `pumping.rehearse`: the whole loop on a living station, its clock let run, and what goes wrong."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from core.jobs.context import JobContext
from core.workloads.pumping import audit, operating, receding, rehearsal_plot, replan, scenario
from core.workloads.pumping.dispatch import dispatch
from core.workloads.pumping.live import LivePlant
from core.workloads.pumping.operation_figures import figures
from core.workloads.pumping.operations.gathering import STEP, Known, Order, Reading, replan_params
from core.workloads.pumping.plant import load
from core.workloads.pumping.problem import pose
from core.workloads.pumping.replan_schema import ReplanParams
from core.workloads.pumping.solvers.dynamic_programming import DynamicProgramming
from core.workloads.pumping.solvers.rule import RuleController

PLANT = "tunnel"
DAY = 96
_HISTORY_DAYS = 7
_DRY_BELOW_M3 = 110_000.0
_PUBLISHED_AT_H = receding.PUBLISHED_AT_H

Row = dict[str, Any]
Event = Mapping[str, Any]


@dataclass(slots=True)
class World:
    """What really happens: inflow, prices, the station, and what has been measured of it."""

    start: datetime
    inflow: list[float]
    price: list[float]
    station: LivePlant
    events: Sequence[Event]
    readings: list[Reading] = field(default_factory=list)

    def time(self, step: int) -> datetime:
        """Return when a step begins."""
        return self.start + step * STEP

    def of(self, what: str, step: int, first: int) -> list[Event]:
        """Return the events of a sort that are going on at a step; `first` is the rehearsal's."""
        hours = (step - first) / 4
        return [event for event in self.events if event["what"] == what and event["at_h"] <= hours < _until(event)]


def compute(params: dict[str, Any], context: JobContext) -> dict[str, Any]:
    """Live through history, then turn the loop each quarter of an hour; compare with hindsight and with the rule."""
    first, steps = params["first_day"] * DAY, round(params["days"] * DAY)
    context.progress(0.01, "history", "a week before the first plan")
    world = _begin(params, first, steps)
    before = {**world.station.state, "pumps": {name: dict(pump) for name, pump in world.station.state["pumps"].items()}}
    turns: list[Row] = []
    notices: list[tuple[datetime, Mapping[str, Any]]] = []
    plan: list[Row] = []
    for step in range(first, first + steps):
        result = _turn(params, world, step, first, plan, context)
        plan = result["schedule"]
        _live(world, step, first, plan)
        turns.append(_told(world, step, result))
        notices += [(world.time(step), notice) for notice in result["notices"]]
        context.progress(0.05 + 0.75 * (step - first + 1) / steps, "loop", f"{step - first + 1} of {steps} turns")
    context.progress(0.82, "hindsight", "the best that was possible")
    return _compared(params, context, world, before, (first, steps), turns, notices)


def _begin(params: Mapping[str, Any], first: int, steps: int) -> World:
    """Make the world and let the station live through its history on its own control."""
    past = min(first, _HISTORY_DAYS * DAY)
    start = (scenario.EPOCH + timedelta(days=first // DAY)).replace(tzinfo=UTC) - past * STEP
    wanted = scenario.params(start.replace(tzinfo=None), past + steps + 3 * DAY, params["seed"])
    shift = first - past
    world = World(
        start=start - shift * STEP,
        inflow=[0.0] * shift + wanted["inflow_m3_per_h"],
        price=[0.0] * shift + wanted["price_eur_per_mwh"],
        station=LivePlant(PLANT, scenario.initial_state()),
        events=params["events"],
    )
    for event in params["events"]:
        for step in range(first + round(event["at_h"] * 4), first + round(_until(event) * 4)):
            if event["what"] == "price_spike":
                world.price[step] = event["amount"]
            elif event["what"] == "storm":
                world.inflow[step] += event["amount"]
    for step in range(shift, first):
        world.station.step(world.time(step), world.inflow[step], None)
        world.readings.append(_reading(world, step))
    world.station.rows.clear()
    return world


def _turn(
    params: Mapping[str, Any], world: World, step: int, first: int, plan: Sequence[Row], context: JobContext
) -> dict[str, Any]:
    now = world.time(step)
    published = now.replace(hour=0, minute=0) + timedelta(days=2 if now.hour >= _PUBLISHED_AT_H else 1)
    known_from = max(0, step - _HISTORY_DAYS * DAY)
    prices = [(world.time(one), world.price[one]) for one in range(known_from, len(world.price))]
    orders = [
        Order(event["pump"], event["action"], world.time(first + round(_until(event) * 4)), "operator", "ordered")
        for event in world.of("override", step, first)
    ]
    known = Known(
        plant=PLANT,
        zone="UTC",
        readings=world.readings,
        prices=[(at, value) for at, value in prices if at < published],
        orders=orders,
        plan=plan,
        settings={"horizon_h": params["horizon_h"], "weights": params["weights"]},
    )
    changed = orders != [] and not world.of("override", step - 1, first)
    asked: Any = ReplanParams().load(replan_params(known, now, "override" if changed else "schedule"))
    context.checkpoint()
    return replan.compute(asked, JobContext(context.job_id, context.attempt, context.seed, _Quiet(context)))


class _Quiet:
    """The recorder of a turn within the rehearsal: it may be stopped, and leaves no traces of its own."""

    def __init__(self, context: JobContext) -> None:
        self._recorder = context.recorder

    def __getattr__(self, name: str) -> Any:
        return getattr(self._recorder, name)

    def progress(self, fraction: float, step: str, message: str, frame: Any = None) -> None:
        """Leave the progress to the rehearsal."""


def _live(world: World, step: int, first: int, plan: Sequence[Row]) -> None:
    """Let a quarter of an hour happen: pumps fail and are mended, the plan's first row is followed, or nothing seen."""
    broken = {event["pump"] for event in world.of("pump_failure", step, first)}
    for name in broken - world.station.failed:
        world.station.fail(name)
    for name in world.station.failed - broken:
        world.station.mend(name)
    for order in world.of("override", step, first):
        if order not in world.of("override", step - 1, first):
            world.station.order(world.time(step), order["pump"], on=order["action"] == "on")
    world.station.step(world.time(step), world.inflow[step], plan[0]["pumps"])
    if not world.of("sensor_outage", step, first):
        world.readings.append(_reading(world, step))


def _reading(world: World, step: int) -> Reading:
    return Reading(world.time(step + 1), **world.station.reading())


def _told(world: World, step: int, result: Mapping[str, Any]) -> Row:
    row = world.station.rows[-1]
    return {
        "time": row["time"],
        "origin": result["origin"],
        **{name: row[name] for name in ("level_m", "outflow_m3_per_h", "power_kw")},
        "price_eur_per_mwh": world.price[step],
        "notices": [notice["code"] for notice in result["notices"]],
        "reasons": [
            f"{switch['action']} {switch['pump']}: {switch['reason']}"
            for switch in result["explanation"]
            if switch["time"] == result["schedule"][0]["time"]
        ],
    }


def _compared(
    params: Mapping[str, Any],
    context: JobContext,
    world: World,
    before: Mapping[str, Any],
    stretch: tuple[int, int],
    turns: list[Row],
    notices: Sequence[tuple[datetime, Mapping[str, Any]]],
) -> dict[str, Any]:
    first, steps = stretch
    chosen = slice(first, first + steps)
    outlook = receding.known(world.time(first), world.inflow[chosen], world.price[chosen], dry_below_m3=_DRY_BELOW_M3)
    wanted = receding.params_for(outlook, PLANT, before, params["weights"])
    problem = pose(wanted)
    value = problem.weights.water_value_eur_per_m3
    dry = dict(zip([world.time(step).date() for step in range(first, first + steps)], outlook.dry, strict=True))
    found = dispatch(problem, lambda _fraction, _word: context.checkpoint(), DynamicProgramming())
    rule = RuleController().solve(problem, lambda _fraction, _word: context.checkpoint())
    assert found is not None, "the generated scenario can be planned for"
    assert rule is not None, "some pump is fit"
    ways = {
        "loop": world.station.rows,
        "hindsight": operating.operate(problem, found.solution.counts, problem.inflow, before)[0],
        "rule": operating.operate(problem, rule.counts, problem.inflow, before)[0],
    }
    cost = {name: _figures(rows, world.price[chosen], value, before, dry) for name, rows in ways.items()}
    told = _lives(notices)
    context.progress(0.95, "plot", "drawing")
    for name, content, content_type in rehearsal_plot.draw(load(PLANT), turns, ways, told):
        context.save_artifact(name, content, content_type)
    verdict = _verdict(cost, _audited(wanted, world.station))
    context.progress(1.0, "done", f"{verdict['above_hindsight']:+.1%} to hindsight")
    origins = {name: sum(turn["origin"] == name for turn in turns) for name in ("plan", "repair", "rule")}
    return {**verdict, "origins": origins, "turns": turns, "told": told}


def _verdict(cost: Mapping[str, Mapping[str, Any]], findings: list[dict[str, Any]]) -> dict[str, Any]:
    loop, hindsight = cost["loop"], cost["hindsight"]["adjusted_cost_eur"]
    return {
        "cost_eur": loop["adjusted_cost_eur"],
        "hindsight_eur": hindsight,
        "rule_eur": cost["rule"]["adjusted_cost_eur"],
        "above_hindsight": loop["adjusted_cost_eur"] / hindsight - 1.0,
        **{name: loop[name] for name in ("energy_kwh", "mean_abs_flow_change_m3_per_h", "max_level_m")},
        **{name: loop[name] for name in ("dry_days", "dry_days_emptied")},
        "violations": sum(finding["violations"] for finding in findings),
        "audit": findings,
    }


def _audited(wanted: Mapping[str, Any], station: LivePlant) -> list[dict[str, Any]]:
    """Audit what really happened; the band is left out, as its mean is known afterwards only."""
    params = {**wanted, "weights": {**wanted["weights"], "flow_band": None}}
    return audit.audit(load(PLANT), params, station.rows, station.imposed)


def _figures(
    rows: Sequence[Row], price: Sequence[float], value: float, before: Mapping[str, Any], dry: Mapping[date, bool]
) -> dict[str, Any]:
    return figures(load(PLANT), rows, price, value, before["level_m"], dry)


def _lives(notices: Sequence[tuple[datetime, Mapping[str, Any]]]) -> list[dict[str, Any]]:
    """Fold notices of turn after turn into alerts with a first and a last time."""
    lives: list[dict[str, Any]] = []
    living: dict[str, dict[str, Any]] = {}
    for time, notice in notices:
        key = f"{notice['code']}/{notice['message'].split(' is ')[0] if 'pump' in notice['code'] else ''}"
        life = living.get(key)
        if life is not None and time - datetime.fromisoformat(life["last"]) <= STEP:
            life["last"] = time.isoformat()
            continue
        living[key] = {**notice, "first": time.isoformat(), "last": time.isoformat()}
        lives.append(living[key])
    return lives


def _until(event: Event) -> float:
    return float(event["at_h"] + event["hours"])
