"""All drawings and first pages of workloads, found by where their views lie."""

import importlib
import pkgutil
from collections.abc import Iterator
from functools import cache
from typing import Any

from webapp.dashboard import views
from webapp.dashboard.drawing import Drawing, Home


def drawing_of(kind: str) -> Drawing | None:
    """Return how a kind's results are drawn; None where its workload does not say."""
    return _drawings().get(kind)


def homes() -> dict[str, Home]:
    """Return the first pages of the workloads that have some, by the workload's name."""
    return {name: view.HOME for name, view in _views() if hasattr(view, "HOME")}


@cache
def _drawings() -> dict[str, Drawing]:
    return {kind: drawing for _, view in _views() for kind, drawing in getattr(view, "DRAWINGS", {}).items()}


def _views() -> Iterator[tuple[str, Any]]:
    for module in pkgutil.iter_modules(views.__path__):
        yield module.name, importlib.import_module(f"{views.__name__}.{module.name}")
