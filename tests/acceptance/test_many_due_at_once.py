"""Many jobs due at one instant on a real relay and worker: all run once, the urgent first, no table read as a whole."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parents[2]
BENCHMARK = CHECKOUT / "tests" / "benchmarks" / "bench_million.py"


@pytest.mark.deep
def test_two_thousand_among_fifty_thousand_run_once_and_in_order() -> None:
    spoken = subprocess.run(
        [sys.executable, str(BENCHMARK), "--jobs", "50000", "--due", "2000"],
        env={**os.environ, "PYTHONPATH": str(CHECKOUT)},
        check=False,
        capture_output=True,
        text=True,
    )
    assert spoken.returncode == 0, spoken.stdout + spoken.stderr[-2_000:]
    assert "2,000 jobs due at once" in spoken.stdout
