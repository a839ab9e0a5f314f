"""The pictures of a discovery: the graph with confidence, intervals of effects, how half-samples scatter."""

import io
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import FancyArrowPatch

from core.workloads.causal.arrays import Floats

Edge = Mapping[str, Any]
Artifact = tuple[str, bytes, str]

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
_UP, _DOWN, _DIM, _INK, _NODE = "#1f6fb2", "#c8553d", "#9aa5b1", "#1d2730", "#eef3f7"
_MOST_ROWS, _MOST_PANELS, _PANELS_ACROSS, _MOST_NODES = 40, 16, 4, 60
_BEND = 0.13
_SHOWN = ("accepted", "unstable")


def draw(names: Sequence[str], edges: Sequence[Edge], distributions: Sequence[Mapping[str, Any]]) -> Iterator[Artifact]:
    """Yield graph.svg, effects.svg and distributions.svg as (name, bytes, content type); same input, same bytes."""
    with mpl.rc_context(_STYLE):
        yield "graph.svg", _written(_graph(names, edges)), "image/svg+xml"
        yield "effects.svg", _written(_effects(edges)), "image/svg+xml"
        if distributions:
            yield "distributions.svg", _written(_distributions(distributions)), "image/svg+xml"


def _written(figure: Figure) -> bytes:
    stream = io.BytesIO()
    figure.savefig(stream, format="svg", metadata={"Date": None, "Creator": None})
    return stream.getvalue()


def _blank(width: float, height: float) -> Figure:
    figure = Figure(figsize=(width, height), facecolor="white")
    FigureCanvasAgg(figure)
    return figure


def _color(effect: float) -> str:
    return _UP if effect >= 0 else _DOWN


def _graph(names: Sequence[str], edges: Sequence[Edge]) -> Figure:
    """Draw variables on a circle; an arrow's width is the effect's size, its opacity the stability."""
    figure = _blank(8.0, 8.4)
    axes = figure.add_axes((0.02, 0.02, 0.96, 0.9))
    axes.set_axis_off()
    axes.set_xlim(-1.35, 1.35)
    axes.set_ylim(-1.35, 1.35)
    accepted = [edge for edge in edges if edge["verdict"] == "accepted"]
    figure.suptitle(f"{len(accepted)} accepted edges among {len(names)} variables", color=_INK, fontsize=12)
    shown = _nodes(names, accepted)
    angle = np.pi / 2.0 - 2.0 * np.pi * np.arange(len(shown)) / max(len(shown), 1)
    places = dict(zip(shown, np.column_stack([np.cos(angle), np.sin(angle)]), strict=True))
    for edge in accepted:
        if edge["source"] in places and edge["target"] in places:
            _arrow(axes, edge, places[edge["source"]], places[edge["target"]])
    for name, (x, y) in places.items():
        box = {"boxstyle": "round,pad=0.35", "facecolor": _NODE, "edgecolor": _DIM}
        axes.text(x, y, name, ha="center", va="center", color=_INK, bbox=box, zorder=3)
    return figure


def _nodes(names: Sequence[str], accepted: Sequence[Edge]) -> list[str]:
    """Return the variables to draw: all, or of very many those that have edges."""
    if len(names) <= _MOST_NODES:
        return list(names)
    linked = {edge[end] for edge in accepted for end in ("source", "target")}
    return [name for name in names if name in linked][:_MOST_NODES]


def _arrow(axes: Axes, edge: Edge, source: Floats, target: Floats) -> None:
    patch = FancyArrowPatch(
        (float(source[0]), float(source[1])),
        (float(target[0]), float(target[1])),
        arrowstyle="-" if edge["kind"] == "undirected" else "-|>",
        mutation_scale=14.0,
        connectionstyle=f"arc3,rad={_BEND}",
        shrinkA=22.0,
        shrinkB=22.0,
        linewidth=0.8 + 4.0 * min(abs(edge["effect_standardized"]), 1.0),
        color=_color(edge["effect_standardized"]),
        alpha=0.25 + 0.75 * edge["stability"],
    )
    axes.add_patch(patch)
    along = target - source
    middle = (source + target) / 2.0 + _BEND / 2.0 * np.array([along[1], -along[0]])
    axes.text(middle[0], middle[1], f"lag {edge['lag']}", fontsize=7, color=_INK, ha="center", va="center", zorder=4)


def _effects(edges: Sequence[Edge]) -> Figure:
    """Draw effects with their 95 % intervals, in standard deviations."""
    shown = [edge for edge in edges if edge["verdict"] in _SHOWN][:_MOST_ROWS] or list(edges[:10])
    figure = _blank(8.0, 1.2 + 0.28 * max(len(shown), 1))
    axes = figure.add_subplot()
    axes.axvline(0.0, color=_DIM, linewidth=1.0)
    for row, edge in enumerate(shown):
        unit = edge["effect_standardized"] / edge["effect"] if edge["effect"] else 1.0
        color = _color(edge["effect_standardized"]) if edge["verdict"] == "accepted" else _DIM
        axes.plot([edge["ci_low"] * unit, edge["ci_high"] * unit], [row, row], color=color, linewidth=2.0)
        axes.plot([edge["effect_standardized"]], [row], "o", color=color, markersize=5.0)
    labels = [f"{edge['source']} → {edge['target']}, lag {edge['lag']} ({edge['stability']:.0%})" for edge in shown]
    axes.set_yticks(range(len(shown)), labels)
    axes.invert_yaxis()
    axes.set_xlabel("effect in standard deviations, 95 % interval; grey: not accepted; in brackets the stability")
    figure.tight_layout()
    return figure


def _distributions(distributions: Sequence[Mapping[str, Any]]) -> Figure:
    """Draw the half-samples' effects, a panel for each edge."""
    shown = distributions[:_MOST_PANELS]
    down = -(-len(shown) // _PANELS_ACROSS)
    figure = _blank(11.0, 0.4 + 2.1 * down)
    for place, one in enumerate(shown):
        axes = figure.add_subplot(down, _PANELS_ACROSS, place + 1)
        bounds = np.array(one["bounds"])
        middle = float(bounds.mean())
        axes.stairs(one["counts"], bounds, fill=True, color=_color(middle), alpha=0.75)
        axes.axvline(0.0, color=_DIM, linewidth=1.0)
        axes.set_title(f"{one['source']} → {one['target']}, lag {one['lag']}", fontsize=8)
        axes.tick_params(labelsize=7)
        axes.set_yticks([])
    figure.tight_layout()
    return figure
