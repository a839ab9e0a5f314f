"""Samples of the data that params name, wherever they lie; rows with a missing value are left out."""

import io
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import pyarrow as pa

from core.jobs.context import JobContext
from core.platform.domains import frames
from core.platform.domains.facts import DomainMissing
from core.workloads.federated import uploads
from core.workloads.federated.arrays import Floats
from core.workloads.federated.rounds import unfit
from core.workloads.federated.training import Samples
from core.workloads.federated.uploads.base import UploadUnreadable, count

Trajectories = list[Floats]
"""Rows by columns, one after another in time within each."""
_ARROW = b"\xff\xff\xff\xff"
_TABLE = 2


def load(given: Mapping[str, Any], asked: Mapping[str, Any], pointer: str, context: JobContext) -> Samples:
    """Load samples as `features` and `learner` of the params say; raises `StrategyUnfit` that names the field."""
    features, classes = asked["features"], asked["learner"]["classes"]
    if "inputs" in given:
        found = Samples(np.array(given["inputs"], np.float64), np.array(given["targets"], np.float64))
    elif "artifact" in given:
        found = _of_file(str(given["artifact"]), features, pointer, context)
    else:
        found = _of_domain(given, features, pointer, context)
    inputs, targets = found.inputs, found.targets.reshape(len(found), -1)
    whole = np.isfinite(inputs).all(axis=1) & np.isfinite(targets).all(axis=1)
    if not whole.any():
        raise unfit(pointer, "There is no sample without a missing value.")
    inputs, targets = inputs[whole], targets[whole]
    return Samples(inputs, targets if classes is None else _codes(targets, classes, pointer), found.causes)


def lagged(parts: Trajectories, causes: Sequence[int], targets: Sequence[int], lags: int) -> tuple[Floats, Floats]:
    """Return for each row that has `lags` rows before it these rows' causes, the latest first, and its targets."""
    inputs, told = [], []
    for part in parts:
        rows = len(part) - lags
        if rows > 0:
            back = [part[lags - lag : lags - lag + rows, causes] for lag in range(1, lags + 1)]
            inputs.append(np.hstack(back) if lags else part[:, causes])
            told.append(part[lags:, targets])
    width = len(causes) * max(lags, 1)
    return np.concatenate([np.empty((0, width)), *inputs]), np.concatenate([np.empty((0, len(targets))), *told])


def _codes(targets: Floats, classes: int, pointer: str) -> Any:
    if targets.shape[1] != 1:
        raise unfit(pointer, f"Classes are one column; there are {targets.shape[1]}.")
    codes = targets[:, 0].astype(np.int64)
    if (codes != targets[:, 0]).any() or codes.min() < 0 or codes.max() >= classes:
        raise unfit(pointer, f"Classes are whole numbers from 0 to {classes - 1}.")
    return codes


def _of_domain(
    given: Mapping[str, Any], features: Mapping[str, Any] | None, pointer: str, context: JobContext
) -> Samples:
    try:
        read = frames.join(context.domains.read(given["domain_id"], given["first"], given["last"]))
    except (DomainMissing, frames.SpanEmpty, frames.FramesUnlike) as error:
        raise unfit(f"{pointer}/domain_id", error.detail) from error
    ends = np.cumsum([0, *read.trajectories])
    return _taken(read.names, [read.values[a:b] for a, b in pairwise(ends)], features, pointer)


def _of_file(artifact: str, features: Mapping[str, Any] | None, pointer: str, context: JobContext) -> Samples:
    with context.open_artifact(artifact) as stream:
        begins = stream.read(len(_ARROW))
        stream.seek(0)
        if begins == _ARROW:
            try:
                names, parts = _batches(stream.read())
            except pa.ArrowInvalid as error:
                raise unfit(f"{pointer}/artifact", f"The Arrow stream is broken: {error}") from error
            return _taken(names, parts, features, pointer)
        try:
            arrays = dict(_arrays(io.BytesIO(stream.read())))
        except UploadUnreadable as error:
            raise unfit(f"{pointer}/artifact", error.detail) from error
    if set(arrays) != {"inputs", "targets"} or arrays["inputs"].ndim != _TABLE:
        raise unfit(f"{pointer}/artifact", "An npz of data has the arrays inputs (samples x columns) and targets.")
    if len(arrays["targets"]) != len(arrays["inputs"]):
        raise unfit(f"{pointer}/artifact", f"{len(arrays['targets'])} targets for {len(arrays['inputs'])} samples.")
    return Samples(arrays["inputs"], arrays["targets"])


def _arrays(stream: io.BytesIO) -> Iterator[tuple[str, Floats]]:
    for piece in uploads.pieces(stream):
        chunks = [np.asarray(chunk, np.float64) for chunk in piece.chunks]
        if count(piece.shape) and piece.shape:
            yield piece.name, np.concatenate(chunks).reshape(piece.shape)


def _batches(content: bytes) -> tuple[list[str], Trajectories]:
    with pa.ipc.open_stream(content) as reader:
        names = list(reader.schema.names)
        parts = [
            np.column_stack([np.asarray(column.to_numpy(zero_copy_only=False), np.float64) for column in batch.columns])
            for batch in reader
        ]
    return names, parts


def _taken(names: Sequence[str], parts: Trajectories, features: Mapping[str, Any] | None, pointer: str) -> Samples:
    """Take the columns that are learned."""
    if features is None:
        raise unfit("/features", "Columns were given: say which of them are learned.")
    targets, lags = features["targets"], features["lags"]
    causes = features["inputs"] or [name for name in names if lags or name not in targets]
    for name in (*targets, *causes):
        if name not in names:
            raise unfit(pointer, f"There is no column {name!r}; there are {', '.join(names)}.")
    if not causes:
        raise unfit("/features/inputs", "No column is left to learn from.")
    made = lagged(parts, [names.index(one) for one in causes], [names.index(one) for one in targets], lags)
    return Samples(*made, tuple(causes))
