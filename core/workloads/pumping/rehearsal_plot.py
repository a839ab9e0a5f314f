"""This file is about the picture of a rehearsal: what happened, what was told, and what it cost beside hindsight."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from core.workloads.pumping import chart
from core.workloads.pumping.plant import Plant

Rows = Sequence[Mapping[str, Any]]
_COLORS = {"plan": chart.BLUE, "repair": chart.TEAL, "rule": chart.RED}


def draw(plant: Plant, turns: Rows, ways: Mapping[str, Rows], told: Rows) -> Iterator[tuple[str, bytes, str]]:
    """Yield rehearsal.png and rehearsal.svg."""
    height = 8.0 + 0.2 * len({alert["code"] for alert in told})
    return chart.render("rehearsal", lambda figure: _paint(figure, plant, turns, ways, told), (13.0, height))


def _paint(figure: Figure, plant: Plant, turns: Rows, ways: Mapping[str, Rows], told: Rows) -> None:
    grid = figure.add_gridspec(
        4, 1, height_ratios=[0.7, 1.8, 1.3, 1.3], hspace=0.4, left=0.16, right=0.97, top=0.9, bottom=0.06
    )
    price, level, flow, alerts = (figure.add_subplot(grid[number]) for number in range(4))
    start = datetime.fromisoformat(turns[0]["time"])
    hours = np.arange(len(turns)) / 4.0
    by_rule = sum(turn["origin"] == "rule" for turn in turns)
    chart.title(
        figure,
        "The loop, rehearsed",
        f"{start:%d %B %Y}, {len(turns) / 96:g} days, {len(turns)} turns · {by_rule} by the safe rule controller · "
        f"highest {max(turn['level_m'] for turn in turns):.2f} m · {len(told)} alerts",
    )
    values = [turn["price_eur_per_mwh"] for turn in turns]
    price.stairs(values, np.append(hours, hours[-1] + 0.25), fill=True, color=chart.AMBER, alpha=0.35)
    chart.label(price, "Price, EUR/MWh")
    _levels(level, plant, turns, ways, hours)
    for name, color in (("loop", chart.BLUE), ("hindsight", chart.GREY)):
        outflow = np.array([row["outflow_m3_per_h"] for row in ways[name]]) / 1000.0
        flow.plot(hours, outflow, color=color, linewidth=1.5 if name == "loop" else 1.0, label=name)
    flow.legend(loc="upper right", frameon=False, ncols=2, fontsize=8, bbox_to_anchor=(1.0, 1.22))
    chart.label(flow, "Outflow, 1,000 m³/h")
    _alerts(alerts, told, start)
    for axes in (price, level, flow, alerts):
        axes.set_xlim(0, hours[-1] + 0.25)
        axes.set_xticks(np.arange(0, hours[-1] + 1, 6))
        axes.tick_params(labelbottom=axes is alerts)
    alerts.set_xlabel("Hours from the start")


def _levels(axes: Axes, plant: Plant, turns: Rows, ways: Mapping[str, Rows], hours: Any) -> None:
    rules = plant.rules
    axes.axhline(rules.level_max_m, color=chart.RED, linewidth=1.1)
    axes.axhline(rules.alarm_m, color=chart.RED, linewidth=0.8, linestyle=(0, (4, 3)))
    axes.axhline(rules.empty_below_m, color=chart.TEAL, linewidth=0.8, linestyle=(0, (4, 3)))
    axes.plot(hours, [row["level_m"] for row in ways["hindsight"]], color=chart.GREY, linewidth=1.0, label="hindsight")
    levels = np.array([turn["level_m"] for turn in turns])
    axes.plot(hours, levels, color=chart.INK, linewidth=1.0, alpha=0.5)
    for origin, color in _COLORS.items():
        chosen = [turn["origin"] == origin for turn in turns]
        axes.scatter(hours[chosen], levels[chosen], s=9, color=color, label=origin, zorder=3)
    axes.legend(loc="upper right", frameon=False, ncols=4, fontsize=8, bbox_to_anchor=(1.0, 1.18))
    axes.set_ylim(0, rules.level_max_m * 1.05)
    chart.label(axes, "Level, m, by who made the plan of the quarter-hour")


def _alerts(axes: Axes, told: Rows, start: datetime) -> None:
    codes = sorted({alert["code"] for alert in told})
    colors = {"critical": chart.RED, "warning": chart.AMBER, "info": chart.TEAL}
    for alert in told:
        began, ended = (
            (datetime.fromisoformat(alert[name]) - start).total_seconds() / 3600 for name in ("first", "last")
        )
        color = colors[alert["severity"]]
        axes.barh(codes.index(alert["code"]), ended - began + 0.25, left=began, height=0.6, color=color)
    axes.set_yticks(range(len(codes)), [code.replace("_", " ") for code in codes])
    axes.set_ylim(max(len(codes), 1) - 0.4, -0.6)
    axes.grid(visible=False, axis="y")
    chart.label(axes, "Alerts: critical red, warning amber, information green")
