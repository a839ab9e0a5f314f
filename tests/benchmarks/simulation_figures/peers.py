"""Asking peers in their own environment, with one thread each."""

import json
import os
import subprocess
from pathlib import Path
from typing import Any

PROGRAM = Path(__file__).parents[1] / "simulation_sides" / "peer.py"
ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}


def ask(python: str, *words: str) -> dict[str, Any]:
    """Return what a peer came to, and the CPU seconds of its rounds."""
    argv = [python, str(PROGRAM), *words]
    said = subprocess.run(argv, env={**os.environ, **ONE_THREAD}, capture_output=True, text=True, check=True).stdout
    answer: dict[str, Any] = json.loads(said.splitlines()[-1])
    return answer
