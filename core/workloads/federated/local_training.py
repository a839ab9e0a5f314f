"""`federated.train`: one member's part of a round, a model trained on its own data."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from core.jobs.context import JobContext
from core.workloads.federated import gathering, learners, models, sampling
from core.workloads.federated.arrays import Values
from core.workloads.federated.layout import Layout
from core.workloads.federated.learners.base import Learner
from core.workloads.federated.params import MOST_INLINE_VALUES
from core.workloads.federated.rounds import unfit
from core.workloads.federated.spool import Disk, whole
from core.workloads.federated.training import Samples, assess, descend

MODEL = "model.npz"


def compute(params: dict[str, Any], context: JobContext) -> dict[str, Any]:
    """Train on one member's data; raises `StrategyUnfit` for what does not fit, `TrainingDiverged`."""
    samples = sampling.load(params["data"], params, "/data", context)
    learner = made_for(params, samples)
    context.progress(0.1, "training", f"{len(samples):,} samples")
    drawing = seeded(context, params["seed"])
    began = begin(params, learner, drawing)
    order = np.random.default_rng(drawing.stream_key("order", params["client"]))
    weights = descend(learner, began, samples, params["local"], order)
    context.progress(0.9, "evaluating")
    tried = params["evaluation"]
    held = None if tried is None else sampling.load(tried, params, "/evaluation", context)
    context.save_artifact(MODEL, models.write_vectors(_parts(learner.layout, weights)), "application/zip")
    return {
        "client": params["client"],
        "samples": len(samples),
        "before": assess(learner, began, samples),
        "after": assess(learner, weights, samples),
        "evaluation": None if held is None else assess(learner, weights, held),
        "change_norm": float(np.linalg.norm((weights - began).astype(np.float64))),
        "precision": str(weights.dtype),
        "arrays": arrays_of(learner.layout, weights),
        "model": MODEL,
    }


def made_for(asked: Mapping[str, Any], samples: Samples) -> Learner:
    """Make the learner that fits the samples; raises `StrategyUnfit` for one that is too large."""
    outputs = asked["learner"]["classes"] or samples.targets.shape[1]
    learner = learners.make(asked["learner"], samples.inputs.shape[1], outputs)
    if learner.layout.size > MOST_INLINE_VALUES:
        size = learner.layout.size
        raise unfit("/learner", f"The model has {size:,} values; at most {MOST_INLINE_VALUES:,} are trained here.")
    return learner


def seeded(context: JobContext, seed: int | None) -> JobContext:
    """Return the context whose random streams follow from a seed, or the job's own."""
    return context if seed is None else replace(context, seed=seed)


def begin(params: Mapping[str, Any], learner: Learner, context: JobContext) -> Values:
    """Return what training begins with: the model of the params, or the learner's own, the same for equal seeds."""
    if params["model"] is None:
        weights = learner.begin(np.random.default_rng(context.stream_key("begin")))
    else:
        with Disk() as disk:
            weights = whole(gathering.load(params["model"], "/model", context, disk, learner.layout)[1])
    return weights.astype(params["learner"]["precision"])


def arrays_of(layout: Layout, weights: Values) -> dict[str, Any]:
    """Write parameters out as lists by name."""
    return models.nested(layout, lambda start, stop: weights[start:stop])


def _parts(layout: Layout, weights: Values) -> dict[str, Values]:
    return {name: np.array(value, weights.dtype) for name, value in arrays_of(layout, weights).items()}
