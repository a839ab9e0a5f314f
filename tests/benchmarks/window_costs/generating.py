"""Generation: from raw numpy to windows in memory, as Arrow, and stored by a job; the same values, in one run."""

import time
from collections.abc import Callable, Iterator
from statistics import median
from typing import Any

import numpy as np

from core.platform.domains import frames
from core.workloads.windows.generation import make_draw
from core.workloads.windows.generators.base import Chart
from core.workloads.windows.summaries import summarize
from window_costs.bed import made_bed

ROWS, VARIABLES, WINDOWS = 1000, 32, 256
ROUNDS = 5
NAMES = [f"v{number:02}" for number in range(VARIABLES)]
GENERATOR: dict[str, Any] = {
    "base": {"generator": "independent", "families": [{"family": "normal"}], "dependence": None},
    "layers": [],
}


def measure() -> Iterator[tuple[str, str, str, str, str]]:
    """Yield rows of the table: what, target, measured, beside what, ratio."""
    chart = Chart(NAMES, ROWS, 1)
    draw = make_draw(chart, GENERATOR)
    indices = range(WINDOWS)

    def raw() -> None:
        rng = np.random.default_rng(1)
        for _ in indices:
            rng.standard_normal((VARIABLES, ROWS))

    def drawn() -> None:
        for index in indices:
            draw([index])

    def encoded() -> None:
        for index in indices:
            ((columns, _),) = draw([index])
            frames.encode(NAMES, columns, {})

    def summarized() -> None:
        for index in indices:
            ((columns, _),) = draw([index])
            frames.encode(NAMES, columns, {})
            summarize(NAMES, columns)

    values = WINDOWS * ROWS * VARIABLES
    rounds = [{one.__name__: _cpu_s(one) for one in (raw, drawn, encoded, summarized)} for _ in range(ROUNDS)]
    raw_rate = values / median(one["raw"] for one in rounds) / 1e6
    for name, target in (("drawn", "≥ 0.6"), ("encoded", ""), ("summarized", "")):
        share = median(one["raw"] / one[name] for one in rounds)
        told = {"drawn": "windows drawn", "encoded": "and written as Arrow", "summarized": "and summarized"}[name]
        yield (told, target, f"{share * raw_rate:.1f} M values/s", f"raw numpy, {raw_rate:.1f}", f"{share:.2f}")
    yield from _end_to_end(raw, values)


def _end_to_end(raw: Callable[[], None], values: int) -> Iterator[tuple[str, str, str, str, str]]:
    shares, walls = [], []
    with made_bed() as bed:
        bed.add_domain("big", variables=NAMES, window_size=ROWS, generator=GENERATOR, retention_windows=WINDOWS)
        bed.run("windows.generate", {"domain": "big", "count": 8})
        for _ in range(ROUNDS):
            before, began = _cpu_s(raw), time.perf_counter()
            cpu_began = time.process_time()
            bed.run("windows.generate", {"domain": "big", "count": WINDOWS})
            shares.append(before / (time.process_time() - cpu_began))
            walls.append(values / (time.perf_counter() - began) / 1e6)
    told = f"{median(walls):.1f} M values/s by the clock"
    yield (
        "a job, from params to stored windows",
        "≥ 0.25",
        told,
        "raw numpy (CPU of the worker)",
        f"{median(shares):.2f}",
    )


def _cpu_s(function: Callable[[], None]) -> float:
    began = time.process_time()
    function()
    return time.process_time() - began
