"""Streams with seasons, trends and walks that nobody tells of: false edges with and without looking for them."""

from collections.abc import Callable, Iterator

import numpy as np

from causal_figures.families import BURN_IN, Floats, draw_structure, gaussian, simulate
from core.workloads.causal import advancing, stream_state

VARIABLES, EDGES, ROWS, WINDOWS = 8, 8, 100, 100
PARAMS = {"decay": 0.99, "q": 0.01, "stability_threshold": 0.6}
Change = Callable[[np.random.Generator, Floats], Floats]
"""Of a generator and each row's time, what is added to all variables: (rows, variables)."""


def waves(period: float, size: float) -> Change:
    """Add a season of this size to each variable, with phases of their own."""
    return lambda rng, time: size * np.sin(2 * np.pi * time / period + rng.uniform(0, 2 * np.pi, VARIABLES))


STREAMS: dict[str, Change] = {
    "nothing": lambda _rng, time: np.zeros((len(time), VARIABLES)),
    "a season of 24 rows, amplitude 0.3": waves(24, 0.3),
    "the same, 0.5": waves(24, 0.5),
    "the same, 1": waves(24, 1.0),
    "a season of 17.3 rows, 1": waves(17.3, 1.0),
    "a season of 500 rows, 1": waves(500, 1.0),
    "a trend of 2 in all": lambda rng, time: 2.0 * time / time.max() * rng.choice([-1, 1], VARIABLES),
    "walks with steps of 1": lambda rng, time: rng.standard_normal((len(time), VARIABLES)).cumsum(axis=0),
}


def table(first_seed: int, seeds: int) -> Iterator[str]:
    """Write as Markdown how many false pairs are accepted after a window, on average."""
    head = ("added to all of 8 variables", "windows 1-40", "windows 41-100", "not looked for: 1-40", "41-100")
    yield f"| {' | '.join(head)} |"
    yield "|" + " --- |" * len(head)
    for name, change in STREAMS.items():
        cells = []
        for told in (None, ()):
            false = np.array([_false(change, seed, told) for seed in range(first_seed, first_seed + seeds)])
            cells += [f"{false[:, :40].mean():.2f}", f"{false[:, 40:].mean():.2f}"]
        yield f"| {' | '.join([name, *cells])} |"


def _false(change: Change, seed: int, told: tuple[float, ...] | None) -> list[int]:
    """Return the false pairs accepted after each window of one stream."""
    rng = np.random.default_rng([seed, 8])
    coefficients, truth = draw_structure(rng, VARIABLES, EDGES, 0.15, 0.4)
    values = simulate(coefficients, gaussian(rng, WINDOWS * ROWS + BURN_IN, VARIABLES))
    values = values + change(rng, np.arange(len(values), dtype=np.float64)[:, None])
    state, found = stream_state.begin([f"x{place}" for place in range(VARIABLES)], 2, told), []
    for index in range(WINDOWS):
        state, _ = advancing.advance(state, values[ROWS * index : ROWS * (index + 1)], index, PARAMS)
        pairs = {(target, source) for source, target, _ in state.accepted}
        found.append(sum(not truth[pair] for pair in pairs))
    return found
