"""This file is about the picture of a plan: price, level, flows, each pump's hours, and what it costs beside others."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from itertools import pairwise
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from core.workloads.pumping import chart
from core.workloads.pumping.problem import Floats, Problem

Result = Mapping[str, Any]

_MOST_TICKS = 13
_LARGE_COLORS = (chart.BLUE, chart.TEAL, chart.AMBER)


def draw(problem: Problem, params: Mapping[str, Any], result: Result) -> Iterator[tuple[str, bytes, str]]:
    """Yield plan.png and plan.svg as (name, bytes, content type); the same result gives the same bytes."""
    return chart.render("plan", lambda figure: _paint(figure, problem, params, result), (12.0, 10.5))


def _paint(figure: Figure, problem: Problem, params: Mapping[str, Any], result: Result) -> None:
    grid = figure.add_gridspec(
        5, 1, height_ratios=[1.0, 1.9, 1.5, 1.9, 1.05], hspace=0.38, left=0.1, right=0.97, top=0.905, bottom=0.05
    )
    price, level, flow, pumps = (figure.add_subplot(grid[i]) for i in range(4))
    costs = figure.add_subplot(grid[4])
    times = np.asarray(problem.step_h * np.arange(problem.steps + 1), dtype=np.float64)
    ticks = _ticks(problem)
    _title(figure, problem, result)
    _price(price, times, problem)
    _level(level, times, problem, params, result)
    _flow(flow, times, problem, params, result)
    _pumps(pumps, times, problem, result)
    _costs(costs, result)
    for axes in (price, level, flow, pumps):
        axes.set_xlim(times[0], times[-1])
        axes.set_xticks([hour for hour, _ in ticks], [label for _, label in ticks])
        if axes is not pumps:
            axes.tick_params(labelbottom=False)


def _ticks(problem: Problem) -> list[tuple[float, str]]:
    """Return round hours of the day as (hours from the start, label), about a dozen; midnights carry the date."""
    total_h = problem.steps * problem.step_h
    apart = next((h for h in (1, 2, 3, 6, 12, 24) if total_h / h <= _MOST_TICKS), 48)
    midnight = problem.start.replace(hour=0, minute=0, second=0, microsecond=0)
    first_h = (midnight - problem.start) / timedelta(hours=1)
    ticks = []
    for number in range(int((total_h - first_h) // apart) + 1):
        hour = first_h + number * apart
        time = midnight + timedelta(hours=number * apart)
        if hour >= 0:
            ticks.append((hour, f"{time:%d %b}" if time.hour == 0 else f"{time:%H:%M}"))
    return ticks


def _title(figure: Figure, problem: Problem, result: Result) -> None:
    kpis, gap = result["kpis"], result["gap"]
    proof = "no bound" if gap is None else f"at most {gap:.2%} above the optimum"
    chart.title(
        figure,
        problem.plant.title or problem.plant.name,
        f"{problem.start:%A %d %B %Y, %H:%M}, {problem.steps * problem.step_h:g} h · {result['status']}, {proof} · "
        f"{result['energy_cost_eur']:,.0f} EUR · {result['energy_kwh']:,.0f} kWh · {kpis['kwh_per_m3']:.4f} kWh/m³ · "
        f"{kpis['starts']} starts",
    )


def _price(axes: Axes, times: Floats, problem: Problem) -> None:
    price = problem.price * 1000.0
    axes.stairs(price, times, fill=True, color=chart.AMBER, alpha=0.28, baseline=min(0.0, float(price.min())))
    axes.stairs(price, times, color=chart.AMBER, linewidth=1.6, baseline=None)
    axes.set_ylim(min(0.0, float(price.min())), max(1.0, float(price.max())) * 1.08)
    chart.label(axes, "Price, EUR/MWh")


def _level(axes: Axes, times: Floats, problem: Problem, params: Mapping[str, Any], result: Result) -> None:
    rules = problem.plant.rules
    start = params["state"]["level_m"]
    axes.axhspan(rules.alarm_m, rules.level_max_m, color=chart.RED, alpha=0.07, linewidth=0)
    axes.axhline(rules.level_max_m, color=chart.RED, linewidth=1.2)
    axes.axhline(rules.alarm_m, color=chart.RED, linewidth=0.9, linestyle=(0, (4, 3)))
    axes.axhline(rules.empty_below_m, color=chart.TEAL, linewidth=0.9, linestyle=(0, (4, 3)))
    for text, height in (("highest", rules.level_max_m), ("alarm", rules.alarm_m), ("emptied", rules.empty_below_m)):
        axes.annotate(
            text, (times[0], height), xytext=(4, -8), textcoords="offset points", fontsize=7.5, color=chart.FAINT
        )
    levels = [start, *[row["level_m"] for row in result["schedule"]]]
    axes.fill_between(times, 0, levels, color=chart.BLUE, alpha=0.13, linewidth=0)
    axes.plot(times, [start, *result["baseline"]["level_m"]], color=chart.GREY, linewidth=1.2, label="rule controller")
    if params.get("recorded"):
        axes.plot(
            times[1:], params["recorded"]["level_m"], color=chart.INK, linewidth=1.0, linestyle=":", label="recorded"
        )
    axes.plot(times, levels, color=chart.BLUE, linewidth=2.0, label="plan")
    axes.set_ylim(0, rules.level_max_m * 1.06)
    axes.legend(loc="upper right", frameon=False, ncols=3, fontsize=8, bbox_to_anchor=(1.0, 1.17))
    chart.label(axes, "Level in the basin, m")


def _flow(axes: Axes, times: Floats, problem: Problem, params: Mapping[str, Any], result: Result) -> None:
    if problem.band is not None and "smoothness" not in result["relaxed"]:
        low, high = problem.band.T / 1000.0
        axes.stairs(high, times, baseline=low, fill=True, color=chart.TEAL, alpha=0.09, label="flow band")
    outflow = np.array([row["outflow_m3_per_h"] for row in result["schedule"]]) / 1000.0
    axes.stairs(problem.inflow / 1000.0, times, color=chart.GREY, linewidth=1.3, baseline=None, label="inflow")
    if params.get("recorded"):
        recorded = np.array(params["recorded"]["outflow_m3_per_h"]) / 1000.0
        axes.stairs(recorded, times, color=chart.INK, linewidth=0.9, linestyle=":", baseline=None, label="recorded")
    axes.stairs(outflow, times, color=chart.TEAL, linewidth=1.8, baseline=None, label="outflow")
    axes.set_ylim(bottom=0)
    axes.legend(loc="upper right", frameon=False, ncols=4, fontsize=8, bbox_to_anchor=(1.0, 1.22))
    chart.label(axes, "Flow, 1,000 m³/h")


def _pumps(axes: Axes, times: Floats, problem: Problem, result: Result) -> None:
    names = [pump.name for pump in problem.plant.pumps]
    kinds = [kind.name for kind in problem.plant.pump_kinds]
    for row, pump in enumerate(problem.plant.pumps):
        color = _LARGE_COLORS[kinds.index(pump.kind) % len(_LARGE_COLORS)]
        hz = [step["pumps"].get(pump.name, 0.0) for step in result["schedule"]]
        edges = [0, *[i for i in range(1, len(hz)) if hz[i] != hz[i - 1]], len(hz)]
        for start, stop in pairwise(edges):
            if not hz[start]:
                continue
            width = times[stop] - times[start]
            axes.barh(row, width, left=times[start], height=0.64, color=color, linewidth=0)
            if stop - start >= problem.steps / 24:
                centre = times[start] + width / 2
                axes.text(centre, row, f"{hz[start]:g} Hz", ha="center", va="center", fontsize=7.5, color="white")
    axes.set_yticks(range(len(names)), [f"{p.name} {p.kind}" for p in problem.plant.pumps])
    axes.set_ylim(len(names) - 0.4, -0.6)
    axes.grid(visible=False, axis="y")
    chart.label(axes, "Pumps")


def _costs(axes: Axes, result: Result) -> None:
    bars = [("plan", result["kpis"]["adjusted_cost_eur"], chart.BLUE)]
    bars.append(("rule controller", result["baseline"]["adjusted_cost_eur"], chart.GREY))
    if result["recorded"]:
        bars.append(("recorded", result["recorded"]["adjusted_cost_eur"], chart.INK))
    most = max(abs(value) for _, value, _ in bars) or 1.0
    plan = bars[0][1]
    for row, (_, value, color) in enumerate(bars):
        axes.barh(row, value, height=0.6, color=color)
        note = "" if not row or value <= 0 else f"   plan {(plan - value) / value:+.1%}"
        axes.text(
            max(value, 0) + most * 0.008, row, f"{value:,.0f} EUR{note}", va="center", fontsize=8.5, color=chart.INK
        )
    axes.set_yticks(range(len(bars)), [name for name, _, _ in bars])
    axes.set_ylim(len(bars) - 0.4, -0.6)
    axes.set_xlim(min(0.0, *(value for _, value, _ in bars)), most * 1.16)
    axes.grid(visible=False, axis="y")
    chart.label(axes, "Cost of energy, water left at the end credited alike, EUR")
