"""Asking peers in their own environment; what they answered is kept, since they are slow and do not change."""

import hashlib
import json
import os
import subprocess
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from causal_figures.families import Floats

PROGRAM = Path(__file__).parents[1] / "causal_sides" / "peer.py"
METHODS = ("pcmci_plus", "pcmci", "varlingam", "var")
ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}


@dataclass(frozen=True, slots=True)
class Peers:
    """Where peers are asked, and where their answers are kept."""

    find: Callable[[], str]
    """Finds the interpreter that has them, and installs them where need be."""
    cache: Path

    def ask(self, method: str, windows: Sequence[Floats], max_lag: int, resamples: int = 0) -> list[dict[str, Any]]:
        """Return {edges: [[target, source], ...], cpu_s} for each window; only what is new is asked."""
        kept = [self._kept(method, values, max_lag, resamples) for values in windows]
        new = [number for number, file in enumerate(kept) if not file.is_file()]
        if new:
            self.cache.mkdir(parents=True, exist_ok=True)
            for number, said in zip(
                new, self._said(method, [windows[n] for n in new], max_lag, resamples), strict=True
            ):
                kept[number].write_text(said)
        return [json.loads(file.read_text()) for file in kept]

    def _kept(self, method: str, values: Floats, max_lag: int, resamples: int) -> Path:
        asked = hashlib.sha256(f"{method}/{max_lag}/{resamples}/".encode() + PROGRAM.read_bytes() + values.tobytes())
        return self.cache / f"{asked.hexdigest()[:32]}.json"

    def _said(self, method: str, windows: Sequence[Floats], max_lag: int, resamples: int) -> list[str]:
        with tempfile.NamedTemporaryFile(suffix=".npz") as file:
            named: dict[str, Any] = {f"w{number:04}": values for number, values in enumerate(windows)}
            np.savez(file, **named)
            file.flush()
            argv = [self.find(), str(PROGRAM), method, file.name, str(max_lag), str(resamples)]
            environ = {**os.environ, **ONE_THREAD}
            said = subprocess.run(argv, env=environ, capture_output=True, text=True, check=True).stdout
        return [line for line in said.splitlines() if line.startswith("{")]
