"""Import of a large CSV: CPU beside pyarrow's own reader, memory of the process that does it."""

import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
from pyarrow import csv as arrow_csv

VARIABLES = 16
BLOCK_ROWS = 20_000
PEER = """
import sys, time
import pyarrow.csv as csv
began = time.process_time()
options = csv.ReadOptions(block_size=4 << 20, use_threads=False)
with csv.open_csv(sys.argv[1], read_options=options) as reader:
    rows = sum(len(batch) for batch in reader)
print(time.process_time() - began, rows)
"""
OURS = """
import io, resource, sys, time
from pathlib import Path
from uuid import UUID
from core.jobs.context import JobContext, MemoryRecorder
from core.storage.file import FileStorage
from core.workloads.windows import importing, kinds

class Stored(MemoryRecorder):
    def artifact(self, name, content, content_type):
        stored = FileStorage(Path(sys.argv[2])).put(content, limit=1 << 34)
        self.artifacts[name] = (stored.sha256.encode(), content_type)

artifact = "01890000-0000-7000-8000-000000000001"
recorder = Stored(inputs={artifact: open(sys.argv[1], "rb")})
params = kinds.IMPORT.params().load({"file": {"artifact": artifact}})
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
began = time.process_time()
result = importing.compute(params, JobContext(UUID(artifact), 1, 1, recorder))
print(time.process_time() - began, result["rows"], resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""


def measure(size: int) -> Iterator[tuple[str, str, str, str, str]]:
    """Yield rows of the table."""
    with tempfile.TemporaryDirectory(prefix="penstock-bench-") as folder:
        path = Path(folder) / "large.csv"
        _write(path, size)
        peer_s, rows = map(float, _say(PEER, str(path)).split())
        ours_s, ours_rows, peak_mib = map(float, _say(OURS, str(path), folder).split())
        peer_again_s = float(_say(PEER, str(path)).split()[0])
    assert rows == ours_rows
    share = (peer_s + peer_again_s) / 2 / ours_s
    mib = size / (1 << 20)
    told = f"{mib / ours_s:.0f} MiB a CPU second"
    beside = f"pyarrow's reader, {mib / peer_s:.0f}"
    yield (f"import of {mib:.0f} MiB of CSV, read, checked, reported, stored", "≥ 0.6", told, beside, f"{share:.2f}")
    yield ("its memory at most", "≤ 300 MiB", f"{peak_mib:.0f} MiB", "", "")


def _write(path: Path, size: int) -> None:
    rng = np.random.default_rng(1)
    names = [f"v{number:02}" for number in range(VARIABLES)]
    with path.open("wb") as file:
        header = True
        while file.tell() < size:
            columns = [pa.array(column) for column in rng.normal(size=(VARIABLES, BLOCK_ROWS))]
            batch = pa.record_batch(columns, names=names)
            arrow_csv.write_csv(batch, file, arrow_csv.WriteOptions(include_header=header))
            header = False


def _say(program: str, *arguments: str) -> str:
    began = time.monotonic()
    argv = [sys.executable, "-c", program, *arguments]
    said = subprocess.run(argv, capture_output=True, text=True, check=True).stdout
    sys.stderr.write(f"  {time.monotonic() - began:.0f} s\n")
    return said
