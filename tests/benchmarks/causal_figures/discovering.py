"""Running our own discovery on a window, and reading edges off it."""

import time
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from causal_figures.families import Floats
from core.workloads.causal import conclusions, resample, study
from core.workloads.causal.params import DiscoverParams
from core.workloads.causal.series import Series

Flags = npt.NDArray[np.bool_]
_DEFAULTS = DiscoverParams().load({"series": {"domain_id": "0", "first": 0, "last": 0}})


@dataclass(frozen=True, slots=True)
class Discovered:
    """What one run found and cost."""

    result: dict[str, Any]
    cpu_s: float

    def lagged(self) -> Flags:
        """Return [i][j]: an accepted edge from j to i at some lag from 1 on."""
        found = np.zeros((len(self.result["scores"]["names"]),) * 2, dtype=np.bool_)
        for edge in self.result["edges"]:
            if edge["verdict"] == "accepted" and edge["lag"]:
                found[place(edge["target"]), place(edge["source"])] = True
        return found

    def scores(self) -> Floats:
        """Return the figures for ranking."""
        return np.array(self.result["scores"]["values"])


def place(name: str) -> int:
    """Return the number in a variable's name."""
    return int(name.removeprefix("x"))


def discover(values: Floats, lengths: tuple[int, ...] | None = None, **changed: Any) -> Discovered:
    """Run discovery with its defaults, but for what is `changed`; CPU time is that of one thread."""
    params = {**_DEFAULTS, **changed}
    series = Series(tuple(f"x{number}" for number in range(values.shape[1])), values, lengths or (len(values),))
    began = time.process_time()
    made = study.make(series, params)
    tallies = resample.tally(made, params, 0, params["resamples"], lambda _: None)
    result = conclusions.conclude(made, tallies, params)
    return Discovered(result, time.process_time() - began)


def f1_and_fdr(found: Flags, truth: Flags) -> tuple[float, float]:
    """Return F1 and the false discovery rate over ordered pairs."""
    hits = int((found & truth).sum())
    claimed, true = int(found.sum()), int(truth.sum())
    return 2.0 * hits / max(claimed + true, 1), (claimed - hits) / max(claimed, 1)


def auroc(scores: Floats, truth: Flags) -> float:
    """Return the chance that a true pair ranks above another; ties count half."""
    off = ~np.eye(len(truth), dtype=np.bool_)
    figures, true = scores[off], truth[off]
    order = np.argsort(figures, kind="stable")
    ranks = np.empty(len(figures))
    ranks[order] = np.arange(1, len(figures) + 1)
    _, inverse, counts = np.unique(figures, return_inverse=True, return_counts=True)
    ranks = (np.bincount(inverse, ranks) / counts)[inverse]
    count = int(true.sum())
    return float((ranks[true].sum() - count * (count + 1) / 2.0) / (count * (len(true) - count)))
