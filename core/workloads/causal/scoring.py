"""`causal.score`: an estimate against a known graph."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import permutations
from typing import Any

from core.jobs.context import JobContext
from core.workloads.causal.results import Result
from core.workloads.causal.series import refuse

Pair = tuple[str, str]
_BINS = 10


def compute(params: dict[str, Any], context: JobContext) -> Result:
    """Count hits and misses over ordered pairs of different variables; raises `SeriesUnfit` for a strange name."""
    context.checkpoint()
    names = params["names"]
    truth = _pairs(params["truth"], names, "/truth")
    estimate = params["estimate"]
    claimed = [edge for edge in estimate["edges"] if edge["verdict"] in {None, "accepted"}]
    undirected = _pairs((e for e in claimed if e["kind"] == "undirected"), names, "/estimate/edges")
    found = _pairs((e for e in claimed if e["kind"] != "undirected"), names, "/estimate/edges") - undirected
    found |= _resolved(undirected, truth)
    hits, reverse = found & truth, {(b, a) for a, b in found} & truth
    scores = estimate["scores"]
    return {
        "true_edges": len(truth),
        "found_edges": len(found),
        "precision": len(hits) / len(found) if found else None,
        "recall": len(hits) / len(truth) if truth else None,
        "f1": 2 * len(hits) / (len(found) + len(truth)) if found or truth else None,
        "false_discovery_rate": len(found - truth) / len(found) if found else 0.0,
        "shd": len(found ^ truth) - len(_turned(found, truth)),
        "reversed": len(_turned(found, truth)),
        "direction_accuracy": len(hits) / (len(hits) + len(_turned(found, truth))) if hits or reverse else None,
        "auroc": _auroc(scores, truth) if scores else None,
        "calibration": _calibration(estimate["edges"], params["truth"], truth),
    }


def _pairs(edges: Iterable[Mapping[str, Any]], names: Sequence[str], pointer: str) -> set[Pair]:
    """Return ordered pairs (source, target) of different variables."""
    found = set()
    for place, edge in enumerate(edges):
        for end in ("source", "target"):
            if edge[end] not in names:
                raise refuse(f"{pointer}/{place}/{end}", f"There is no variable {edge[end]!r}.")
        if edge["source"] != edge["target"]:
            found.add((edge["source"], edge["target"]))
    return found


def _resolved(undirected: set[Pair], truth: set[Pair]) -> set[Pair]:
    """Count an edge that leaves its direction open once: as the true one where there is one."""
    return {(b, a) if (b, a) in truth and (a, b) not in truth else (a, b) for a, b in undirected}


def _turned(found: set[Pair], truth: set[Pair]) -> set[Pair]:
    """Return edges found in the wrong direction alone: one change mends each, not two."""
    return {(a, b) for a, b in found - truth if (b, a) in truth and (b, a) not in found}


def _auroc(scores: Mapping[str, Any], truth: set[Pair]) -> float | None:
    """Return the chance that a true pair ranks above another: Mann-Whitney, ties count half."""
    names, values = scores["names"], scores["values"]
    figures: dict[bool, list[float]] = {True: [], False: []}
    for (i, target), (j, source) in permutations(enumerate(names), 2):
        figures[(source, target) in truth].append(values[i][j])
    if not (figures[True] and figures[False]):
        return None
    ordered = sorted((value, true) for true, many in figures.items() for value in many)
    ranks, first = 0.0, 0
    while first < len(ordered):
        last = first
        while last + 1 < len(ordered) and ordered[last + 1][0] == ordered[first][0]:
            last += 1
        ranks += sum(true for _, true in ordered[first : last + 1]) * (first + last + 2) / 2.0
        first = last + 1
    true, other = len(figures[True]), len(figures[False])
    return (ranks - true * (true + 1) / 2.0) / (true * other)


def _calibration(
    edges: Sequence[Mapping[str, Any]], told: Sequence[Mapping[str, Any]], truth: set[Pair]
) -> dict[str, Any]:
    """Tell how often intervals hold the true effect, and how often edges of each stability are true."""
    effects = {(e["source"], e["target"], e["lag"]): e["effect"] for e in told if e["effect"] is not None}
    inside = [
        edge["ci_low"] <= effects[key] <= edge["ci_high"]
        for edge in edges
        if (key := (edge["source"], edge["target"], edge["lag"])) in effects and edge["ci_low"] is not None
    ]
    bins: dict[int, list[bool]] = {}
    for edge in edges:
        if edge["stability"] is not None:
            number = min(int(edge["stability"] * _BINS), _BINS - 1)
            bins.setdefault(number, []).append((edge["source"], edge["target"]) in truth)
    return {
        "intervals": len(inside),
        "interval_coverage": sum(inside) / len(inside) if inside else None,
        "by_stability": [
            {"from": number / _BINS, "to": (number + 1) / _BINS, "edges": len(true), "true": sum(true) / len(true)}
            for number, true in sorted(bins.items())
        ],
    }
