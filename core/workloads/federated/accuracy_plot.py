"""The picture of a simulation: accuracy of each strategy, round by round."""

import io
from collections.abc import Mapping, Sequence
from typing import Any

import matplotlib as mpl
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

_STYLE: Any = {"svg.hashsalt": "penstock", "font.family": "DejaVu Sans", "font.size": 9, "text.parse_math": False}


def draw(clean: Sequence[float], courses: Sequence[Mapping[str, Any]]) -> bytes:
    """Draw them beside the course without attackers, as SVG."""
    with mpl.rc_context(_STYLE):
        figure = Figure(figsize=(7.0, 3.6), facecolor="white", layout="constrained")
        FigureCanvasAgg(figure)
        axes = figure.subplots()
        rounds = range(1, len(clean) + 1)
        axes.plot(rounds, clean, color="#222222", linestyle="--", label="nobody attacks")
        for place, one in enumerate(courses):
            axes.plot(rounds, one["by_round"], color=f"C{place % 10}", label=one["strategy"])
        axes.set_xlabel("round")
        axes.set_ylabel("accuracy")
        axes.set_ylim(0.0, 1.02)
        axes.legend(frameon=False, fontsize=7, ncols=2)
        file = io.BytesIO()
        figure.savefig(file, format="svg", metadata={"Date": None})
        return file.getvalue()
