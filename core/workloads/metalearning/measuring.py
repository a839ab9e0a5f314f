"""Measuring: each trial is a job of the target's kind, and where there is a scoring another one that judges it."""

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from core.jobs.context import JobContext
from core.jobs.references import filled
from core.jobs.stages import Shard
from core.jobs.trigger_rules import found
from core.workloads.metalearning import spaces
from core.workloads.metalearning.regrets import Floats
from core.workloads.metalearning.spaces import Settings
from core.workloads.metalearning.targets import Scoring, Target
from core.workloads.metalearning.unfit import refuse

Task = Mapping[str, Any]
Trial = tuple[Task, Settings]


def rewards_of(target: Target, trials: Sequence[Trial], context: JobContext) -> list[float | None]:
    """Return each trial's reward, greater is better; None for one that failed or has no figure."""
    params = [spaces.applied({**target.fixed, **task["params"]}, settings) for task, settings in trials]
    answers = list(context.map(target.kind, params, allow_failure=True))
    if target.scoring is not None:
        answers = _scored(target.scoring, trials, answers, context)
    return [None if one.result is None else _reward(target, one.result) for one in answers]


def grid(target: Target, tasks: Sequence[Task], configurations: Sequence[Settings], context: JobContext) -> Floats:
    """Measure every configuration on every task: (tasks, configurations); what failed counts as the task's worst.

    Raises `TaskUnfit` for a task on which nothing succeeded.
    """
    trials = [(task, settings) for task in tasks for settings in configurations]
    told = np.array([math.nan if one is None else one for one in rewards_of(target, trials, context)])
    rewards = told.reshape(len(tasks), len(configurations))
    for place, row in enumerate(rewards):
        if np.isnan(row).all():
            raise refuse(f"/tasks/{place}", "No trial of this task succeeded, or none has the figure that counts.")
        row[np.isnan(row)] = np.nanmin(row)
    return rewards


def _scored(scoring: Scoring, trials: Sequence[Trial], answers: Sequence[Shard], context: JobContext) -> list[Shard]:
    good = [place for place, one in enumerate(answers) if one.result is not None]
    params = [
        filled(trials[place][0]["score"] or {}, dict(_taken(scoring.takes.items(), answers[place].result or {})))
        for place in good
    ]
    judged = dict(zip(good, context.map(scoring.kind, params, allow_failure=True), strict=True))
    return [judged.get(place, one) for place, one in enumerate(answers)]


def _taken(takes: Iterable[tuple[str, str]], result: Mapping[str, Any]) -> Iterable[tuple[str, Any]]:
    return ((to, found(result, pointer)) for to, pointer in takes)


def _reward(target: Target, result: Mapping[str, Any]) -> float | None:
    figure = found(result, target.figure)
    if not isinstance(figure, int | float) or not math.isfinite(figure):
        return None
    if target.goal == "maximize":
        return float(figure)
    return -math.log(figure) if figure > 0 else None
