"""A series as the computations see it, wherever it comes from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from core.errors import FieldError, Invalid
from core.jobs.context import JobContext
from core.platform.domains import frames
from core.platform.domains.facts import DomainMissing
from core.workloads.causal import tables
from core.workloads.causal.arrays import Floats


class SeriesUnfit(Invalid):
    """The series cannot be looked at as it is."""

    code = "series_unfit"


@dataclass(frozen=True, slots=True)
class Series:
    """Variables by columns, rows in the order of time, trajectories one after another; NaN is missing."""

    names: tuple[str, ...]
    values: Floats
    lengths: tuple[int, ...]


def refuse(pointer: str, detail: str) -> SeriesUnfit:
    """Return the error that names one field and its fault."""
    return SeriesUnfit(detail, errors=[FieldError(f"/params{pointer}", detail)])


def load(given: Mapping[str, Any], trajectories: Sequence[int] | None, context: JobContext) -> Series:
    """Load a series that the params give in one of three ways; raises `SeriesUnfit`."""
    if "values" in given:
        names, values = tuple(given["names"]), np.array(given["values"], dtype=np.float64)
    elif "artifact" in given:
        with context.open_artifact(given["artifact"]) as stream:
            try:
                names, values = tables.read(stream.read())
            except tables.TableUnreadable as error:
                raise refuse("/series/artifact", str(error)) from error
    else:
        return _of_domain(given, trajectories, context)
    return Series(names, values, _lengths(trajectories, len(values)))


def _of_domain(given: Mapping[str, Any], trajectories: Sequence[int] | None, context: JobContext) -> Series:
    """Read the windows of a domain; where time is broken between them, trajectories end unless the params say else."""
    try:
        read = frames.join(context.domains.read(given["domain_id"], given["first"], given["last"]))
    except (DomainMissing, frames.SpanEmpty, frames.FramesUnlike) as error:
        raise refuse("/series/domain_id", error.detail) from error
    lengths = tuple(read.trajectories) if trajectories is None else _lengths(trajectories, len(read.values))
    return Series(tuple(read.names), read.values, lengths)


def _lengths(trajectories: Sequence[int] | None, rows: int) -> tuple[int, ...]:
    if trajectories is None:
        return (rows,)
    if sum(trajectories) != rows:
        raise refuse("/trajectories", f"The trajectories have {sum(trajectories)} rows together, the series {rows}.")
    return tuple(trajectories)
