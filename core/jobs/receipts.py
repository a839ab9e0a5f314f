"""Receipts: what one would need to get the same result again."""

import functools
import platform
import sys
from collections.abc import Mapping
from importlib.metadata import version
from typing import Any

from core.jobs.leases import Claimed

_NUMERIC = ("numpy", "scipy")


def seed_of(claimed: Claimed) -> int:
    """Return the seed that the params give, or else one that follows from them: same params, same seed."""
    seed = claimed.params.get("seed")
    return seed if isinstance(seed, int) else int(claimed.params_hash[:12], 16)


def make_receipt(claimed: Claimed, *, inputs: Mapping[str, str]) -> dict[str, Any]:
    """Write down what determined a result."""
    return {
        "kind": claimed.kind,
        "kind_version": claimed.kind_version,
        "params_hash": claimed.params_hash,
        "seed": seed_of(claimed),
        "inputs": dict(inputs),
        "libraries": _libraries(tuple(name for name in _NUMERIC if name in sys.modules)),
    }


@functools.cache
def _libraries(loaded: tuple[str, ...]) -> dict[str, str]:
    return {"python": platform.python_version(), **{name: version(name) for name in ("penstock", *loaded)}}
