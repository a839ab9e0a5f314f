"""`federated.aggregate`: one model of many updates, and an account of each client's part in it."""

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from core.jobs.context import JobContext
from core.workloads.federated import models, private, strategy_settings, suspicion
from core.workloads.federated.arrays import Floats, Values
from core.workloads.federated.combining import check_facts, combine
from core.workloads.federated.gathering import Gathered, gather, load
from core.workloads.federated.gossip import agreeing
from core.workloads.federated.layout import Layout
from core.workloads.federated.rounds import Aggregate, Moments, Round, unfit
from core.workloads.federated.spool import Disk, Vectors, whole

MODEL, MOMENTS = "model.npz", "moments.npz"
CONTENT_TYPE = "application/zip"
WRITTEN_OUT = 1000
"""Up to how many values a model is told in the result itself."""


@dataclass(frozen=True, slots=True)
class Combined:
    """What became of a round's updates."""

    gathered: Gathered
    rows: Vectors
    strategy: str
    settings: dict[str, float]
    moments: Moments
    found: Aggregate
    privacy: dict[str, Any] | None
    """The account of what its release did and cost; None where it was not private."""
    gossip: dict[str, Any] | None = None
    """How clients agreed; None where a server combined."""


def compute(params: dict[str, Any], context: JobContext) -> dict[str, Any]:
    """Combine the updates; raises `StrategyUnfit`, `UpdatesTooFew`, or with `strict` what is wrong with an update.

    With privacy the budget is charged first: `PrivacyBudgetSpent` is raised before any update is read.
    """
    with Disk() as disk:
        return account(combine_updates(params, context, disk), context)


def combine_updates(
    params: Mapping[str, Any], context: JobContext, disk: Disk, moments: Moments | None = None
) -> Combined:
    """Read and combine the updates, going on from the moments of the round before or else of the params."""
    spent = private.charge(params["privacy"])
    gathered = gather(params, context, disk)
    agreeing.keep_connected(gathered, params, context)
    rows, name = Vectors(gathered.changes), params["strategy"]
    settings = strategy_settings.filled(name, params["settings"])
    given = Round(
        rows,
        np.array([facts["weight"] for facts in gathered.facts]),
        settings=settings,
        losses=_facts(gathered, "loss"),
        staleness=_facts(gathered, "staleness"),
        trusted=_trusted(params, gathered, context, disk),
        moments=moments or _moments(params, gathered.layout, context, disk),
    )
    context.progress(0.5, "combining", f"{rows.clients} updates of {rows.size:,} values")
    if params["gossip"] is not None:
        check_facts(given)
        agreed, how = agreeing.agree(rows, gathered, given.share(), params["gossip"], context)
        return Combined(gathered, rows, name, settings, given.moments, agreed, None, how)
    if spent is None:
        return Combined(gathered, rows, name, settings, given.moments, combine(name, given), None)
    release = private.released(gathered, rows, params, context)
    change = combine(name, private.as_round(release, given)).change
    found = Aggregate(change, np.full(rows.clients, 1.0 / len(params["updates"])))
    told = private.account(params["privacy"], spent, release)
    return Combined(gathered, rows, name, settings, given.moments, found, told)


def account(combined: Combined, context: JobContext) -> dict[str, Any]:
    """Judge the clients, leave the model, and return the account of it all."""
    gathered, rows, found = combined.gathered, combined.rows, combined.found
    context.progress(0.7, "judging")
    standings = suspicion.judge(rows) if combined.privacy is None else [private.UNTOLD] * rows.clients
    context.progress(0.9, "writing")
    return {
        "strategy": combined.strategy,
        "settings": combined.settings,
        "counted": rows.clients,
        **_accounts(gathered, found, standings),
        "refused": gathered.refused,
        "parameters": [{"name": one, "shape": list(shape)} for one, shape in gathered.layout.shapes],
        "values": rows.size,
        "precision": str(rows.dtype),
        "change_norm": float(np.linalg.norm(found.change.astype(np.float64))),
        "privacy": combined.privacy,
        "gossip": combined.gossip,
        "moments": _keep_moments(combined.strategy, combined.moments, context),
        **_publish(gathered, found.change, context),
    }


def _facts(gathered: Gathered, field: str) -> Floats | None:
    told = [facts[field] for facts in gathered.facts]
    return None if None in told else np.array(told, dtype=np.float64)


def _trusted(params: Mapping[str, Any], gathered: Gathered, context: JobContext, disk: Disk) -> Values | None:
    if params["trusted"] is None:
        return None
    _, vector = load(params["trusted"], "/trusted", context, disk, gathered.layout)
    own = whole(vector)
    if params["form"] == "weights" and gathered.model is not None:
        own = own - whole(gathered.model)
    return own


def _moments(params: Mapping[str, Any], layout: Layout, context: JobContext, disk: Disk) -> Moments:
    if params["moments"] is None:
        return Moments()
    found, vector = load(params["moments"], "/moments", context, disk)
    values, names = whole(vector), [name for name, _ in found.shapes]
    if not {"first", "steps"} <= set(names) <= {"first", "second", "steps"}:
        raise unfit("/moments", f"The arrays are {', '.join(names)}; they must be those of a job's {MOMENTS}.")
    parts = dict(zip(names, np.split(values, [found.offsets[name] for name in names][1:]), strict=True))
    if any(len(parts[name]) != layout.size for name in names if name != "steps"):
        raise unfit("/moments", f"They are not of a model of {layout.size:,} values.")
    return Moments(parts["first"], parts.get("second"), int(parts["steps"][0]))


def _keep_moments(name: str, moments: Moments, context: JobContext) -> str | None:
    if name not in strategy_settings.REMEMBERING or moments.first is None:
        return None
    vectors = {"first": moments.first, "second": moments.second, "steps": np.array([float(moments.steps)])}
    kept = {one: vector for one, vector in vectors.items() if vector is not None}
    context.save_artifact(MOMENTS, models.write_vectors(kept), CONTENT_TYPE)
    return MOMENTS


def _accounts(gathered: Gathered, found: Aggregate, standings: list[suspicion.Standing]) -> dict[str, Any]:
    accounts = [
        {
            "client": facts["client"],
            "weight": facts["weight"],
            "share": float(share),
            "norm": None if standing is private.UNTOLD else change.norm,
            "clipped": None if standing is private.UNTOLD else change.factor != 1.0,
            "distance": standing.distance,
            "cosine": standing.cosine,
            "suspicion": standing.suspicion,
            "reasons": standing.reasons,
        }
        for facts, change, share, standing in zip(
            gathered.facts, gathered.changes, found.shares, standings, strict=True
        )
    ]
    return {"clients": accounts, "suspected": [one["client"] for one in accounts if one["reasons"]]}


def _publish(gathered: Gathered, change: Values, context: JobContext) -> dict[str, Any]:
    """Leave the model: what the round began with, and the change."""
    model = gathered.model
    dtype = change.dtype if model is None else np.result_type(change.dtype, model.dtype)

    def read(start: int, stop: int) -> Values:
        part = change[start:stop] if model is None else model.read(start, stop) + change[start:stop]
        return part.astype(dtype, copy=False)

    with tempfile.TemporaryFile() as file:
        models.write_npz(file, gathered.layout, dtype, read)
        context.save_artifact(MODEL, file, CONTENT_TYPE)
    small = gathered.layout.size <= WRITTEN_OUT
    return {"model": MODEL, "arrays": models.nested(gathered.layout, read) if small else None}
