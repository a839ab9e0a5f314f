"""Arrays by name as bytes, for snapshots."""

import io
from collections.abc import Mapping

import numpy as np

from core.workloads.simulation.arrays import Floats


def write(arrays: Mapping[str, Floats]) -> bytes:
    """Write arrays."""
    stream = io.BytesIO()
    np.savez(stream, allow_pickle=False, **dict(arrays))
    return stream.getvalue()


def read(content: bytes) -> dict[str, Floats]:
    """Read what `write` wrote."""
    with np.load(io.BytesIO(content), allow_pickle=False) as found:
        return {name: found[name] for name in found.files}
