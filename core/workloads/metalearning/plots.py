"""The pictures of metalearning: trials of one task, rewards of many, regret after each trial."""

import io
from collections.abc import Mapping, Sequence
from typing import Any

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from core.workloads.metalearning.regrets import Floats

_STYLE: Any = {"svg.hashsalt": "penstock", "font.family": "DejaVu Sans", "font.size": 9, "text.parse_math": False}


def trials(rewards: Sequence[float | None], default: float | None) -> bytes:
    """Draw each trial, and the best so far."""
    with mpl.rc_context(_STYLE):
        axes = _axes("trial", "reward")
        told = [(place, one) for place, one in enumerate(rewards, 1) if one is not None]
        axes.plot([place for place, _ in told], [one for _, one in told], "o", color="#9aa5b1", label="trials")
        best = [max(one for _, one in told[: place + 1]) for place in range(len(told))]
        axes.step([place for place, _ in told], best, where="post", color="#1f6fb2", label="best so far")
        if default is not None:
            axes.axhline(default, color="#c8553d", linestyle="--", label="as given")
        axes.legend(frameon=False)
        return _written(axes)


def rewards(known: Floats) -> bytes:
    """Draw the reward of every configuration (columns) on every task (rows)."""
    with mpl.rc_context(_STYLE):
        axes = _axes("configuration", "task")
        axes.imshow(known, aspect="auto", interpolation="nearest", cmap="viridis")
        return _written(axes)


def regret(told: Sequence[Mapping[str, Any]]) -> bytes:
    """Draw the median regret after each trial, of a prior and of chance."""
    with mpl.rc_context(_STYLE):
        axes = _axes("trials", "median regret")
        counts = [one["trials"] for one in told]
        axes.plot(counts, [one["chance"] for one in told], color="#9aa5b1", label="chance")
        axes.plot(counts, [one["prior"] for one in told], color="#1f6fb2", label="prior")
        axes.set_ylim(bottom=0.0)
        axes.legend(frameon=False)
        return _written(axes)


def _axes(across: str, up: str) -> Axes:
    figure = Figure(figsize=(6.0, 3.2), facecolor="white", layout="constrained")
    FigureCanvasAgg(figure)
    axes: Axes = figure.subplots()
    axes.set_xlabel(across)
    axes.set_ylabel(up)
    return axes


def _written(axes: Axes) -> bytes:
    stream = io.BytesIO()
    figure = axes.get_figure(root=True)
    assert figure is not None
    figure.savefig(stream, format="svg", metadata={"Date": None, "Creator": None})
    return stream.getvalue()
