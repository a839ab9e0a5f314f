"""`penstock bench federated`: aggregation of updates beside Flower: the same answers, processor time, memory.

./penstock bench federated            50 clients of 10,000,000 float32 values; takes about 12 GiB
./penstock bench federated --only attacks     what strategies lose to attackers; needs no peers
./penstock bench federated --only accounting  epsilons beside dp-accounting and published tables
./penstock bench federated --quick    50 of 1,000,000
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

from federated_costs.accounting import accounting
from federated_costs.contests import contests
from federated_costs.naive import naive
from federated_costs.optimizers import optimizers
from federated_costs.secure import secure
from federated_costs.sides import CLIENTS, SETTINGS, beside
from job_costs.figures import Figure, Target, absolute, compared, unmeasured
from job_costs.reporting import report

PEERS = "PENSTOCK_BENCH_PEERS"
MEMORY = Path(__file__).parent / "federated_costs" / "memory.py"
ROUNDS = 3
EQUAL_AT, KRUM_AT = 20_000, 1_000_000
TIMES = {"fedavg": 9.0, "fedmedian": 6.0, "trimmed_mean": 4.5}
KRUM_TIMES = 7.0
STREAMED = ("fedavg", "fedmedian", "multi_krum")
SORTS = ("flower", "naive", "optimizers", "memory", "attacks", "accounting", "secure")
LARGEST_SHARE = 1.5
"""Of the model, beside one block."""


def main(argv: Sequence[str] | None = None) -> int:
    """Measure and print the table; 0 when every target is met."""
    options = _options(argv)
    values = 1_000_000 if options.quick else 10_000_000
    sorts = {
        "flower": lambda: _beside(options.peers, values),
        "optimizers": lambda: _optimizers(options.peers),
        "memory": lambda: _memory(values),
        "attacks": contests,
        "naive": naive,
        "accounting": lambda: accounting(options.peers),
        "secure": secure,
    }
    figures = [figure for name in options.only or sorts for figure in sorts[name]()]
    report(figures, {"clients": CLIENTS, "values": values}, as_json=options.json)
    return int(any(figure.met is False for figure in figures))


def _beside(python: str | None, values: int) -> Iterator[Figure]:
    if python is None:
        yield unmeasured("beside Flower", "give --peers, or run it by ./penstock bench federated")
        return
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        for name, found in beside(list(SETTINGS), EQUAL_AT, place, python).items():
            told = f"{name}: largest difference, relative to the largest value"
            yield absolute(told, Target(at_most=1e-6, unit=""), found.difference)
        yield from _times(TIMES, values, place, python)
        yield from _times({"krum": KRUM_TIMES}, KRUM_AT, place, python)


def _optimizers(python: str | None) -> Iterator[Figure]:
    if python is None:
        yield unmeasured("server optimizers beside Flower", "give --peers, or run it by ./penstock bench federated")
        return
    with tempfile.TemporaryDirectory() as folder:
        yield from optimizers(python, Path(folder))


def _times(targets: dict[str, float], values: int, folder: Path, python: str) -> Iterator[Figure]:
    rounds = [beside(list(targets), values, folder, python) for _ in range(ROUNDS)]
    for name, times in targets.items():
        ours = [one[name].ours_s for one in rounds]
        theirs = [one[name].theirs_s for one in rounds]
        told = f"{name}, {CLIENTS} x {values:,}: Flower's CPU time to ours"
        yield compared(told, Target(at_least=times), theirs, ours, peer="ours", unit="s")


def _memory(values: int) -> Iterator[Figure]:
    for name in STREAMED:
        argv = [sys.executable, str(MEMORY), name, str(CLIENTS), str(values)]
        told: Any = json.loads(subprocess.run(argv, capture_output=True, text=True, check=True).stdout)
        share = (told["taken_mib"] - told["block_mib"]) / told["model_mib"]
        yield absolute(f"{name}: memory less one block, to the model's", Target(at_most=LARGEST_SHARE), max(share, 0.0))


def _options(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="penstock bench federated", description=__doc__.partition("\n")[0])
    parser.add_argument("--quick", action="store_true", help="a million values")
    parser.add_argument("--only", action="append", choices=SORTS, help="these alone; may be given again")
    parser.add_argument("--peers", default=os.environ.get(PEERS), help="interpreter that has Flower")
    parser.add_argument("--json", action="store_true", help="JSON instead of a table")
    return parser.parse_args(argv)


if __name__ == "__main__":
    sys.exit(main())
