"""What aggregation holds in memory while updates come from disk, in a process of its own: prints MiB as JSON.

python memory.py STRATEGY CLIENTS VALUES
"""

import json
import os
import re
import sys
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

sys.path.insert(0, str(Path(__file__).parents[3]))

import numpy as np

from core.workloads.federated.arrays import BLOCK_BYTES
from core.workloads.federated.combining import combine, settings_of
from core.workloads.federated.rounds import Round
from core.workloads.federated.spool import Disk, Spooled, Vectors

WARM = 1000
PIECE = 1 << 20


def main(name: str, clients: str, values: str) -> None:
    """Aggregate float32 updates from a spool."""
    count, size = int(clients), int(values)
    rng = np.random.default_rng(1)
    with Disk() as disk:
        vectors = [_written(disk, size, rng) for _ in range(count)]
        weights, settings = np.ones(count), settings_of(name)
        small = [Spooled(one.file, one.at, one.dtype, WARM, one.norm) for one in vectors]
        combine(name, Round(Vectors(small), weights, settings))
        Path("/proc/self/clear_refs").write_text("5")  # the peak begins anew
        before = _mib("VmRSS")
        combine(name, Round(Vectors(vectors), weights, settings))
        taken = _mib("VmHWM") - before
    told = {"taken_mib": taken, "model_mib": size * 4 / 2**20, "block_mib": BLOCK_BYTES / 2**20}
    print(json.dumps(told))  # noqa: T201 - the answer of a command


def _mib(name: str) -> float:
    told = re.search(rf"^{name}:\s+(\d+) kB", Path("/proc/self/status").read_text(), re.MULTILINE)
    assert told is not None
    return int(told[1]) / 1024


def _written(disk: Disk, size: int, rng: np.random.Generator) -> Spooled:
    at = disk.place(size * 4)
    for start in range(0, size, PIECE):
        values = rng.standard_normal(min(PIECE, size - start), dtype=np.float32)
        os.pwrite(disk.kept, values.tobytes(), at + start * 4)
    return Spooled(disk.kept, at, np.dtype(np.float32), size, float(np.sqrt(size)))


if __name__ == "__main__":
    main(*sys.argv[1:])
