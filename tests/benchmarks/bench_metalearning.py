"""`penstock bench metalearning`: a prior over settings beside Optuna's cold TPE, a ridge beside Reptile.

./penstock bench metalearning            40 domains to learn from, 30 held out; what was measured is kept in the cache
./penstock bench metalearning --quick    10 and 10, without Optuna
./penstock bench metalearning --only effects     effects of new domains alone: the ridge beside Reptile; seconds
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

sys.path.insert(0, str(Path(__file__).parents[2]))

import numpy as np
from causal_figures.families import Floats
from job_costs.figures import Figure, Target, absolute, unmeasured
from job_costs.reporting import report
from metalearning_regret.domains import CONFIGURATIONS, HELD_OUT, LEARNED_FROM, TARGET, Table, tables
from metalearning_regret.effects import effects

from core.workloads.metalearning import proposals, regrets, reptile

PEERS = "PENSTOCK_BENCH_PEERS"
SIDE = Path(__file__).parent / "metalearning_sides" / "tpe.py"
SORTS = ("regret", "effects")
TRIALS, SEEDS = 10, 20
TOLD = (1, 3, 5, 10)
LIMITS = {1: 1 / 3, 3: 1 / 2}
"""Of cold TPE's regret."""


def main(argv: Sequence[str] | None = None) -> int:
    """Measure and print the table; 0 when every target is met."""
    options = _options(argv)
    learned, held = (10, 10) if options.quick else (options.learned, options.held)
    sorts = {"regret": lambda: _regret(options, learned, held), "effects": effects}
    figures = [figure for name in options.only or sorts for figure in sorts[name]()]
    report(
        figures,
        {"configurations": len(CONFIGURATIONS), "learned from": learned, "held out": held},
        as_json=options.json,
    )
    return int(any(figure.met is False for figure in figures))


def _regret(options: argparse.Namespace, learned: int, held: int) -> Iterator[Figure]:
    cache = Path(options.cache)
    earlier, unseen = tables(LEARNED_FROM, learned, cache), tables(HELD_OUT, held, cache)
    yield from _figures(earlier, unseen, None if options.quick else options.peers)


def _figures(earlier: Sequence[Table], unseen: Sequence[Table], peers: str | None) -> Iterator[Figure]:
    known = np.array([one.rewards for one in earlier])
    rewards = np.array([one.rewards for one in unseen])
    ours = _regrets(known, rewards)
    cold = _cold_tpe(rewards, peers) if peers else None
    for trials in TOLD:
        mine = float(np.median(ours[:, trials - 1]))
        told = f"median regret of F1 after {trials}"
        if cold is None:
            yield Figure(told, "-", f"{mine:.3f}")
            continue
        theirs = float(np.median(cold[:, trials - 1]))
        limit = LIMITS.get(trials)
        target = Target(at_most=limit)
        ratio = mine / theirs if theirs else 1.0
        yield Figure(told, target.written(), f"{mine:.3f}", f"Optuna: {theirs:.3f}", None, target.met(ratio))
    if cold is None:
        yield unmeasured("cold TPE", "give --peers, or run it by ./penstock bench metalearning")
    yield from _means("neighbors", ours)
    yield from _means("reptile", _regrets(reptile.known_of(TARGET.settings, known), rewards))
    yield from _means("chance", np.array([regrets.of_chance(task, TRIALS) for task in rewards]))
    default = np.array([one.default for one in unseen])
    first = rewards[:, proposals.next_trial(known, {})]
    worse = float(np.mean(default) - np.mean(first)) / float(np.mean(default))
    yield absolute("first trial's mean F1 below the default's", Target(at_most=0.01, unit="of it"), worse)
    tuned = np.maximum(default, rewards.max(axis=1) - ours[:, 2])
    yield Figure(
        "mean F1: default, best of it and 3 trials, best of all",
        "-",
        f"{default.mean():.3f}, {tuned.mean():.3f}, {rewards.max(axis=1).mean():.3f}",
    )


def _means(name: str, found: Floats) -> Iterator[Figure]:
    told = ", ".join(f"{found[:, trials - 1].mean():.3f}" for trials in TOLD)
    yield Figure(f"mean regret after {', '.join(map(str, TOLD))}: {name}", "-", told)


def _regrets(known: Floats, rewards: Floats) -> Floats:
    return np.array([regrets.of_order(task, proposals.order_of(known, task, TRIALS), TRIALS) for task in rewards])


def _cold_tpe(rewards: Floats, python: str) -> Floats:
    with tempfile.NamedTemporaryFile(suffix=".npz") as file:
        np.savez(file, rewards=rewards, shape=np.array([len(choices) for choices in TARGET.settings.values()]))
        file.flush()
        argv = [python, str(SIDE), file.name, str(TRIALS), str(SEEDS)]
        said: Any = json.loads(subprocess.run(argv, capture_output=True, text=True, check=True).stdout)
    return np.array(said["regrets"])


def _options(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="penstock bench metalearning", description=__doc__.partition("\n")[0])
    parser.add_argument("--quick", action="store_true", help="fewer domains, no peer")
    parser.add_argument("--only", action="append", choices=SORTS, help="these alone; may be given again")
    parser.add_argument("--learned", type=int, default=40, help="domains to learn from")
    parser.add_argument("--held", type=int, default=30, help="domains held out")
    parser.add_argument(
        "--cache", default=str(Path.home() / ".cache" / "penstock" / "metalearning"), help="where tables are kept"
    )
    parser.add_argument("--peers", default=os.environ.get(PEERS), help="interpreter that has Optuna")
    parser.add_argument("--json", action="store_true", help="JSON instead of a table")
    return parser.parse_args(argv)


if __name__ == "__main__":
    sys.exit(main())
