"""What to try next: the configuration that earlier tasks promise the most of, the more alike they are the more.

Each earlier task knows what every configuration was worth to it. Those that agree with what this task has shown so far
weigh more (a normal likelihood of the differences between the trials; a task's level does not matter), and the next
trial is the one of the greatest expected improvement over the best that was tried, in each task's own terms. Before
the first trial that is the best on average; with nothing known of this task it makes a greedy portfolio.

Source: the acquisition is Mockus's expected improvement (1978) under the empirical distribution of tasks; portfolios by
greedy choice as in Feurer et al., Auto-sklearn 2.0 (2022), section 4.
"""

from collections.abc import Mapping

import numpy as np

from core.workloads.metalearning.regrets import Floats

_NOISE_SHARE = 0.5
"""Of the spread of rewards within tasks: how far two tasks alike may differ in one trial."""


def next_trial(known: Floats, seen: Mapping[int, float | None]) -> int:
    """Return the number of the configuration to try next; known: (tasks, configurations), seen: reward by number.

    A reward of None is a trial that failed. Raises `ValueError` when everything was tried.
    """
    untried = np.setdiff1d(np.arange(known.shape[1]), np.fromiter(seen, dtype=np.int64, count=len(seen)))
    if not len(untried):
        raise ValueError("every configuration was tried")
    weight = task_weights(known, seen)
    mean = weight @ known
    if not seen:
        return int(untried[np.argmax(mean[untried])])
    best = known[:, list(seen)].max(axis=1)
    improvement = weight @ np.maximum(known[:, untried] - best[:, None], 0.0)
    # Where nothing promises an improvement any more, the best on average is next.
    order = np.lexsort((untried, -mean[untried], -np.round(improvement, 12)))
    return int(untried[order[0]])


def task_weights(known: Floats, seen: Mapping[int, float | None]) -> Floats:
    """Return how much each earlier task counts: (tasks,), summing to one."""
    tasks = len(known)
    told = {number: reward for number, reward in seen.items() if reward is not None}
    if len(told) < 2:  # noqa: PLR2004 - a difference takes two
        return np.full(tasks, 1.0 / tasks)
    numbers = list(told)
    here = np.array([told[number] for number in numbers])
    theirs = known[:, numbers]
    apart = (theirs - theirs.mean(axis=1, keepdims=True)) - (here - here.mean())
    spread = _NOISE_SHARE * float(np.median(known.std(axis=1))) or 1.0
    fit = -0.5 * (apart**2).sum(axis=1) / spread**2
    weight = np.exp(fit - fit.max())
    return np.asarray(weight / weight.sum())


def order_of(known: Floats, rewards: Floats, most: int) -> list[int]:
    """Return the trials that a task of these rewards would make: numbers of configurations, `most` at most."""
    seen: dict[int, float | None] = {}
    while len(seen) < min(most, known.shape[1]):
        number = next_trial(known, seen)
        seen[number] = float(rewards[number])
    return list(seen)
