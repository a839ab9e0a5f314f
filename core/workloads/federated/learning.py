"""`federated.round`: members train, what they and others send becomes one model, and the model is tried.

Each member's training is a shard; the round goes on when all are final, without those that failed.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from core.jobs.context import JobContext
from core.workloads.federated import aggregating, graphs, local_training, private, sampling
from core.workloads.federated.aggregating import Combined
from core.workloads.federated.arrays import Values
from core.workloads.federated.learners.base import Learner
from core.workloads.federated.spool import Disk
from core.workloads.federated.stretches import Stretch
from core.workloads.federated.training import Samples, assess
from core.workloads.federated.writing import written

TRAIN = "federated.train"


@dataclass(slots=True)
class Course:
    """What is trained here, from round to round."""

    learner: Learner
    weights: Values
    samples: Samples
    """Of the evaluation, or where there is none of one member, for their shape."""
    is_tried: bool
    refused: list[dict[str, str]] = field(default_factory=list)

    def tried(self) -> dict[str, float | None] | None:
        """Return how well the model does, None where nothing was given to try it on."""
        return assess(self.learner, self.weights, self.samples) if self.is_tried else None

    def dynamics(self, training: Mapping[str, Any]) -> dict[str, Any] | None:
        """Return what the model says of the future, where it is of the sort that does."""
        return graphs.dynamics(training, self.learner, self.weights, self.samples)

    def arrays(self) -> dict[str, Any]:
        """Write the model out."""
        return {"arrays": local_training.arrays_of(self.learner.layout, self.weights)}


def compute(params: dict[str, Any], context: JobContext) -> dict[str, Any]:
    """Make all rounds; raises what aggregating raises, and before all else `PrivacyBudgetSpent`."""
    private.charge(params["privacy"], params["rounds"])
    course = _begin(params, context)
    before, moments = None if course is None else course.tried(), None
    history: list[dict[str, Any]] = []
    with Disk() as disk:
        for number in range(1, params["rounds"] + 1):
            part = Stretch.of(context, (number - 1) / params["rounds"], 1.0 / params["rounds"])
            asked = params if course is None else _train(params, course, number, part)
            combined = aggregating.combine_updates(asked, part, disk, moments)
            moments, params = combined.moments, private.gone_on(params, combined.privacy, context)
            if course is not None:
                course.weights = (course.weights + combined.found.change).astype(course.weights.dtype)
            history.append(_told(number, combined, course))
        told = aggregating.account(combined, part)
    told["refused"] += [] if course is None else course.refused
    return {
        **told,
        "history": history,
        "before": before,
        "after": history[-1]["evaluation"],
        "dynamics": None if course is None else course.dynamics(params["training"]),
    }


def _begin(params: Mapping[str, Any], context: JobContext) -> Course | None:
    """Make the model that the first round begins with."""
    training = params["training"]
    if training is None:
        return None
    given, pointer = training["evaluation"], "/training/evaluation"
    if given is None:
        given, pointer = training["root"], "/training/root"
    if given is None:
        if not params["members"]:
            return None
        given, pointer = params["members"][0]["data"], "/members/0/data"
    samples = sampling.load(given, training, pointer, context)
    learner = local_training.made_for(training, samples)
    seeded = local_training.seeded(context, params["seed"])
    asked = {"model": params["model"], "learner": training["learner"]}
    weights = local_training.begin(asked, learner, seeded)
    return Course(learner, weights, samples, training["evaluation"] is not None)


def _train(params: Mapping[str, Any], course: Course, number: int, context: JobContext) -> dict[str, Any]:
    """Have members train, and the server where it has a root; return what is to be aggregated."""
    model, training = course.arrays(), params["training"]
    roots = [{"client": "root", "data": training["root"]}] if training["root"] else []
    shared = {name: training[name] for name in ("learner", "features", "local")}
    seed = local_training.seeded(context, params["seed"]).stream_key("round", number) % (1 << 53)
    asked = [{**one, **shared, "model": model, "seed": seed} for one in (*roots, *params["members"])]
    shards = list(context.map(TRAIN, map(written, asked), allow_failure=True))
    trusted, course.refused = params["trusted"], []
    updates = list(params["updates"])
    for one, shard in zip((*roots, *params["members"]), shards, strict=True):
        if shard.result is None:
            error = shard.error or {}
            fault = {"client": one["client"], "code": "failed", "reason": str(error.get("message", "It left nothing."))}
            course.refused.append(fault)
            context.log("training failed", level="warning", **fault)
        elif roots and one is roots[0]:
            trusted = {"arrays": _formed(shard.result["arrays"], params, course)}
        else:
            updates.append(_update(shard.result, params, course))
    return {**params, "updates": updates, "model": model, "trusted": trusted}


def _update(result: Mapping[str, Any], params: Mapping[str, Any], course: Course) -> dict[str, Any]:
    update = {"arrays": _formed(result["arrays"], params, course)}
    facts = {"client": result["client"], "weight": float(result["samples"]), "loss": result["before"]["loss"]}
    return {**facts, "staleness": 0, "update": update}


def _formed(arrays: Mapping[str, Any], params: Mapping[str, Any], course: Course) -> dict[str, Any]:
    """Return a trained model in the form that updates of this round have."""
    if params["form"] == "weights":
        return dict(arrays)
    layout = course.learner.layout
    trained = np.concatenate([np.ravel(np.asarray(arrays[name], np.float64)) for name, _ in layout.shapes])
    return local_training.arrays_of(layout, trained - course.weights)


def _told(number: int, combined: Combined, course: Course | None) -> dict[str, Any]:
    trained = [] if course is None else course.refused
    return {
        "round": number,
        "counted": combined.rows.clients,
        "refused": len(combined.gathered.refused) + len(trained),
        "change_norm": float(np.linalg.norm(combined.found.change.astype(np.float64))),
        "evaluation": None if course is None else course.tried(),
    }
