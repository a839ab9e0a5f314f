"""What is known beforehand: which columns a target's model may take, and which it has to."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from core.workloads.causal.arrays import Flags
from core.workloads.causal.lagging import Columns
from core.workloads.causal.series import refuse


def allowed_columns(constraints: Mapping[str, Any], names: Sequence[str], columns: Columns) -> Flags:
    """Return which columns may cause which target: (variables, columns); raises `SeriesUnfit` for a strange name."""
    count = len(names)
    allowed = np.ones((count, len(columns)), dtype=np.bool_)
    for place, edge in enumerate(constraints["forbidden"]):
        source, target = _ends(edge, names, f"/constraints/forbidden/{place}")
        allowed[target] &= ~_matching(columns, source, edge["lag"])
    tier = tiers(constraints, names)
    for target in range(count):
        for source in range(count):
            if tier[source] > tier[target] >= 0:
                allowed[target] &= ~_matching(columns, source, None)
    return allowed


def required_columns(constraints: Mapping[str, Any], names: Sequence[str], columns: Columns) -> Flags:
    """Return which columns a target's model has to take: (variables, columns)."""
    required = np.zeros((len(names), len(columns)), dtype=np.bool_)
    for place, edge in enumerate(constraints["required"]):
        source, target = _ends(edge, names, f"/constraints/required/{place}")
        alone = (columns.first == source) & (columns.second == source) & (columns.form == 0)
        required[target] |= alone & ((columns.lag == edge["lag"]) if edge["lag"] is not None else True)
    return required


def tiers(constraints: Mapping[str, Any], names: Sequence[str]) -> list[int]:
    """Return each variable's tier, -1 where it has none."""
    found = dict.fromkeys(names, -1)
    for number, tier in enumerate(constraints["tiers"]):
        for place, name in enumerate(tier):
            if name not in found:
                raise refuse(f"/constraints/tiers/{number}/{place}", f"There is no variable {name!r}.")
            found[name] = number
    return [found[name] for name in names]


def _ends(edge: Mapping[str, Any], names: Sequence[str], pointer: str) -> tuple[int, int]:
    for end in ("source", "target"):
        if edge[end] not in names:
            raise refuse(f"{pointer}/{end}", f"There is no variable {edge[end]!r}.")
    return names.index(edge["source"]), names.index(edge["target"])


def _matching(columns: Columns, source: int, lag: int | None) -> Flags:
    involved: Flags = (columns.first == source) | (columns.second == source)
    return involved if lag is None else np.asarray(involved & (columns.lag == lag))
