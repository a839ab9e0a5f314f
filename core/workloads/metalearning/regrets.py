"""How much is lost after so many trials: the best of all configurations less the best of those tried."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


def of_order(rewards: Floats, order: Sequence[int], most: int) -> Floats:
    """Return the regret after 1, 2, … `most` trials in an order: (most,); rewards of one task: (configurations,)."""
    found = np.maximum.accumulate(rewards[list(order[:most])])
    if len(found) < most:
        found = np.concatenate([found, np.full(most - len(found), found[-1])])
    return np.asarray(rewards.max() - found)


def of_chance(rewards: Floats, most: int) -> Floats:
    """Return the expected regret of trials drawn without replacement, in closed form: (most,).

    The best of k of n is the i-th smallest with probability C(i-1, k-1) / C(n, k).
    """
    ordered, count = np.sort(rewards), len(rewards)
    chance = np.full(count, 1.0 / count)
    regrets = np.empty(most)
    for trials in range(1, most + 1):
        regrets[trials - 1] = ordered[-1] - chance @ ordered if trials < count else 0.0
        if trials < count:
            # C(i, k) / C(n, k+1), for i = 0 … n-1, from C(i, k-1) / C(n, k) = chance[i]
            index = np.arange(count)
            chance = chance * (index - trials + 1) / trials * (trials + 1) / (count - trials)
    return regrets
