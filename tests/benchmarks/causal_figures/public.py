"""Public data with a known graph, where it is at hand; half of the files was never looked at while tuning."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from causal_figures.discovering import Flags, auroc, discover, f1_and_fdr
from causal_figures.families import Floats

FOLDER = Path(__file__).parents[3] / ".." / "shared" / "data" / "causal"
SETS = {"var": 0.99, "lorenz96": 0.99, "netsim": 0.93, "dream3": 0.63}
"""Mean AUROC to reach."""
_TRAJECTORY = 21


@dataclass(frozen=True, slots=True)
class Recorded:
    """One series and its graph."""

    name: str
    values: Floats
    truth: Flags
    lengths: tuple[int, ...]
    tuned: bool
    """Whether tuning saw it."""


def recorded(name: str) -> Iterator[Recorded]:
    """Yield one set's series; nothing where the data is not at hand."""
    if name == "dream3":
        yield from _dream()
        return
    for number, file in enumerate(sorted((FOLDER / name).glob("*.npz"))):
        content = np.load(file)
        values, truth = content["X_np"].T.astype(np.float64), content["Gref"].astype(np.bool_)
        np.fill_diagonal(truth, val=False)
        yield Recorded(file.stem, values, truth, (len(values),), tuned=number % 2 == 0)


def measure(name: str) -> dict[bool, list[tuple[float, float, float]]]:
    """Return AUROC, F1 and CPU seconds of each series, by whether tuning saw it."""
    found: dict[bool, list[tuple[float, float, float]]] = {}
    for one in recorded(name):
        ours = discover(one.values, one.lengths, resamples=200)
        figures = auroc(ours.scores(), one.truth), f1_and_fdr(ours.lagged(), one.truth)[0], ours.cpu_s
        found.setdefault(one.tuned, []).append(figures)
    return found


def pooled() -> float | None:
    """Return the AUROC of all NetSim subjects' figures together, averaged first: they share one graph."""
    subjects = list(recorded("netsim"))
    if not subjects:
        return None
    mean = np.mean([discover(one.values, resamples=50).scores() for one in subjects], axis=0)
    return auroc(mean, subjects[0].truth)


def _dream() -> Iterator[Recorded]:
    for file in sorted((FOLDER / "dream3").glob("Size100*.npy")):
        network = file.stem.removeprefix("Size100")
        values = np.load(file).astype(np.float64)
        truth = np.zeros((values.shape[1],) * 2, dtype=np.bool_)
        for line in (file.parent / f"InSilicoSize100-{network}.tsv").read_text().splitlines():
            source, target, sign = line.split()
            if sign != "0":
                truth[int(target[1:]) - 1, int(source[1:]) - 1] = True
        lengths = (_TRAJECTORY,) * (len(values) // _TRAJECTORY)
        yield Recorded(f"100-{network}", values, truth, lengths, tuned=network.startswith("Ecoli"))
