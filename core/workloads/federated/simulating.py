"""`federated.simulate`: strategies side by side on the same clients, attackers and drop-outs."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from core.jobs.context import JobContext
from core.workloads.federated import (
    accuracy_plot,
    contest,
    local_training,
    sampling,
    strategy_settings,
    tasks_of_chance,
)
from core.workloads.federated.contest import Course, Setting
from core.workloads.federated.rounds import unfit
from core.workloads.federated.simulate_params import STRENGTHS
from core.workloads.federated.training import Samples

PLOT = "accuracy.svg"
HELD_OUT, TRUSTED = 0.25, 0.02
"""Parts of the samples on which models are tried, and that the server trains on itself."""
FEWEST_TRUSTED = 20
SETTLED = 5
"""Of how many last rounds the accuracy that counts is the mean."""


def compute(params: dict[str, Any], context: JobContext) -> dict[str, Any]:
    """Run a course without attackers by the mean, and one with them by each strategy."""
    if params["strength"] is None and params["attack"] is not None:
        params = {**params, "strength": STRENGTHS[params["attack"]]}
    setting = prepare(params, context)
    clean = contest.run(setting, "fedavg", {}, 0)
    courses = []
    for place, one in enumerate(params["strategies"], 1):
        name = one["strategy"]
        settings = strategy_settings.filled(name, one["settings"])
        course = contest.run(setting, name, settings, params["attackers"])
        courses.append(_told(name, settings, course, settled(clean.accuracy)))
        seen = {entry["strategy"]: round(entry["accuracy"], 4) for entry in courses}
        context.progress(place / (len(params["strategies"]) + 1), "simulating", name, frame={"accuracy": seen})
    context.save_artifact(PLOT, accuracy_plot.draw(clean.accuracy, courses), "image/svg+xml")
    return {
        "clean": {"accuracy": settled(clean.accuracy), "by_round": clean.accuracy},
        "strategies": courses,
        "clients": len(setting.clients),
        "attackers": params["attackers"],
        "samples": [len(one) for one in setting.clients],
        "values": setting.learner.layout.size,
        "plot": PLOT,
    }


def prepare(params: Mapping[str, Any], context: JobContext) -> Setting:
    """Draw or load the task and deal it out; raises `StrategyUnfit` for data that are too few."""
    drawing = local_training.seeded(context, params["seed"])
    rng = np.random.default_rng(drawing.stream_key("task"))
    if params["data"] is None:
        whole = tasks_of_chance.draw(**params["task"], rng=rng)
    else:
        whole = sampling.load(params["data"], params, "/data", context)
    learner = local_training.made_for(params, whole)
    tried_on, root, rest = _parted(whole, params["clients"], rng)
    clients = tasks_of_chance.deal(rest, params["clients"], params["alpha"], rng)
    began = learner.begin(np.random.default_rng(drawing.stream_key("begin")))
    return Setting(learner, began, clients, root, tried_on, params, drawing)


def settled(accuracy: list[float]) -> float:
    """Return the accuracy that counts."""
    return float(np.mean(accuracy[-SETTLED:]))


def _parted(whole: Samples, clients: int, rng: np.random.Generator) -> tuple[Samples, Samples, Samples]:
    order = rng.permutation(len(whole))
    held, trusted = int(HELD_OUT * len(order)), max(int(TRUSTED * len(order)), FEWEST_TRUSTED)
    if len(order) - held - trusted < tasks_of_chance.FEWEST * clients:
        raise unfit("/clients", f"{len(order)} samples are too few for {clients} clients.")
    ends = (slice(held), slice(held, held + trusted), slice(held + trusted, None))
    tried_on, root, rest = (tasks_of_chance.part(whole, order[one]) for one in ends)
    return tried_on, root, rest


def _told(name: str, settings: Mapping[str, float], course: Course, clean: float) -> dict[str, Any]:
    share = course.attackers_share
    return {
        "strategy": name,
        "settings": dict(settings),
        "accuracy": settled(course.accuracy),
        "lost_points": 100.0 * (clean - settled(course.accuracy)),
        "attackers_share": float(np.mean(share)) if share else 0.0,
        "missed_rounds": course.missed,
        "by_round": course.accuracy,
        "loss_by_round": course.loss,
    }
