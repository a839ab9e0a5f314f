"""Accuracy on made windows: ours and the peers', family by family, on seeds that no tuning saw."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from causal_figures.discovering import Discovered, discover, f1_and_fdr, place
from causal_figures.families import FAMILIES, QUIET, Window
from causal_figures.peers import Peers

FIRST_SEED = 90_000
"""Tuning used seeds below 1,000."""
MAX_LAG = 2
"""Told to every method; the longest true lag."""


@dataclass(slots=True)
class Tally:
    """Figures of one method on one family, one entry for each window."""

    f1: list[float] = field(default_factory=list)
    fdr: list[float] = field(default_factory=list)
    cpu_s: list[float] = field(default_factory=list)


@dataclass(slots=True)
class Ours:
    """What only our own results say: of one family."""

    covered: list[bool] = field(default_factory=list)
    reversed: int = 0
    true: int = 0


def compare(
    peers: Peers | None,
    families: Sequence[str],
    windows: int,
    methods: Sequence[str],
    told: Callable[[str], None],
) -> tuple[dict[str, dict[str, Tally]], dict[str, Ours]]:
    """Run these families; return tallies by family and method, and our own further figures by family."""
    tallies: dict[str, dict[str, Tally]] = {}
    own: dict[str, Ours] = {}
    for family in families:
        make = FAMILIES[family]
        tallies[family] = {name: Tally() for name in ("ours", *methods)}
        own[family] = Ours()
        made = [make(seed) for seed in range(FIRST_SEED, FIRST_SEED + windows)]
        for window in made:
            found = discover(window.values, max_lag=MAX_LAG)
            _add(tallies[family]["ours"], found.lagged(), window, found.cpu_s)
            _look(own[family], found, window)
        for method in methods if peers is not None else ():
            assert peers is not None
            for window, answer in zip(made, peers.ask(method, [one.values for one in made], MAX_LAG), strict=True):
                flags = np.zeros_like(window.truth)
                for target, source in answer["edges"]:
                    flags[target, source] = True
                _add(tallies[family][method], flags, window, answer["cpu_s"])
        told(f"{family}: " + _told(tallies[family]))
    return tallies, own


def quiet(windows: int) -> Mapping[str, float]:
    """Return for each family without edges the share of windows in which none is accepted."""
    shares = {}
    for family, make in QUIET.items():
        loud = [discover(make(seed).values).lagged().any() for seed in range(FIRST_SEED, FIRST_SEED + windows)]
        shares[family] = 1.0 - float(np.mean(loud))
    return shares


def _add(tally: Tally, found: np.ndarray[tuple[int, ...], np.dtype[np.bool_]], window: Window, cpu_s: float) -> None:
    f1, fdr = f1_and_fdr(found, window.truth)
    tally.f1.append(f1)
    tally.fdr.append(fdr)
    tally.cpu_s.append(cpu_s)


def _look(ours: Ours, found: Discovered, window: Window) -> None:
    """Note coverage and reversed edges."""
    lagged = found.lagged()
    ours.reversed += int((lagged & ~window.truth & window.truth.T).sum())
    ours.true += int(window.truth.sum())
    ours.covered += list(coverage(found, window))


def coverage(found: Discovered, window: Window) -> Iterator[bool]:
    """Yield for each effect told, of other variables' past, whether its 95 % interval holds the true one."""
    for edge in found.result["edges"]:
        if edge["lag"] and window.coefficients is not None:
            truth = window.coefficients[edge["lag"] - 1, place(edge["target"]), place(edge["source"])]
            yield bool(edge["ci_low"] <= truth <= edge["ci_high"])


def _told(tallies: Mapping[str, Tally]) -> str:
    return ", ".join(f"{name} {np.mean(one.f1):.3f}/{np.mean(one.fdr):.3f}" for name, one in tallies.items())
