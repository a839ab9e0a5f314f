"""`penstock bench simulation`: ensembles beside PySD, agents beside Mesa, on equal models in one run.

./penstock bench simulation            every figure, a minute or two
"""

import argparse
import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

sys.path.insert(0, str(Path(__file__).parents[2]))

from job_costs.figures import Figure, Target, absolute, compared, unmeasured
from job_costs.reporting import report
from simulation_figures import ours
from simulation_figures.laws import laws
from simulation_figures.peers import ask

PEERS = "PENSTOCK_BENCH_PEERS"
MEMBERS, STEPS, CONTACTS = 5_000, 640, 0.3
AGENTS, TURNS, POPULATIONS = 10_000, 50, 100
ROUNDS = 7


def main(argv: Sequence[str] | None = None) -> int:
    """Measure and print the table; 0 when every target is met."""
    options = _options(argv)
    figures = [*_ensembles(options.peers), *_agents(options.peers), *_sizes(), *_delays(options.peers), *laws()]
    surroundings = {"members": MEMBERS, "steps": STEPS, "agents": AGENTS, "load before": os.getloadavg()[2]}
    report(figures, surroundings, as_json=options.json)
    return int(any(figure.met is False for figure in figures))


def _ensembles(python: str | None) -> Iterator[Figure]:
    spread = {"distribution": "uniform", "low": CONTACTS, "high": 1.1 * CONTACTS}
    ours.epidemic(2, spread)
    many = [ours.epidemic(MEMBERS, spread)[1] / MEMBERS for _ in range(ROUNDS)]
    alone = [ours.epidemic(1, CONTACTS)[1] for _ in range(ROUNDS)]
    yield absolute("member-steps a CPU second, 5,000 members", Target(unit="M"), STEPS / min(many) / 1e6)
    if python is None:
        yield unmeasured("PySD's time for a member to ours", "no peers' environment")
        return
    peer = ask(python, "pysd", str(ROUNDS), str(CONTACTS))
    what = "PySD's time for a member (640 Euler steps) to ours"
    yield _ratio(f"{what}, of 5,000", Target(at_least=500.0), peer["cpu_s"], many)
    yield _ratio(f"{what}, of 1", Target(), peer["cpu_s"], alone)
    result, _ = ours.epidemic(1, CONTACTS)
    apart = max(abs(ours.end(result, name) / value - 1.0) for name, value in peer["end"].items())
    yield absolute("difference of both at the end, relative", Target(at_most=1e-9, unit=""), apart)


def _agents(python: str | None) -> Iterator[Figure]:
    ours.agents(1, AGENTS, 2)
    found = [ours.agents(POPULATIONS, AGENTS, TURNS) for _ in range(ROUNDS)]
    many = [cpu_s / POPULATIONS for _, cpu_s in found]
    yield absolute("agent-turns a CPU second, 100 x 10,000", Target(unit="M"), AGENTS * TURNS / min(many) / 1e6)
    if python is None:
        yield unmeasured("Mesa's time for a population to ours", "no peers' environment")
        return
    peer = ask(python, "mesa", str(ROUNDS), str(AGENTS), str(TURNS))
    what = "Mesa's time for a population (10,000 x 50 turns) to ours"
    yield _ratio(f"{what}, of 100", Target(at_least=150.0), peer["cpu_s"], many)
    alone = [ours.agents(1, AGENTS, TURNS)[1] for _ in range(ROUNDS)]
    yield _ratio(f"{what}, of 1", Target(), peer["cpu_s"], alone)
    apart = abs(ours.end(found[0][0], "susceptible") / AGENTS - sum(peer["end"]) / len(peer["end"]))
    yield absolute("difference of both shares never infected", Target(at_most=0.03, unit=""), apart)


def _delays(python: str | None) -> Iterator[Figure]:
    if python is None:
        yield unmeasured("delays and arrays beside PySD", "no peers' environment")
        return
    peer, result = ask(python, "delays"), ours.delays()
    for name, values in peer.items():
        mine = next(one["mean"] for one in result["series"] if one["name"] == name)
        apart = max(abs(one / other - 1.0) for one, other in zip(mine, values, strict=True))
        yield absolute(
            f"{name}, Euler, 41 days: largest difference to PySD, relative", Target(at_most=1e-9, unit=""), apart
        )


def _sizes() -> Iterator[Figure]:
    _, cpu_s = ours.run(model="inventory", members=20_000, dt=0.05, points=53)
    yield absolute("inventory, 20,000 members x 2,080 steps with noise, CPU", Target(unit="s"), cpu_s)


def _ratio(name: str, target: Target, peer: Sequence[float], own: Sequence[float]) -> Figure:
    return compared(name, target, peer, own, peer="ours", unit="ms", scale=1e3)


def _options(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="penstock bench simulation", description=__doc__)
    parser.add_argument("--json", action="store_true", help="one JSON document instead of the table")
    parser.add_argument("--peers", default=os.environ.get(PEERS), help="python that has the peers; none: without them")
    return parser.parse_args(argv)


if __name__ == "__main__":
    sys.exit(main())
