"""Learning to configure: trials and what they found, versions of a prior, regret after each trial."""

from collections.abc import Mapping
from itertools import accumulate
from typing import Any

from webapp.dashboard.drawing import Drawing, Values
from webapp.dashboard.plots import Chart, Line

SCRIPTS = ("vendor/uPlot.iife.min.js", "charts.js")


def draw_tuning(_params: Mapping[str, Any], result: Mapping[str, Any]) -> Values:
    """Draw the trials, the best so far, and the params as given."""
    rewards = [trial["reward"] for trial in result["trials"]]
    best = accumulate(rewards, lambda one, two: max((each for each in (one, two) if each is not None), default=None))
    lines = [Line("this trial", rewards, color=8), Line("best so far", list(best), stepped=True)]
    if result["default_reward"] is not None:
        lines.append(Line("as given", [result["default_reward"]] * len(rewards), color=2, dashed=True))
    numbers = [float(number) for number in range(1, len(rewards) + 1)]
    chart = Chart("Reward of each trial", "greater is better", numbers, lines, by_time=False)
    return {"result": result, "charts": [chart] if len(rewards) > 1 else []}


def draw_adaptation(_params: Mapping[str, Any], result: Mapping[str, Any]) -> Values:
    """Draw the versions of a prior, and what the one that is left would try first."""
    return {"result": result}


def draw_evaluation(_params: Mapping[str, Any], result: Mapping[str, Any]) -> Values:
    """Draw the regret after each trial, beside chance's."""
    told = result["regrets"]
    lines = [
        Line("by the prior", [one["prior"] for one in told]),
        Line("by chance", [one["chance"] for one in told], color=8, dashed=True),
    ]
    chart = Chart("Median regret", "by trials", [float(one["trials"]) for one in told], lines, by_time=False)
    return {"result": result, "charts": [chart] if len(told) > 1 else []}


DRAWINGS = {
    "metalearning.tune": Drawing("views/metalearning_tune.html", draw_tuning, SCRIPTS),
    "metalearning.adapt": Drawing("views/metalearning_adapt.html", draw_adaptation),
    "metalearning.evaluate": Drawing("views/metalearning_evaluate.html", draw_evaluation, SCRIPTS),
}
