"""Rounds without a server: clients mix their updates along connections until each has the weighted mean of all.

Each begins with its update times its weight, and the weight alone; both are mixed alike, and their ratio is its model
(Kempe, Dobra and Gehrke 2003, doi:10.1109/SFCS.2003.1238221, with the symmetric weights of `weights.py`). Mixing is
linear, so what is mixed here are the coefficients of each client's model, clients x clients, and not the updates.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np

from core.jobs.context import JobContext
from core.workloads.federated.arrays import Floats, Rows
from core.workloads.federated.gathering import Gathered, leave_out
from core.workloads.federated.gossip import topologies, weights
from core.workloads.federated.gossip.topologies import Pair
from core.workloads.federated.mixing import mix
from core.workloads.federated.products import Anchored, middling, products
from core.workloads.federated.rounds import Aggregate

MOST_TOLD = 100
"""Of how many rounds the distance is told, evenly apart."""
_SHOWN = 3


def keep_connected(gathered: Gathered, params: Mapping[str, Any], context: JobContext) -> None:
    """Leave out whoever is not reached from the largest part of the good updates; raises `UpdatesTooFew`.

    Without terms of gossip nobody is left out.
    """
    if params["gossip"] is None:
        return
    names = _names(gathered)
    largest, *others = topologies.parts(len(names), pairs(names, params["gossip"]))
    most = ", ".join(names[place] for place in largest[:_SHOWN]) + (" and others" if len(largest) > _SHOWN else "")
    reason = f"No connection leads to {most}, directly or over others that are here."
    leave_out(params, gathered, {place: reason for part in others for place in part}, context)


def pairs(names: list[str], terms: Mapping[str, Any]) -> list[Pair]:
    """Return the connections among clients, each once, by their places; those of others are left out."""
    places = {name: place for place, name in enumerate(names)}
    there = [(places[one], places[other]) for one, other in terms["connections"] if {one, other} <= places.keys()]
    return sorted({(min(pair), max(pair)) for pair in there})


def agree(
    rows: Rows, gathered: Gathered, share: Floats, terms: Mapping[str, Any], context: JobContext
) -> tuple[Aggregate, dict[str, Any]]:
    """Mix until clients' models are within the tolerance of the weighted mean, or the rounds are over.

    `share` are the weights as parts of one. What is returned is the mean of the models that clients then have, its
    coefficients as shares, and the account of how they agreed. Raises `UpdateNotFinite`.
    """
    links = weights.linked(rows.clients, pairs(_names(gathered), terms))
    mixing = weights.metropolis(links)
    apart = products(Anchored(rows, middling(rows)))
    mixed, distances = _mix(mixing, share, apart, terms, context)
    own = _models(mixed, share)
    left = own.mean(axis=0)
    second = weights.second(mixing) if rows.clients > 1 else 0.0
    count = len(distances) - 1
    told = sorted({int(one) for one in np.linspace(0, count, min(count + 1, MOST_TOLD))})
    account = {
        "connections": int(links.sum()) // 2,
        "gap": 1.0 - second,
        "predicted_rounds": weights.rounds_to(terms["tolerance"], second),
        "rounds": count,
        "converged": distances[-1] <= terms["tolerance"],
        "messages": int(links.sum()) * count,
        "apart": float(np.sqrt(_squares(own - left, apart).max())),
        "history": [{"round": one, "distance": distances[one]} for one in told],
    }
    return Aggregate(mix(rows, left), left), account


def _mix(
    mixing: Floats, share: Floats, apart: Floats, terms: Mapping[str, Any], context: JobContext
) -> tuple[Floats, list[float]]:
    """Return the weights that have been mixed, and the distance from the mean of each round, of one at the start."""
    mixed = np.eye(len(mixing))
    start = float(np.sqrt(_squares(_models(mixed, share) - share, apart).sum()))
    distances = [1.0 if start > 0.0 else 0.0]
    while distances[-1] > terms["tolerance"] and len(distances) <= terms["rounds"]:
        mixed = mixing @ mixed
        now = float(np.sqrt(_squares(_models(mixed, share) - share, apart).sum()))
        distances.append(now / start)
        context.progress(0.5 + 0.2 * len(distances) / (terms["rounds"] + 1), "mixing", f"round {len(distances) - 1}")
    return mixed, distances


def _models(mixed: Floats, share: Floats) -> Floats:
    """Return the coefficients of each client's model by rows: its own update's alone where no weight has reached it."""
    parts = mixed * share
    weight = parts.sum(axis=1, keepdims=True)
    reached = weight > 0.0
    found: Floats = np.where(reached, parts / np.where(reached, weight, 1.0), mixed)
    return found


def _squares(differences: Floats, apart: Floats) -> Floats:
    """Return squared lengths of sums of updates whose coefficients sum to zero, from the products of differences."""
    found: Floats = np.maximum(((differences @ apart) * differences).sum(axis=1), 0.0)
    return found


def _names(gathered: Gathered) -> list[str]:
    return [facts["client"] for facts in gathered.facts]
