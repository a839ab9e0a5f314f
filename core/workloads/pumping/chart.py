"""This file is about how pictures of pumping look, and how they become bytes that are the same for the same data."""

import io
from collections.abc import Callable, Iterator
from typing import Any

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

BLUE, TEAL, GREY, RED, AMBER, INK = "#1f6fb2", "#2a9d8f", "#9aa5b1", "#c8553d", "#e9a23b", "#1d2730"
FAINT = "#5b6670"
_STYLE: Any = {
    "svg.hashsalt": "penstock",
    "font.family": "DejaVu Sans",
    "font.size": 9,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": "#8a94a0",
    "axes.labelcolor": "#3c4650",
    "axes.grid": True,
    "axes.axisbelow": True,
    "grid.color": "#e6eaee",
    "xtick.color": FAINT,
    "ytick.color": FAINT,
}


def render(name: str, paint: Callable[[Figure], None], size: tuple[float, float]) -> Iterator[tuple[str, bytes, str]]:
    """Yield a picture as PNG and SVG: (file name, bytes, content type)."""
    with mpl.rc_context(_STYLE):
        figure = Figure(figsize=size, facecolor="white")
        FigureCanvasAgg(figure)
        paint(figure)
        for suffix, content_type, metadata in (
            ("png", "image/png", {"Software": None}),
            ("svg", "image/svg+xml", {"Date": None, "Creator": None}),
        ):
            stream = io.BytesIO()
            figure.savefig(stream, format=suffix, metadata=metadata, dpi=130)
            yield f"{name}.{suffix}", stream.getvalue(), content_type


def label(axes: Axes, text: str) -> None:
    """Say what a panel shows, above it."""
    axes.set_title(text, loc="left", fontsize=9.5, color=INK, fontweight="bold", pad=4)


def title(figure: Figure, text: str, below: str) -> None:
    """Say what the picture is about, and the figures of it."""
    figure.text(0.08, 0.965, text, fontsize=15, fontweight="bold", color=INK)
    figure.text(0.08, 0.938, below, fontsize=9.5, color=FAINT)
