"""`federated.secure_sum`: parties played here or as jobs, some of whom drop out; the sum, and what the server saw."""

import hashlib
import io
import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from core.errors import FieldError
from core.jobs.context import JobContext
from core.workloads.federated.arrays import Floats
from core.workloads.federated.rounds import StrategyUnfit
from core.workloads.federated.secure import field, server
from core.workloads.federated.secure.companies import AsJobs, Here
from core.workloads.federated.secure.party import Party

SUM = "sum.npy"
WRITTEN_OUT = 1000


def compute(params: dict[str, Any], context: JobContext) -> dict[str, Any]:
    """Play the protocol; raises `SecureSumAborted` below the threshold, `StrategyUnfit` for values that could wrap."""
    vectors = _vectors(params, context)
    count, size = vectors.shape
    bits, threshold = params["fraction_bits"], params["threshold"] or 2 * count // 3 + 1
    _refuse_large(vectors, bits)
    rng = np.random.default_rng(context.stream_key("who"))
    order = [int(one) + 1 for one in rng.permutation(count)]
    lost, mute = math.ceil(params["drop_out"] * count), math.ceil(params["fall_silent"] * count)
    gone, silent = set(order[:lost]), set(order[lost : lost + mute])
    encoded = {place: field.encode(row, bits) for place, row in enumerate(vectors, 1)}
    secrets = {place: _secret(context, place) for place in encoded}
    company = AsJobs(context, secrets, encoded) if params["as_jobs"] else _here(secrets, encoded)
    context.progress(0.1, "sharing", f"{count} parties")
    view = server.View()
    total = server.run(company, threshold, gone, silent, view)
    context.progress(0.9, "writing")
    summed = field.decode(total, bits)
    counted = sorted(view.masked)
    told = set(next(iter(view.seeds.values())))
    plain = vectors[[place - 1 for place in counted]]
    expected = field.decode(_plain_sum(encoded, counted), bits)
    file = io.BytesIO()
    np.save(file, summed)
    context.save_artifact(SUM, file.getvalue(), "application/octet-stream")
    return {
        "parties": count,
        "values": size,
        "threshold": threshold,
        "counted": len(counted),
        "gone": sorted(set(encoded) - set(counted)),
        "silent": sorted(set(counted) - told),
        "exact": bool((summed == expected).all()),
        "largest_error": float(np.abs(summed - plain.sum(axis=0)).max()),
        "error_bound": len(counted) * 2.0 ** -(bits + 1),
        "largest_value": field.largest(count, bits),
        "bytes_by_party": 8 * size + view.carried // count + 64,
        "sum": summed.tolist() if size <= WRITTEN_OUT else None,
        "artifact": SUM,
    }


def _here(secrets: Mapping[int, bytes], encoded: Mapping[int, field.Elements]) -> Here:
    return Here([Party(place, secret) for place, secret in secrets.items()], encoded)


def _vectors(params: Mapping[str, Any], context: JobContext) -> Floats:
    if params["vectors"] is not None:
        return np.array(params["vectors"], dtype=np.float64)
    rng = np.random.default_rng(context.stream_key("vectors"))
    return rng.standard_normal((params["parties"], params["values"]))


def _refuse_large(vectors: Floats, bits: int) -> None:
    bound = field.largest(len(vectors), bits)
    large = np.argwhere(np.abs(vectors) > bound)
    if len(large):
        row, column = (int(one) for one in large[0])
        detail = f"At most {bound:.6g} in size, so that the sum cannot wrap around; use fewer fraction_bits."
        raise StrategyUnfit(detail, errors=[FieldError(f"/params/vectors/{row}/{column}", detail)])


def _plain_sum(encoded: Mapping[int, field.Elements], counted: list[int]) -> field.Elements:
    total = np.zeros_like(encoded[1])
    for place in counted:
        total = field.add(total, encoded[place])
    return total


def _secret(context: JobContext, place: int) -> bytes:
    return hashlib.sha256(f"{context.stream_key('party', place)}".encode()).digest()
