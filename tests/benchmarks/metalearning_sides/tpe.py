"""Optuna's TPE without any warm start, in the peers' environment: reads a table, prints mean regrets as JSON.

    python tpe.py FILE.npz TRIALS SEEDS

The file holds `rewards` (tasks, configurations) and `shape`, the number of choices of each setting; configurations are
in the order of their product. Every setting is a categorical one, as a user of Optuna would declare it.
"""

import json
import sys

import numpy as np
import optuna


def main(file: str, trials: str, seeds: str) -> None:
    """Search every task with every seed; prints (tasks, trials): the regret after each, averaged over the seeds."""
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    told = np.load(file)
    shape = tuple(told["shape"])
    regrets = []
    for rewards in told["rewards"]:
        runs = [_regrets(rewards, shape, int(trials), seed) for seed in range(int(seeds))]
        regrets.append(np.mean(runs, axis=0).tolist())
    print(json.dumps({"version": optuna.__version__, "regrets": regrets}))  # noqa: T201 - the answer of a command


def _regrets(rewards: np.ndarray, shape: tuple[int, ...], trials: int, seed: int) -> np.ndarray:
    study = optuna.create_study(direction="maximize", sampler=optuna.samplers.TPESampler(seed=seed))
    found = []

    def objective(trial: optuna.Trial) -> float:
        choice = tuple(trial.suggest_categorical(f"s{place}", range(count)) for place, count in enumerate(shape))
        found.append(float(rewards[np.ravel_multi_index(choice, shape)]))
        return found[-1]

    study.optimize(objective, n_trials=trials)
    regrets: np.ndarray = rewards.max() - np.maximum.accumulate(found)
    return regrets


if __name__ == "__main__":
    main(*sys.argv[1:])
