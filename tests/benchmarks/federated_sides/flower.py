"""Flower's own arithmetic of aggregation, in the peers' environment: prints CPU seconds as JSON, keeps the answers.

    python flower.py CLIENTS VALUES FOLDER STRATEGY [STRATEGY ...]

The updates follow from the seed as on our side. FOLDER gets STRATEGY.npy.
"""

import json
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
from flwr.server.strategy import aggregate as flower

FAULTS, TRIM = 8, 0.1


def main(clients: str, values: str, folder: str, *strategies: str) -> None:
    """Run each strategy once; the first, small run of each is not counted."""
    small, given = _drawn(int(clients), 64), _drawn(int(clients), int(values))
    spent = {}
    for name in strategies:
        _run(name, small)
        began = time.process_time()
        answer = _run(name, given)
        spent[name] = time.process_time() - began
        np.save(Path(folder) / f"{name}.npy", answer)
    print(json.dumps(spent))  # noqa: T201 - the answer of a command


def _drawn(clients: int, values: int) -> list[tuple[list[Any], int]]:
    rng = np.random.default_rng(1)
    updates = rng.standard_normal((clients, values), dtype=np.float32)
    weights = rng.integers(1, 50, clients)
    return [([update], int(weight)) for update, weight in zip(updates, weights, strict=True)]


def _run(name: str, given: list[tuple[list[Any], int]]) -> Any:
    match name:
        case "fedavg":
            return flower.aggregate(given)[0]
        case "fedmedian":
            return flower.aggregate_median(given)[0]
        case "trimmed_mean":
            return flower.aggregate_trimmed_avg(given, TRIM)[0]
        case "krum":
            return flower.aggregate_krum(given, FAULTS, 0)[0]
        case "multi_krum":
            return flower.aggregate_krum(given, FAULTS, len(given) - FAULTS)[0]
        case "bulyan":
            return flower.aggregate_bulyan(list(given), FAULTS, flower.aggregate_krum, to_keep=0)[0]
    raise ValueError(name)


if __name__ == "__main__":
    main(*sys.argv[1:])
