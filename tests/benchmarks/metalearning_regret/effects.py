"""Effects of a new domain from few rows: the ridge towards the federated mean beside Reptile, least squares, the mean.

Domains are vector autoregressions around one they share; the more `differ`, the less alike they are. Each estimate is
judged by its excess error one row ahead, (b - b*)' S (b - b*) of each variable with S the domain's own stationary
covariance, so that no noise is in the judgement.
"""

from collections.abc import Iterator

import numpy as np
from causal_figures.families import Floats
from job_costs.figures import Figure, Target, spread
from scipy.linalg import solve_discrete_lyapunov

from core.workloads.metalearning import ridge
from core.workloads.metalearning.shrinking import lagged

VARIABLES, LINKS = 10, 20
EARLIER, NEW = 20, 40
ROWS_EARLIER, ROWS_NEW = 300, 60
DIFFERING = (0.0, 0.03, 0.08, 0.2)
"""Standard deviation of each coefficient between domains."""
LARGEST_ROOT = 0.9
INNER = (2, 5, 20)
RATES = (0.1, 0.3, 1.0)
"""Of descent, in parts of what the largest curvature of a domain bears."""
OUTER, PASSES = 0.2, 30
SEED = 77_000


def effects() -> Iterator[Figure]:
    """Yield a figure for each heterogeneity; Reptile's settings are those that are best on as many other domains."""
    for differ in DIFFERING:
        chosen_on, lost = _lost(differ)
        reptiles = [name for name in lost if name.startswith("reptile")]
        reptile = lost[min(reptiles, key=chosen_on.__getitem__)]
        told = f"excess error one row ahead, {ROWS_NEW} rows, domains differing by {differ:g}: ridge to Reptile"
        others = f"Reptile {reptile:.4f} (its best in hindsight {min(lost[name] for name in reptiles):.4f})"
        others += f", own least squares {lost['own']:.4f}, mean {lost['mean']:.4f}"
        target = Target(at_most=1.0)
        ratio = lost["ridge"] / reptile
        yield Figure(told, target.written(), f"{lost['ridge']:.4f}", others, spread([ratio]), target.met(ratio))


def _lost(differ: float) -> list[dict[str, float]]:
    """Return the mean excess error of each estimate over domains to choose by, and over as many to judge by."""
    rng = np.random.default_rng([SEED, round(1000 * differ)])
    shared = _shared(rng)
    earlier = [_moments(_drawn(shared, differ, rng), ROWS_EARLIER, rng) for _ in range(EARLIER)]
    spreads = [ridge.spread_of([domain[target] for domain in earlier]) for target in range(VARIABLES)]
    begins = {(steps, rate): _reptile(earlier, steps, rate) for steps in INNER for rate in RATES}
    missed = [_missed(_drawn(shared, differ, rng), spreads, begins, rng) for _ in range(2 * NEW)]
    halves = missed[:NEW], missed[NEW:]
    return [{name: float(np.mean([one[name] for one in half])) for name in missed[0]} for half in halves]


def _missed(
    truth: Floats, spreads: list[ridge.Spread], begins: dict[tuple[int, float], Floats], rng: np.random.Generator
) -> dict[str, float]:
    """Return the excess error of each estimate of a new domain's effects."""
    covariance = solve_discrete_lyapunov(truth, np.eye(VARIABLES))
    new = _moments(truth, ROWS_NEW, rng)
    found = {
        "own": np.array([one.own() for one in new]),
        "mean": np.array([spread.mean for spread in spreads]),
        "ridge": np.array([ridge.shrunk(one, spread)[0] for one, spread in zip(new, spreads, strict=True)]),
    }
    for (steps, rate), begin in begins.items():
        found[f"reptile {steps} {rate}"] = _descended(begin, new, steps, rate)
    away = {name: estimate - truth for name, estimate in found.items()}
    return {name: float(np.einsum("ti,ij,tj->", one, covariance, one)) / VARIABLES for name, one in away.items()}


def _shared(rng: np.random.Generator) -> Floats:
    """Return effects (targets, sources): each variable's own past, and some links."""
    effects = np.diag(rng.uniform(0.2, 0.6, VARIABLES))
    places = rng.choice([place for place in range(VARIABLES**2) if place % (VARIABLES + 1)], LINKS, replace=False)
    effects.flat[places] = rng.choice([-1.0, 1.0], LINKS) * rng.uniform(0.1, 0.4, LINKS)
    return _stable(effects)


def _drawn(shared: Floats, differ: float, rng: np.random.Generator) -> Floats:
    return _stable(shared + differ * rng.standard_normal(shared.shape))


def _stable(effects: Floats) -> Floats:
    root = float(np.abs(np.linalg.eigvals(effects)).max())
    return effects * min(1.0, LARGEST_ROOT / root)


def _moments(effects: Floats, rows: int, rng: np.random.Generator) -> list[ridge.Moments]:
    """Return what rows of a domain tell of each variable; a hundred rows go by before the first."""
    values = np.zeros((rows + 101, VARIABLES))
    noise = rng.standard_normal(values.shape)
    for row in range(1, len(values)):
        values[row] = effects @ values[row - 1] + noise[row]
    past, now = lagged(values[100:], 1)
    return [ridge.moments(past, now[:, target]) for target in range(VARIABLES)]


def _reptile(domains: list[list[ridge.Moments]], steps: int, rate: float) -> Floats:
    """Return where Reptile begins: moved towards where each domain's descent leads (Nichol, Achiam, Schulman 2018)."""
    begin = np.zeros((VARIABLES, VARIABLES))
    for turn in range(PASSES):
        pull = OUTER * (1.0 - turn / PASSES)
        for domain in domains:
            begin = begin + pull * (_descended(begin, domain, steps, rate) - begin)
    return begin


def _descended(begin: Floats, domain: list[ridge.Moments], steps: int, rate: float) -> Floats:
    """Return estimates after so many steps down the mean squared error."""
    grams = np.array([one.gram / one.rows for one in domain])
    crosses = np.array([one.cross / one.rows for one in domain])
    found, pace = begin, rate / float(np.linalg.eigvalsh(grams[0])[-1])
    for _ in range(steps):
        found = found - pace * (np.einsum("tij,tj->ti", grams, found) - crosses)
    return found
