"""`federated.gossip`: vectors mixed round by round until all nodes have the mean, held to the prediction."""

import random
from collections.abc import Mapping
from typing import Any

import numpy as np

from core.jobs.context import JobContext
from core.workloads.federated.arrays import Floats
from core.workloads.federated.gossip import topologies, weights

MOST_TOLD = 500
"""Of how many rounds the disagreement is told, evenly apart."""


def compute(params: dict[str, Any], context: JobContext) -> dict[str, Any]:
    """Mix until all agree or the rounds are over; raises `GraphUnfound` where chance finds no such graph."""
    pairs = topologies.laid(params, random.Random(context.stream_key("links")))  # noqa: S311 - it is no secret
    links = weights.linked(params["nodes"], pairs)
    mixing = weights.metropolis(links)
    values = np.random.default_rng(context.stream_key("values")).standard_normal((params["nodes"], params["values"]))
    mean = values.mean(axis=0)
    distances, final = _mix(values, mixing, params, context)
    second, shrinking = weights.second(mixing), weights.rate(mixing, params["loss"])
    count, tolerance = len(distances) - 1, params["tolerance"]
    told = sorted({int(one) for one in np.linspace(0, count, min(count + 1, MOST_TOLD))})
    return {
        "topology": params["topology"],
        "nodes": params["nodes"],
        "links": int(links.sum()) // 2,
        "second_eigenvalue": second,
        "gap": 1.0 - second,
        "rate": shrinking,
        "predicted_rounds": weights.rounds_to(tolerance, shrinking),
        "rounds": count,
        "converged": distances[-1] <= tolerance,
        "measured_rate": _measured(distances),
        "messages": int(links.sum()) * count,
        "mean_error": float(np.abs(final.mean(axis=0) - mean).max()),
        "history": [{"round": one, "distance": distances[one], "predicted": shrinking**one} for one in told],
    }


def _mix(values: Floats, mixing: Floats, params: Mapping[str, Any], context: JobContext) -> tuple[list[float], Floats]:
    rng = np.random.default_rng(context.stream_key("loss"))
    mean, distances = values.mean(axis=0), [1.0]
    start = float(np.linalg.norm(values - mean))
    for number in range(1, params["rounds"] + 1):
        values = _lossy(mixing, params["loss"], rng) @ values
        distances.append(float(np.linalg.norm(values - mean)) / start)
        context.progress(number / params["rounds"], "mixing", f"round {number}")
        if distances[-1] <= params["tolerance"]:
            break
    return distances, values


def _lossy(mixing: Floats, loss: float, rng: np.random.Generator) -> Floats:
    """Return the weights of a round in which some links are lost."""
    if loss == 0.0:
        return mixing
    kept = np.triu(rng.random(mixing.shape) >= loss, 1)
    return weights.whole(mixing * (kept | kept.T))


def _measured(distances: list[float]) -> float | None:
    """Return by what the distance shrank in a round, over the later half."""
    half = len(distances) // 2
    if len(distances) - 1 == half or distances[-1] == 0.0:
        return None
    return float((distances[-1] / distances[half]) ** (1.0 / (len(distances) - 1 - half)))
