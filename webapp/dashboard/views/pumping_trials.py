"""Pumping: ways of operating beside one another, by what they cost and how smooth they are; rehearsals of the loop."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from webapp.dashboard.drawing import Drawing, Values
from webapp.dashboard.plots import Chart, Line, seconds
from webapp.dashboard.views.pumping_plans import SCRIPTS, Rows, Stretch, spans

COST, SMOOTHNESS = "adjusted_cost_eur", "mean_abs_flow_change_m3_per_h"
_TIMES = 4


@dataclass(frozen=True, slots=True)
class Point:
    """A plan on the front of cost and smoothness; `x` and `y` are parts of the picture, from the left and the top."""

    name: str
    x: float
    y: float
    mark: str
    """base, worth (no other is cheaper and smoother) or dominated."""
    cost: str
    change: str


@dataclass(frozen=True, slots=True)
class Front:
    """All plans of a what-if, where smoothness runs to the right and cost upwards."""

    points: Sequence[Point]
    columns: Sequence[tuple[float, str]]
    rows: Sequence[tuple[float, str]]

    @property
    def worth(self) -> list[Point]:
        """Return those that no other is cheaper and smoother than, from the smoothest on."""
        return sorted((point for point in self.points if point.mark == "worth"), key=lambda point: point.x)


def draw_whatif(_params: Mapping[str, Any], result: Mapping[str, Any]) -> Values:
    """Draw scenarios beside the plan that they vary, and the front of cost and smoothness."""
    rows = [result["base"], *result["scenarios"], *result["front"]]
    dearest = max((row[COST] or 0.0 for row in rows), default=0.0)
    return {"rows": rows, "dearest": dearest or 1.0, "front": front_of(result["base"], result["front"])}


def front_of(base: Mapping[str, Any], front: Rows) -> Front | None:
    """Place the plans that could be made; None where there is no front."""
    placed = [(base, "base"), *((point, "dominated" if point["dominated"] else "worth") for point in front)]
    placed = [(one, mark) for one, mark in placed if one[COST] is not None]
    if not front or not placed:
        return None
    left, right = _range([one[SMOOTHNESS] for one, _ in placed])
    left = max(0.0, left)
    bottom, top = _range([one[COST] for one, _ in placed])
    points = [
        Point(
            one["name"],
            (one[SMOOTHNESS] - left) / (right - left),
            (top - one[COST]) / (top - bottom),
            mark,
            f"{one[COST]:,.2f} €",
            f"{one[SMOOTHNESS]:,.0f} m³/h a step",
        )
        for one, mark in placed
    ]
    parts = [place / 4 for place in range(5)]
    columns = [(part, f"{left + part * (right - left):,.0f}") for part in parts]
    return Front(points, columns, [(part, f"{top - part * (top - bottom):,.0f}") for part in parts])


def draw_backtest(_params: Mapping[str, Any], result: Mapping[str, Any]) -> Values:
    """Draw a back-test: what each way of operating comes to, in all and day by day."""
    ways = {name: result[name] for name in ("plan", "rule", "recorded") if result[name] is not None}
    days = [{**day, "ways": {name: day[name] for name in ways if day[name] is not None}} for day in result["days"]]
    costs = [figures[COST] for day in days for figures in day["ways"].values()]
    return {"ways": ways, "days": days, "dearest": max(costs, default=0.0) or 1.0}


def draw_rehearsal(_params: Mapping[str, Any], result: Mapping[str, Any]) -> Values:
    """Draw a rehearsal: what happened to the station, who planned, and what people were told when."""
    turns: Rows = result["turns"]
    times = [turn["time"][5:16].replace("T", " ") for turn in turns]
    at = seconds([turn["time"] for turn in turns])
    columns = {name: [turn[name] for turn in turns] for name in ("level_m", "outflow_m3_per_h", "price_eur_per_mwh")}
    goings: dict[str, list[Stretch]] = {
        f"by {origin}": spans([turn["origin"] == origin for turn in turns], times)
        for origin, count in result["origins"].items()
        if count
    }
    told = sorted({code for turn in turns for code in turn["notices"]})
    goings |= {code: spans([code in turn["notices"] for turn in turns], times) for code in told}
    return {
        "charts": [
            Chart("Level", "m", at, [Line("level", columns["level_m"], 1)]),
            Chart("Pumped", "m³/h", at, [Line("pumped", columns["outflow_m3_per_h"], 1, stepped=True)]),
            Chart("Price", "€/MWh", at, [Line("price", columns["price_eur_per_mwh"], 2, stepped=True)]),
        ],
        "goings": goings,
        "hours": [(place / len(turns), times[place]) for place in range(0, len(turns), max(1, len(turns) // _TIMES))],
    }


DRAWINGS = {
    "pumping.whatif": Drawing("views/pumping_whatif.html", draw_whatif),
    "pumping.backtest": Drawing("views/pumping_backtest.html", draw_backtest),
    "pumping.rehearse": Drawing("views/pumping_rehearsal.html", draw_rehearsal, SCRIPTS),
}


def _range(values: Sequence[float]) -> tuple[float, float]:
    """Return the least and the largest value, a little apart."""
    margin = (max(values) - min(values)) * 0.12 or abs(max(values)) * 0.1 or 1.0
    return min(values) - margin, max(values) + margin
