"""`causal.paths`: by which ways a source acts on a target, ranked by how surely.

The effect of a path is the product of its edges' effects; its distribution that of the product over the half-samples,
which holds the edges' own errors and their dependence. Paths are looked for best first, under a budget of candidates.
"""

import heapq
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from core.jobs.context import JobContext
from core.workloads.causal import draws, edges, resample, series, study
from core.workloads.causal.draws import Draws
from core.workloads.causal.results import Result
from core.workloads.causal.study import Study

Step = tuple[int, int, int]
"""Source, target, lag."""


@dataclass(frozen=True, slots=True)
class Found:
    """What the search came to."""

    paths: list[tuple[Step, ...]]
    looked_at: int
    complete: bool


def compute(params: dict[str, Any], context: JobContext) -> Result:
    """Discover the graph, then its paths from source to target; raises `SeriesUnfit` for a strange variable."""
    context.progress(0.02, "read", "loading the series")
    made = study.make(series.load(params["series"], params["trajectories"], context), {**params, "test": LINEAR_TEST})
    names = list(made.treated.names)
    ends = [variable(names, params[end], f"/{end}") for end in ("source", "target")]
    tallies = resample.tally(
        made, params, 0, params["resamples"], lambda share: context.progress(0.1 + 0.6 * share, "resample")
    )
    kept = accepted(made, tallies, params)
    context.progress(0.75, "search", f"{len(kept)} accepted edges")
    drawn = draws.draw(made, kept, key=params["seed"], resamples=params["resamples"])
    found = search(drawn, kept, ends[0], ends[1], most_hops=params["max_hops"], budget=params["budget"])
    ranked = _ranked(made, drawn, found.paths)
    context.progress(1.0, "done", f"{len(ranked)} paths")
    return {
        "paths": ranked[: params["k"]],
        **_shares(ranked),
        "candidates_considered": found.looked_at,
        "complete": found.complete,
        "edges": len(kept),
    }


LINEAR_TEST = "partial_correlation"
"""Products of effects are of linear ones."""


def variable(names: Sequence[str], name: str, pointer: str) -> int:
    """Return a variable's place; raises `SeriesUnfit` where there is none of that name."""
    if name not in names:
        raise series.refuse(pointer, f"There is no variable {name!r}; there are {', '.join(names[:20])}.")
    return list(names).index(name)


def accepted(made: Study, tallies: Sequence[resample.Tally], params: Mapping[str, Any]) -> frozenset[Step]:
    """Return the accepted edges from row to row."""
    place = {name: number for number, name in enumerate(made.treated.names)}
    found = edges.edges(made, tallies, params, study.count_blocks(made))
    return frozenset(
        (place[edge["source"]], place[edge["target"]], edge["lag"])
        for edge in found
        if edge["verdict"] == "accepted" and edge["lag"]
    )


def search(drawn: Draws, kept: frozenset[Step], source: int, target: int, *, most_hops: int, budget: int) -> Found:
    """Look for paths without a variable twice, those with the largest effect so far first."""
    leaving: dict[int, list[Step]] = {}
    for step in sorted(kept):
        leaving.setdefault(step[0], []).append(step)
    waiting: list[tuple[float, tuple[Step, ...]]] = [(-1.0, ())]
    found, looked_at = [], 0
    while waiting and looked_at < budget:
        size, path = heapq.heappop(waiting)
        end = path[-1][1] if path else source
        if path and end == target:
            found.append(path)
            continue
        if len(path) == most_hops:
            continue
        seen = {source, *(step[1] for step in path)}
        for step in leaving.get(end, []):
            if step[1] not in seen:
                looked_at += 1
                heapq.heappush(waiting, (size * abs(drawn.whole[step[2] - 1, step[1], step[0]]), (*path, step)))
    return Found(found, looked_at, complete=not waiting)


def _ranked(made: Study, drawn: Draws, found: Sequence[tuple[Step, ...]]) -> list[Result]:
    """Describe paths, those first of which the effect is surely largest: by the end of the interval nearer to zero."""
    names, scale = made.treated.names, made.treated.scale
    described: list[Result] = []
    for path in found:
        whole, each = _products(drawn, path)
        low, high = draws.quantiles(each, whole)
        unit = float(scale[path[-1][1]] / scale[path[0][0]])
        described.append(
            {
                "variables": [names[path[0][0]], *(names[step[1]] for step in path)],
                "lags": [step[2] for step in path],
                "lag": sum(step[2] for step in path),
                "effect": float(whole) * unit,
                "effect_standardized": float(whole),
                "ci_low": float(low) * unit,
                "ci_high": float(high) * unit,
                "certain_size": min(abs(float(low)), abs(float(high))) if low * high > 0 else 0.0,
                "sign_agreement": float(np.mean(np.sign(each) == np.sign(whole))),
            }
        )
    described.sort(key=lambda path: (-path["certain_size"], -abs(path["effect_standardized"]), path["variables"]))
    return described


def _products(drawn: Draws, path: Sequence[Step]) -> tuple[Any, Any]:
    whole, each = np.float64(1.0), np.ones(len(drawn.each))
    for source, target, lag in path:
        whole = whole * drawn.whole[lag - 1, target, source]
        each = each * drawn.each[:, lag - 1, target, source]
    return whole, each


def _shares(ranked: Sequence[Mapping[str, Any]]) -> dict[str, float | None]:
    """Return the total effect along all paths found, and which share of it goes through others."""
    direct = sum(path["effect"] for path in ranked if len(path["lags"]) == 1)
    mediated = sum(path["effect"] for path in ranked if len(path["lags"]) > 1)
    sizes = abs(direct) + abs(mediated)
    return {
        "direct_effect": direct,
        "mediated_effect": mediated,
        "mediated_share": abs(mediated) / sizes if sizes > 0 else None,
    }
