"""A Reptile-like prior: for each place a distribution over its choices, moved a step towards each task's best.

Source: Nichol, Achiam, Schulman, On First-Order Meta-Learning Algorithms (2018), with the categorical distributions of
settings in the place of weights: the inner loop is the search of one task, the outer step moves by a share of the way.
"""

import numpy as np

from core.workloads.metalearning import spaces
from core.workloads.metalearning.regrets import Floats
from core.workloads.metalearning.spaces import Space

STEP = 0.2


def known_of(space: Space, rewards: Floats) -> Floats:
    """Return one imagined task whose rewards are log probabilities: (1, configurations); rewards: (tasks, the same)."""
    belief = {place: np.full(len(choices), 1.0 / len(choices)) for place, choices in space.items()}
    for task in rewards:
        for place, choice in spaces.choices_of(space, int(task.argmax())):
            toward = np.zeros(len(belief[place]))
            toward[choice] = 1.0
            belief[place] += STEP * (toward - belief[place])
    numbers = range(spaces.size(space))
    scores = [sum(np.log(belief[place][choice]) for place, choice in spaces.choices_of(space, n)) for n in numbers]
    return np.array([scores])
