"""Flower's own server optimizers, in the peers' environment: keeps the models after some rounds.

    python flower_optimizers.py CLIENTS VALUES ROUNDS FOLDER

The updates follow from the seed as on our side. FOLDER gets STRATEGY.npy.
"""

import sys
from pathlib import Path
from typing import Any

import numpy as np
from flwr.common import Code, FitRes, Status, ndarrays_to_parameters, parameters_to_ndarrays
from flwr.server.strategy import FedAdagrad, FedAdam, FedAvgM, FedYogi, QFedAvg

LOSS = 0.7


def main(clients: str, values: str, rounds: str, folder: str) -> None:
    """Run each strategy over all rounds."""
    begins = np.zeros(int(values))
    initial = ndarrays_to_parameters([begins])
    adaptive = {"initial_parameters": initial, "eta": 0.1, "beta_1": 0.9, "beta_2": 0.99, "tau": 1e-3}
    strategies: dict[str, Any] = {
        "fedavgm": FedAvgM(initial_parameters=initial, server_learning_rate=1.0, server_momentum=0.9),
        "fedadam": FedAdam(**adaptive),
        "fedyogi": FedYogi(**adaptive),
        "fedadagrad": FedAdagrad(initial_parameters=initial, eta=0.1, tau=1e-3),
        "qfedavg": QFedAvg(q_param=0.2, qffl_learning_rate=0.1, evaluate_fn=lambda *_: (LOSS, {})),
    }
    for name, strategy in strategies.items():
        rng, weights = np.random.default_rng(2), begins
        for number in range(1, int(rounds) + 1):
            strategy.pre_weights = [weights]
            drawn = rng.standard_normal((int(clients), int(values)))
            counts = rng.integers(1, 50, int(clients))
            sent = [_sent(weights + one, int(count)) for one, count in zip(drawn, counts, strict=True)]
            answer, _ = strategy.aggregate_fit(number, sent, [])
            weights = parameters_to_ndarrays(answer)[0]
        np.save(Path(folder) / f"{name}.npy", weights)


def _sent(weights: Any, count: int) -> tuple[None, FitRes]:
    return None, FitRes(Status(Code.OK, ""), ndarrays_to_parameters([weights]), count, {})


if __name__ == "__main__":
    main(*sys.argv[1:])
