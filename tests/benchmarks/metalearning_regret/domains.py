"""Domains with known truths, and what every configuration of causal discovery is worth on each: tables of F1."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import numpy as np
from causal_figures.families import FAMILIES, Floats

from core.jobs.context import JobContext, MemoryRecorder
from core.workloads.causal import conclusions, resample, scoring, series, study
from core.workloads.causal.params import DiscoverParams
from core.workloads.metalearning import spaces
from core.workloads.metalearning.targets import TARGETS

TARGET = TARGETS["causal.discover"]
CONFIGURATIONS = spaces.configurations(TARGET.settings)
ROWS = (100, 200, 400, 800)
LEARNED_FROM, HELD_OUT = 50_000, 95_000
"""First seeds; nothing was tuned on the second."""
JUDGED_LATER = "/stability_threshold"
"""The only setting that changes nothing before the conclusion."""


@dataclass(frozen=True, slots=True)
class Table:
    """One domain."""

    family: str
    rows: int
    rewards: Floats
    """F1 by configuration."""
    default: float
    """F1 of the params as they are by themselves."""


def tables(first: int, count: int, cache: Path) -> list[Table]:
    """Measure domains: families in turn, lengths by chance; what was measured is kept."""
    return [_kept(first + number, list(FAMILIES)[number % len(FAMILIES)], cache) for number in range(count)]


def _kept(seed: int, family: str, cache: Path) -> Table:
    rows = int(np.random.default_rng([seed, 4711]).choice(ROWS))
    asked = hashlib.sha256(repr((seed, family, rows, TARGET)).encode()).hexdigest()[:24]
    file = cache / f"metalearning-{asked}.npy"
    if not file.is_file():
        cache.mkdir(parents=True, exist_ok=True)
        np.save(file, _measured(seed, family, rows))
    told = np.load(file)
    return Table(family, rows, told[:-1], float(told[-1]))


def _measured(seed: int, family: str, rows: int) -> Floats:
    window = FAMILIES[family](seed)
    values = window.values[:rows]
    names = tuple(f"x{number}" for number in range(values.shape[1]))
    truth = [(names[j], names[i]) for i, j in np.argwhere(window.truth)]
    given = series.Series(names, values, (len(values),))
    by_study: dict[str, list[int]] = {}
    for number, settings in enumerate(CONFIGURATIONS):
        early = {place: choice for place, choice in settings.items() if place != JUDGED_LATER}
        by_study.setdefault(repr(early), []).append(number)
    rewards = {
        number: f1
        for numbers in by_study.values()
        for number, f1 in zip(numbers, _scores(given, truth, [CONFIGURATIONS[n] for n in numbers]), strict=True)
    }
    (default,) = _scores(given, truth, [{}])
    return np.array([*(rewards[number] for number in range(len(CONFIGURATIONS))), default])


def _scores(given: series.Series, truth: Sequence[tuple[str, str]], many: Sequence[spaces.Settings]) -> list[float]:
    """Return F1 of settings that share their study and resamples."""
    tiny = {"names": ["a", "b"], "values": [[float(row), float(row * row % 7)] for row in range(20)]}
    told = [DiscoverParams().load(spaces.applied({"series": tiny, **TARGET.fixed}, settings)) for settings in many]
    made = study.make(given, told[0])
    tallies = resample.tally(made, told[0], 0, told[0]["resamples"], lambda _: None)
    return [_f1(given.names, truth, conclusions.conclude(made, tallies, params)["edges"]) for params in told]


def _f1(names: Sequence[str], truth: Sequence[tuple[str, str]], edges: Sequence[dict[str, object]]) -> float:
    pairs = [{"source": source, "target": target, "lag": None, "effect": None} for source, target in truth]
    asked = {"names": list(names), "truth": pairs, "estimate": {"edges": edges, "scores": None}}
    found = scoring.compute(asked, JobContext(UUID(int=1), 1, 0, MemoryRecorder()))["f1"]
    return float(found or 0.0)
