"""`causal.resample`: one shard's resamples, and how shards come together again."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from core.jobs.context import JobContext
from core.workloads.causal import halves, resampling, series, study
from core.workloads.causal.resampling import Tally
from core.workloads.causal.results import Result
from core.workloads.causal.study import Study

__all__ = ["Tally", "compute", "merge", "split", "tally"]
_OWN = ("shards", "plots")
"""Params of discovery that its shards do not have."""


def compute(params: dict[str, Any], context: JobContext) -> Result:
    """Compute resamples `first` to `first + count`; raises `SeriesUnfit` as discovery would."""
    first, count = params["first"], params["count"]
    if first % halves.CHUNK or first + count > params["resamples"]:
        raise series.refuse("/first", f"A shard begins at a multiple of {halves.CHUNK} and ends within the resamples.")
    if count % halves.CHUNK and first + count != params["resamples"]:
        raise series.refuse("/count", f"A shard has a multiple of {halves.CHUNK} resamples, but for the last one.")
    made = study.make(series.load(params["series"], params["trajectories"], context), params)
    tallies = tally(made, params, first, count, lambda share: context.progress(share, "resample"))
    return {"resamples": count, "tallies": [_document(one) for one in tallies]}


def tally(
    made: Study, params: Mapping[str, Any], first: int, count: int, pulse: Callable[[float], None]
) -> list[Tally]:
    """Compute so many resamples of all regressions; `pulse` is called with the share that is done."""
    wanted = range(first // halves.CHUNK, resampling.chunks(first + count))
    everything, block, found = study.all_regressions(made), study.blocks(made), []
    for number, (part, penalty) in enumerate(everything):

        def step(share: float, number: int = number) -> None:
            pulse((number + share) / len(everything))

        found.append(
            resampling.run(
                part, penalty, block, key=params["seed"], resamples=params["resamples"], which=wanted, pulse=step
            )
        )
    return found


def split(params: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Write the params of discovery's shards: whole chunks, as evenly as may be."""
    chunks = resampling.chunks(params["resamples"])
    count = min(params["shards"], chunks)
    shared = {name: value for name, value in params.items() if name not in _OWN}
    parts = []
    for shard in range(count):
        first, end = halves.CHUNK * (chunks * shard // count), halves.CHUNK * (chunks * (shard + 1) // count)
        parts.append({**shared, "first": first, "count": min(end, params["resamples"]) - first})
    return parts


def merge(made: Study, parts: Sequence[Sequence[Mapping[str, Any]]], resamples: int) -> list[Tally]:
    """Add up what shards counted; whole numbers, so in any order the same."""
    found = study.no_tallies(made)
    for part in parts:
        found = [whole.plus(_read(one)) for whole, one in zip(found, part, strict=True)]
    return [Tally(resamples, one.selected, one.sums, one.squares, one.bins) for one in found]


def _document(one: Tally) -> dict[str, Any]:
    return {name: getattr(one, name).tolist() for name in ("selected", "sums", "squares", "bins")}


def _read(one: Mapping[str, Any]) -> Tally:
    selected, sums, squares = (np.array(one[name], dtype=np.int64) for name in ("selected", "sums", "squares"))
    bins = np.array(one["bins"], dtype=np.int64)
    return Tally(0, selected, sums, squares, bins.reshape(len(selected), -1, resampling.BINS))
