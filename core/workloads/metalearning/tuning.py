"""`metalearning.tune`: the best settings for one task, within a budget of trials."""

import math
import random
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from core.jobs.context import JobContext
from core.workloads.metalearning import measuring, plots, priors, proposals, spaces
from core.workloads.metalearning.priors import Prior
from core.workloads.metalearning.spaces import Settings
from core.workloads.metalearning.targets import TARGETS
from core.workloads.metalearning.unfit import refuse


def compute(params: dict[str, Any], context: JobContext) -> dict[str, Any]:
    """Try one configuration after the other, by a prior's advice where there is one; each trial is a checkpoint.

    The params as given are tried beside them and win where nothing is better. Raises `TaskUnfit` when all trials fail.
    """
    target, task = TARGETS[params["target"]], params["task"]
    prior = priors.load(params["prior"], target.kind, context) if params["prior"] else None
    space = prior.space if prior else params["space"] or target.settings
    choices = spaces.configurations(space)
    (default,) = measuring.rewards_of(target, [(task, {})], context)
    seen: dict[int, float | None] = {}
    most = min(params["trials"], len(choices))
    while len(seen) < most and not _is_settled(list(seen.values()), default, params["patience"]):
        number = _next(prior, seen, len(choices), params["seed"])
        (seen[number],) = measuring.rewards_of(target, [(task, choices[number])], context)
        context.progress(len(seen) / most, "try", f"trial {len(seen)} of {most}")
    best, reward = _best({-1: default, **seen})
    settings: Settings = {} if best < 0 else choices[best]
    trials = [{"settings": choices[number], "reward": one} for number, one in seen.items()]
    context.save_artifact("trials.svg", plots.trials(list(seen.values()), default), "image/svg+xml")
    return {
        "settings": settings,
        "params": spaces.applied(task["params"], settings),
        "reward": reward,
        "default_reward": default,
        "improvement": _improvement(target.goal, reward, default),
        "trials": trials,
        "ended_early": len(seen) < most,
        "prior_version": prior.version if prior else None,
    }


def _next(prior: Prior | None, seen: Mapping[int, float | None], count: int, seed: int) -> int:
    if prior is not None:
        return proposals.next_trial(prior.known, seen)
    order = random.Random(seed).sample(range(count), count)  # noqa: S311 - it is no secret
    return order[len(seen)]


def _is_settled(rewards: Sequence[float | None], default: float | None, patience: int | None) -> bool:
    """Tell whether the last `patience` trials brought nothing better than what was there before them."""
    if patience is None or len(rewards) < patience:
        return False
    values = [-math.inf if one is None else one for one in rewards]
    before = max([-math.inf if default is None else default, *values[:-patience]])
    return max(values[-patience:]) <= before


def _best(rewards: Mapping[int, float | None]) -> tuple[int, float]:
    """Return the first of the best, and its reward."""
    told = {number: reward for number, reward in rewards.items() if reward is not None}
    if not told:
        raise refuse("/task", "No trial of this task succeeded, or none has the figure that counts.")
    number = max(told, key=told.__getitem__)
    return number, told[number]


def _improvement(goal: str, reward: float, default: float | None) -> float | None:
    if default is None:
        return None
    return reward - default if goal == "maximize" else float(-np.expm1(default - reward))
