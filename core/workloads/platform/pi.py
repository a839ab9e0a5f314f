"""Pi by counting random points in a quarter of a circle: the probe of shards, the same bytes for any number of them.

The points come in blocks, each from a stream of its own that follows from (seed, number of the block), so that it does
not matter who draws which. Counting is exact: coordinates are whole numbers, and so are the sums.
"""

import hashlib
import math
import struct
from typing import Any

from core.jobs.context import JobContext
from core.workloads.platform import kinds

_COORDINATES = struct.Struct(f"<{2 * kinds.BLOCK_POINTS}I")
_RADIUS_SQUARED = 1 << 64


def compute(params: dict[str, Any], context: JobContext) -> dict[str, Any]:
    """Estimate pi, in place where one shard is asked for."""
    blocks = -(-params["points"] // kinds.BLOCK_POINTS)
    count = min(params["shards"], blocks)
    parts = [
        {"seed": params["seed"], "first_block": first, "blocks": end - first}
        for first, end in ((blocks * part // count, blocks * (part + 1) // count) for part in range(count))
    ]
    if count == 1:
        return _estimate(_count(parts[0], context), blocks)
    return _estimate(sum(one["inside"] for one in context.map(kinds.PI_SHARD.name, parts)), blocks)


def compute_shard(params: dict[str, Any], context: JobContext) -> dict[str, Any]:
    """Count the points of some blocks that lie inside."""
    return {"inside": _count(params, context)}


def _count(params: dict[str, Any], context: JobContext) -> int:
    inside = 0
    for done in range(params["blocks"]):
        inside += _count_block(params["seed"], params["first_block"] + done)
        context.progress((done + 1) / params["blocks"], "counting")
    return inside


def _count_block(seed: int, block: int) -> int:
    drawn = _COORDINATES.unpack(hashlib.shake_128(f"{seed}/{block}".encode()).digest(_COORDINATES.size))
    return sum(x * x + y * y < _RADIUS_SQUARED for x, y in zip(drawn[::2], drawn[1::2], strict=True))


def _estimate(inside: int, blocks: int) -> dict[str, Any]:
    points = blocks * kinds.BLOCK_POINTS
    share = inside / points
    error = 4 * math.sqrt(share * (1 - share) / points)
    return {"estimate": 4 * share, "inside": inside, "points": points, "error_estimate": error}
