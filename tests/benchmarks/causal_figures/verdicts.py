"""How often what a discovery states is right: verdicts, intervals, confidence; on windows of seeds never tuned on."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np

from causal_figures import accuracy
from causal_figures.discovering import Discovered, discover, place
from causal_figures.families import FAMILIES, QUIET, Window

VERDICTS = ("accepted", "unstable", "not significant")
WARNED = "accepted, with a warning"
STEPS = (0.0, 0.05, 0.2, 0.5, 0.8, 0.95, 1.0)
"""Stated confidence is told in these steps."""
HEAD = ("family", *VERDICTS, WARNED, "windows without a false edge", "95 % intervals hold")


@dataclass(slots=True)
class Said:
    """What was said of one family's ordered pairs, and whether it was right."""

    pairs: dict[str, list[bool]] = field(default_factory=dict)
    """By verdict, whether each pair is a true one."""
    clean: list[bool] = field(default_factory=list)
    """Of each window, whether no false pair was accepted."""
    covered: list[bool] = field(default_factory=list)
    confidence: list[float] = field(default_factory=list)
    true: list[bool] = field(default_factory=list)
    """Of each ordered pair, beside `confidence`."""

    def listen(self, found: Discovered, window: Window) -> None:
        """Note what was said of one window."""
        for pair, verdict in _verdicts(found).items():
            for name in verdict:
                self.pairs.setdefault(name, []).append(bool(window.truth[pair]))
        self.clean.append(not (found.lagged() & ~window.truth).any())
        self.covered += list(accuracy.coverage(found, window))
        off = ~np.eye(len(window.truth), dtype=np.bool_)
        self.confidence += found.scores()[off].tolist()
        self.true += window.truth[off].tolist()


def measure(
    first_seed: int, windows: int, families: Sequence[str] | None, told: Callable[[str], None]
) -> dict[str, Said]:
    """Look at so many windows of these families; of every one, those without any edge too, when none is named."""
    found = {}
    every = {**FAMILIES, **QUIET}
    for family, make in {name: every[name] for name in families or every}.items():
        found[family] = Said()
        for seed in range(first_seed, first_seed + windows):
            window = make(seed)
            found[family].listen(discover(window.values, max_lag=accuracy.MAX_LAG), window)
        told(" | ".join(_row(family, found[family])))
    return found


def tables(said: Mapping[str, Said]) -> Iterator[str]:
    """Write two tables in Markdown: verdicts by family, and what stated confidence is worth."""
    yield from _lined(HEAD, [_row(family, one) for family, one in said.items()])
    yield ""
    head = ("stated confidence that j causes i", *said)
    rows = [
        (f"{low:g} to {high:g}", *(_share(_stated_between(one, low, high)) for one in said.values()))
        for low, high in pairwise(STEPS)
    ]
    yield from _lined(head, rows)


def _verdicts(found: Discovered) -> dict[tuple[int, int], list[str]]:
    """Return each ordered pair's verdict, the best of its lags; effects within the row have no direction."""
    best: dict[tuple[int, int], list[str]] = {}
    for edge in sorted(found.result["edges"], key=lambda one: VERDICTS.index(one["verdict"])):
        pair = place(edge["target"]), place(edge["source"])
        if edge["lag"] and pair not in best:
            warned = edge["verdict"] == "accepted" and bool(edge["warnings"])
            best[pair] = [edge["verdict"], WARNED] if warned else [edge["verdict"]]
    return best


def _stated_between(one: Said, low: float, high: float) -> list[bool]:
    inside = [low <= stated < high or stated == high == 1.0 for stated in one.confidence]
    return [true for true, there in zip(one.true, inside, strict=True) if there]


def _row(family: str, one: Said) -> tuple[str, ...]:
    shares = (_share(one.pairs.get(name, [])) for name in (*VERDICTS, WARNED))
    covered = f"{np.mean(one.covered):.3f}" if one.covered else "-"
    return family, *shares, f"{sum(one.clean)} of {len(one.clean)}", covered


def _share(right: list[bool]) -> str:
    return f"{np.mean(right):.3f} of {len(right)}" if right else "-"


def _lined(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> Iterator[str]:
    for row in (head, ("---",) * len(head), *rows):
        yield f"| {' | '.join(row)} |"
