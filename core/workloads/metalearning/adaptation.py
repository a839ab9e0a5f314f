"""`metalearning.adapt`: a prior over settings, learned across tasks; a version that does worse is rolled back."""

import random
from dataclasses import replace
from typing import Any

import numpy as np

from core.jobs.context import JobContext
from core.workloads.metalearning import measuring, plots, priors, proposals, regrets, spaces
from core.workloads.metalearning.priors import Prior
from core.workloads.metalearning.regrets import Floats
from core.workloads.metalearning.targets import TARGETS


def compute(params: dict[str, Any], context: JobContext) -> dict[str, Any]:
    """Measure every configuration on every task, learn from some, judge by the others, and keep what is better."""
    target = TARGETS[params["target"]]
    earlier = priors.load(params["prior"], target.kind, context) if params["prior"] else None
    space = earlier.space if earlier else params["space"] or target.settings
    choices = spaces.configurations(space)
    rewards = measuring.grid(target, params["tasks"], choices, context)
    context.progress(0.9, "learn", f"{len(rewards)} tasks, {len(choices)} configurations")
    learned, judges = set_apart(rewards, params["held_out"], params["seed"])
    method = params["method"]
    fresh = earlier.with_tasks(learned, method) if earlier else Prior(target.kind, space, method, learned)
    judgement = _judged(fresh, earlier, judges, params["judged_after"])
    kept = earlier is None or not _is_worse(judgement, params["tolerance"])
    told = {
        "version": fresh.version,
        "method": fresh.method,
        "tasks": len(fresh.rewards),
        "kept": kept,
        "judgement": judgement,
    }
    history = (*fresh.history, told)
    left = replace(fresh if kept or earlier is None else earlier, history=history)
    context.save_artifact(priors.ARTIFACT, left.dump(), "application/json")
    context.save_artifact("rewards.svg", plots.rewards(left.rewards), "image/svg+xml")
    return {
        "version": left.version,
        "kept": kept,
        "tasks": len(left.rewards),
        "configurations": len(choices),
        "best": choices[proposals.next_trial(left.known, {})],
        "judgement": judgement,
        "history": [dict(one) for one in history],
    }


def set_apart(rewards: Floats, share: float, seed: int) -> tuple[Floats, Floats]:
    """Draw the tasks that judge; at least one is left to learn from."""
    count = min(round(share * len(rewards)), len(rewards) - 1)
    judges = sorted(random.Random(seed).sample(range(len(rewards)), count))  # noqa: S311 - it is no secret
    return np.delete(rewards, judges, axis=0), rewards[judges]


def _judged(fresh: Prior, earlier: Prior | None, judges: Floats, trials: int) -> dict[str, Any]:
    mean = beside = None
    if len(judges):
        mean = _mean_regret(fresh, judges, trials)
        by_chance = float(np.mean([regrets.of_chance(task, trials)[-1] for task in judges]))
        beside = by_chance if earlier is None else _mean_regret(earlier, judges, trials)
    return {"tasks": len(judges), "trials": trials, "regret": mean, "earlier_regret": beside}


def _mean_regret(prior: Prior, judges: Floats, trials: int) -> float:
    known = prior.known
    found = [regrets.of_order(task, proposals.order_of(known, task, trials), trials)[-1] for task in judges]
    return float(np.mean(found))


def _is_worse(judgement: dict[str, Any], tolerance: float) -> bool:
    regret, earlier = judgement["regret"], judgement["earlier_regret"]
    return regret is not None and earlier is not None and regret > earlier + tolerance
