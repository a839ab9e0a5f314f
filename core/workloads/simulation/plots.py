"""The pictures of a run: each value's median with its bands, a panel for each; same input, same bytes."""

import io
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

_STYLE: Any = {
    "svg.hashsalt": "penstock",
    "font.family": "DejaVu Sans",
    "font.size": 9,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": "#8a94a0",
    "axes.grid": True,
    "axes.axisbelow": True,
    "grid.color": "#e6eaee",
    "text.parse_math": False,
}
_LINE, _SHOCK = "#1f6fb2", "#c8553d"
_MOST_PANELS, _ACROSS = 24, 3


def bands(result: Mapping[str, Any]) -> bytes:
    """Draw a run, stocks first, as SVG."""
    shown = result["series"][:_MOST_PANELS]
    return _panels([partial(_panel, result=result, one=one, events=result["events"]) for one in shown])


def differences(result: Mapping[str, Any]) -> bytes:
    """Draw what scenarios change, value by value, a panel for each of each scenario."""
    shown = [
        partial(_panel, result=result, one={**one, "name": f"{scenario['name']}: {one['name']}"}, level=True)
        for scenario in result["scenarios"]
        for one in scenario["differences"]
    ]
    return _panels(shown[:_MOST_PANELS])


def fit(result: Mapping[str, Any]) -> bytes:
    """Draw what was measured, and what the model says with the parameters that were found."""
    return _panels([partial(_fit, result=result, one=one) for one in result["series"]])


def _panels(draw: Sequence[Callable[[Axes], None]]) -> bytes:
    down = -(-len(draw) // _ACROSS)
    with mpl.rc_context(_STYLE):
        figure = Figure(figsize=(11.0, 0.4 + 2.4 * down), facecolor="white")
        FigureCanvasAgg(figure)
        for place, panel in enumerate(draw):
            panel(figure.add_subplot(down, _ACROSS, place + 1))
        figure.tight_layout()
        stream = io.BytesIO()
        figure.savefig(stream, format="svg", metadata={"Date": None, "Creator": None})
    return stream.getvalue()


def _fit(axes: Axes, result: Mapping[str, Any], one: Mapping[str, Any]) -> None:
    measured = [float("nan") if value is None else value for value in one["measured"]]
    axes.plot(result["times"], measured, "o", color=_SHOCK, markersize=3.0)
    axes.plot(result["times"], one["fitted"], color=_LINE, linewidth=1.4)
    _label(axes, result, one["name"])


def _panel(
    axes: Axes, result: Mapping[str, Any], one: Mapping[str, Any], events: Sequence[Any] = (), *, level: bool = False
) -> None:
    times, levels = result["times"], one["bands"]
    for inner in range(len(levels) // 2):
        axes.fill_between(times, levels[inner], levels[-1 - inner], color=_LINE, alpha=0.18, linewidth=0.0)
    axes.plot(times, levels[len(levels) // 2], color=_LINE, linewidth=1.4)
    if level:
        axes.axhline(0.0, color=_SHOCK, linewidth=0.8)
    for event in events:
        if event["sort"] == "shock":
            axes.axvline(event["time"]["median"], color=_SHOCK, linewidth=0.8, linestyle="--")
    _label(axes, result, f"{one['name']} ({one['unit']})" if one["unit"] else one["name"])


def _label(axes: Axes, result: Mapping[str, Any], title: str) -> None:
    axes.set_title(title, fontsize=9)
    axes.set_xlabel(result["time_unit"] or "time", fontsize=8)
    axes.tick_params(labelsize=7)
