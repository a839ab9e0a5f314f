"""Pumping: plans as level, water, pumps and price; those of the loop with what was believed, and runs and forecasts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from webapp.dashboard.drawing import Drawing, Values
from webapp.dashboard.plots import Chart, Line, Value, seconds

SCRIPTS = ("vendor/uPlot.iife.min.js", "charts.js")

Rows = Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Stretch:
    """A time through which something goes on, as parts of the whole."""

    begin: float
    length: float
    since: str
    until: str


def draw_plan(params: Mapping[str, Any], result: Mapping[str, Any]) -> Values:
    """Draw a plan: charts of level, flows and price, the pumps as a Gantt, and figures against the baseline."""
    schedule: Rows = result["schedule"]
    baseline = result.get("baseline") or {}
    charts = _level_and_water(schedule, baseline)
    prices = params.get("price_eur_per_mwh") or []
    if charts and len(prices) == len(schedule):
        charts.append(Chart("Price", "€/MWh", charts[0].at, [Line("price", prices, 2, stepped=True)]))
    return {
        "charts": charts,
        **pump_times(schedule),
        "saved_eur": (result.get("savings") or {}).get("total_eur"),
        "baseline": baseline,
    }


def draw_replan(params: Mapping[str, Any], result: Mapping[str, Any]) -> Values:
    """Draw a turn of the loop: its plan, the forecast's band around the inflow, prices published or expected."""
    schedule, belief = result["schedule"], result["belief"]
    charts = _level_and_water(schedule, result["baseline"])
    if charts:
        water = charts[1]
        band = [Line(word, belief[name], 7, dashed=True) for word, name in _BAND]
        charts[1] = Chart(water.title, water.unit, water.at, [*water.lines, *band])
        charts.append(_believed_price(charts[0].at, belief))
    return {
        "charts": charts,
        **pump_times(schedule),
        "saved_eur": result["savings"]["total_eur"],
        "baseline": result["baseline"],
        "trigger": params.get("trigger", "schedule"),
    }


def draw_forecast(_params: Mapping[str, Any], result: Mapping[str, Any]) -> Values:
    """Draw what is expected, each quantile asked for beside it."""
    charts = []
    for title, unit, key, rows, color in (
        ("Inflow", "m³/h", "m3_per_h", result["inflow"], 7),
        ("Price", "€/MWh", "eur_per_mwh", (result["price"] or {}).get("rows") or [], 2),
    ):
        if rows:
            quantiles = [
                Line(f"{float(name):.0%}", [row["quantiles"].get(name) for row in rows], color, dashed=True)
                for name in rows[0]["quantiles"]
                if float(name) != _MEDIAN
            ]
            expected = Line("expected", [row[key] for row in rows], color)
            charts.append(Chart(title, unit, seconds([row["time"] for row in rows]), [expected, *quantiles]))
    return {"charts": charts}


DRAWINGS = {
    "pumping.optimize": Drawing("views/pumping_plan.html", draw_plan, SCRIPTS),
    "pumping.replan": Drawing("views/pumping_replan.html", draw_replan, SCRIPTS),
    "pumping.simulate": Drawing("views/pumping_simulate.html", draw_plan, SCRIPTS),
    "pumping.forecast": Drawing("views/pumping_forecast.html", draw_forecast, SCRIPTS),
}


def pump_times(schedule: Rows) -> Values:
    """Return what a Gantt of the pumps needs: when each runs, and hours to read it by."""
    if not schedule:
        return {"pumps": {}, "hours": []}
    count = len(schedule)
    eighths = range(0, count, max(1, count // 8))
    return {
        "pumps": {name: stretches(schedule, name) for name in schedule[0]["pumps"]},
        "hours": [(place / count, schedule[place]["time"][11:16]) for place in eighths],
    }


def stretches(schedule: Rows, pump: str) -> list[Stretch]:
    """Return the times through which a pump runs, neighbouring steps as one."""
    return spans([bool(row["pumps"][pump]) for row in schedule], [row["time"][11:16] for row in schedule])


def spans(goes_on: Sequence[bool], times: Sequence[str]) -> list[Stretch]:
    """Return the times through which something goes on, neighbouring steps as one."""
    found: list[Stretch] = []
    begun: int | None = None
    whole = len(goes_on)
    for place, on in enumerate([*goes_on, False]):
        if on and begun is None:
            begun = place
        elif not on and begun is not None:
            until = times[place] if place < whole else "the end"
            found.append(Stretch(begun / whole, (place - begun) / whole, times[begun], until))
            begun = None
    return found


_BAND = (("inflow, 10 %", "lower_m3_per_h"), ("inflow, 90 %", "upper_m3_per_h"))
_MEDIAN = 0.5


def _level_and_water(schedule: Rows, baseline: Mapping[str, Any]) -> list[Chart]:
    if not schedule:
        return []
    at = seconds([step["time"] for step in schedule])
    level = [Line("plan", [step["level_m"] for step in schedule], 1)]
    if len(baseline.get("level_m") or ()) == len(at):
        level.append(Line("baseline", baseline["level_m"], 8, dashed=True))
    inflow = Line("inflow", [step["inflow_m3_per_h"] for step in schedule], 7)
    outflow = Line("pumped", [step["outflow_m3_per_h"] for step in schedule], 1, stepped=True)
    return [Chart("Level", "m", at, level), Chart("Water", "m³/h", at, [inflow, outflow])]


def _believed_price(at: Sequence[float], belief: Mapping[str, Any]) -> Chart:
    prices: Sequence[Value] = belief["price_eur_per_mwh"]
    known = belief["published_steps"]
    lines = [Line("published", [*prices[:known], *[None] * (len(prices) - known)], 2, stepped=True)]
    if known < len(prices):
        lines.append(Line("expected", [*[None] * known, *prices[known:]], 8, stepped=True, dashed=True))
    return Chart("Price", "€/MWh", at, lines)
