"""`metalearning.evaluate`: a prior on tasks that it did not learn from, beside chance and the params as given."""

from typing import Any

import numpy as np

from core.jobs.context import JobContext
from core.workloads.metalearning import measuring, plots, priors, proposals, regrets, spaces
from core.workloads.metalearning.targets import TARGETS


def compute(params: dict[str, Any], context: JobContext) -> dict[str, Any]:
    """Measure every configuration of the prior's space on every task, and tell the regret after each trial."""
    target, tasks, most = TARGETS[params["target"]], params["tasks"], params["trials"]
    prior = priors.load(params["prior"], target.kind, context)
    choices = spaces.configurations(prior.space)
    rewards = measuring.grid(target, tasks, choices, context)
    defaults = measuring.rewards_of(target, [(task, {}) for task in tasks], context)
    context.progress(0.95, "judge")
    known = prior.known
    ours = np.array([regrets.of_order(task, proposals.order_of(known, task, most), most) for task in rewards])
    chance = np.array([regrets.of_chance(task, most) for task in rewards])
    first = proposals.next_trial(known, {})
    told = [
        {
            "trials": trials + 1,
            "prior": float(np.median(ours[:, trials])),
            "chance": float(np.median(chance[:, trials])),
            "prior_mean": float(ours[:, trials].mean()),
            "chance_mean": float(chance[:, trials].mean()),
        }
        for trials in range(most)
    ]
    context.save_artifact("regret.svg", plots.regret(told), "image/svg+xml")
    return {
        "tasks": len(tasks),
        "configurations": len(choices),
        "prior_version": prior.version,
        "regrets": told,
        "first_beside_default": [
            None if default is None else float(task[first] - default)
            for task, default in zip(rewards, defaults, strict=True)
        ],
    }
