"""This file is about the picture of scenarios: the cost of each, and the front of cost and smoothness."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from core.workloads.pumping import chart

Outcome = Mapping[str, Any]


def draw(base: Outcome, scenarios: Sequence[Outcome], front: Sequence[Outcome]) -> Iterator[tuple[str, bytes, str]]:
    """Yield whatif.png and whatif.svg."""
    height = 4.2 + 0.32 * len(scenarios) + (3.4 if front else 0.0)
    return chart.render("whatif", lambda figure: _paint(figure, base, scenarios, front), (11.0, height))


def _paint(figure: Figure, base: Outcome, scenarios: Sequence[Outcome], front: Sequence[Outcome]) -> None:
    ratios = [1.0 + 0.3 * len(scenarios), 4.0] if front else [1.0]
    grid = figure.add_gridspec(len(ratios), 1, height_ratios=ratios, hspace=0.34, left=0.2, right=0.95, top=0.87)
    chart.title(
        figure,
        "What if",
        f"base {base['adjusted_cost_eur']:,.0f} EUR, flow changes {base['mean_abs_flow_change_m3_per_h']:.0f} m³/h "
        f"a step, highest {base['max_level_m']:.2f} m",
    )
    _bars(figure.add_subplot(grid[0]), [base, *scenarios])
    if front:
        _front(figure.add_subplot(grid[1]), base, front)


def _bars(axes: Axes, outcomes: Sequence[Outcome]) -> None:
    values = [outcome["adjusted_cost_eur"] or 0.0 for outcome in outcomes]
    most = max((abs(value) for value in values), default=1.0) or 1.0
    for row, (outcome, value) in enumerate(zip(outcomes, values, strict=True)):
        refused = outcome["adjusted_cost_eur"] is None
        axes.barh(row, value, height=0.62, color=chart.BLUE if row else chart.INK)
        note = "refused" if refused else f"{value:,.0f} EUR"
        if not refused and row:
            note += f" ({outcome['dearer_eur']:+,.0f}), highest {outcome['max_level_m']:.2f} m"
        axes.text(max(value, 0.0) + most * 0.01, row, note, va="center", fontsize=8, color=chart.INK)
    axes.set_yticks(range(len(outcomes)), [outcome["name"] for outcome in outcomes])
    axes.set_ylim(len(outcomes) - 0.4, -0.6)
    axes.set_xlim(min(0.0, *values), most * 1.45)
    axes.grid(visible=False, axis="y")
    chart.label(axes, "Cost of energy, water left at the end credited alike, EUR")


def _front(axes: Axes, base: Outcome, front: Sequence[Outcome]) -> None:
    points = sorted(
        (point for point in front if point["adjusted_cost_eur"] is not None),
        key=lambda point: point["mean_abs_flow_change_m3_per_h"],
    )
    best = [point for point in points if not point["dominated"]]
    x, y = "mean_abs_flow_change_m3_per_h", "adjusted_cost_eur"
    axes.plot([point[x] for point in best], [point[y] for point in best], color=chart.TEAL, linewidth=1.6, zorder=2)
    for point in points:
        color = chart.GREY if point["dominated"] else chart.TEAL
        axes.scatter([point[x]], [point[y]], s=42, color=color, zorder=3)
        axes.annotate(point["name"], (point[x], point[y]), xytext=(6, 5), textcoords="offset points", fontsize=7.5)
    axes.scatter([base[x]], [base[y]], s=70, marker="D", color=chart.INK, zorder=4)
    axes.annotate("base", (base[x], base[y]), xytext=(7, -11), textcoords="offset points", fontsize=8)
    axes.set_xlabel("Mean change of the outflow from step to step, m³/h")
    axes.margins(x=0.15, y=0.15)
    chart.label(axes, "Cost, EUR, against smoothness: no point right of and above the line is worth having")
