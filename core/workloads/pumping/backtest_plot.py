"""This file is about the picture of a back-test: levels, flows and what each day cost, beside rule and record."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from core.workloads.pumping import chart
from core.workloads.pumping.plant import Plant

Rows = Sequence[Mapping[str, Any]]
_STYLES = {"plan": (chart.BLUE, 1.5, "-"), "rule": (chart.GREY, 1.1, "-"), "recorded": (chart.INK, 0.9, ":")}
_DAY = 96


def draw(
    plant: Plant, ways: Mapping[str, Rows], price: Sequence[float], totals: Mapping[str, Any]
) -> Iterator[tuple[str, bytes, str]]:
    """Yield backtest.png and backtest.svg."""
    return chart.render("backtest", lambda figure: _paint(figure, plant, ways, price, totals), (13.0, 10.0))


def _paint(
    figure: Figure, plant: Plant, ways: Mapping[str, Rows], price: Sequence[float], totals: Mapping[str, Any]
) -> None:
    grid = figure.add_gridspec(
        4, 1, height_ratios=[1.8, 1.4, 0.8, 1.1], hspace=0.36, left=0.08, right=0.97, top=0.9, bottom=0.06
    )
    level, flow, cost, days = (figure.add_subplot(grid[number]) for number in range(4))
    start = datetime.fromisoformat(ways["plan"][0]["time"])
    plan, rule = totals["plan"], totals["rule"]
    chart.title(
        figure,
        f"Back-test of {plant.title or plant.name}",
        f"{start:%d %B %Y}, {len(price) // _DAY} days · plans {plan['adjusted_cost_eur']:,.0f} EUR, level rule "
        f"{rule['adjusted_cost_eur']:,.0f} EUR · flow changes {plan['mean_abs_flow_change_m3_per_h']:.0f} against "
        f"{rule['mean_abs_flow_change_m3_per_h']:.0f} m³/h a quarter-hour · highest {plan['max_level_m']:.2f} m",
    )
    hours = np.arange(len(price)) / 4.0 / 24.0
    _levels(level, plant, ways, hours)
    for name, rows in ways.items():
        if rows:
            color, width, dashes = _STYLES[name]
            values = np.array([row["outflow_m3_per_h"] for row in rows]) / 1000.0
            flow.plot(hours, values, color=color, linewidth=width, linestyle=dashes)
    chart.label(flow, "Outflow, 1,000 m³/h")
    cost.stairs(price, np.append(hours, hours[-1] + 1 / _DAY), fill=True, color=chart.AMBER, alpha=0.35)
    chart.label(cost, "Price, EUR/MWh")
    _bars(days, ways, price)
    for axes in (level, flow, cost):
        axes.set_xlim(0, len(price) / _DAY)
        axes.set_xticks(range(len(price) // _DAY + 1))
        axes.tick_params(labelbottom=False)


def _levels(axes: Axes, plant: Plant, ways: Mapping[str, Rows], hours: Any) -> None:
    rules = plant.rules
    axes.axhline(rules.level_max_m, color=chart.RED, linewidth=1.1)
    axes.axhline(rules.alarm_m, color=chart.RED, linewidth=0.8, linestyle=(0, (4, 3)))
    axes.axhline(rules.empty_below_m, color=chart.TEAL, linewidth=0.8, linestyle=(0, (4, 3)))
    for name, rows in ways.items():
        if rows:
            color, width, dashes = _STYLES[name]
            levels = [row["level_m"] for row in rows]
            axes.plot(hours, levels, color=color, linewidth=width, linestyle=dashes, label=name)
    axes.legend(loc="upper right", frameon=False, ncols=3, fontsize=8, bbox_to_anchor=(1.0, 1.14))
    axes.set_ylim(0, rules.level_max_m * 1.05)
    chart.label(axes, "Level in the basin, m; highest and alarm red, emptied green")


def _bars(axes: Axes, ways: Mapping[str, Rows], price: Sequence[float]) -> None:
    shown = [name for name, rows in ways.items() if rows]
    width = 0.8 / len(shown)
    for place, name in enumerate(shown):
        power = np.array([row["power_kw"] for row in ways[name]])
        eur = (power * np.array(price) / 4000.0).reshape(-1, _DAY).sum(axis=1)
        axes.bar(np.arange(len(eur)) + (place + 0.5) * width + 0.1, eur, width=width, color=_STYLES[name][0])
    axes.set_xlim(0, len(price) / _DAY)
    dates = [datetime.fromisoformat(row["time"]) for row in ways["plan"][::_DAY]]
    axes.set_xticks(np.arange(len(dates)) + 0.5, [f"{one:%d %b}" for one in dates])
    chart.label(axes, "Cost of energy by day, EUR (water stored for the next day not credited here)")
