"""Loaded params written as JSON again, for jobs and rows that are made of them."""

from collections.abc import Mapping
from typing import Any


def written(value: Any) -> Any:
    """Return JSON: ids as text; what is null is left out of objects."""
    if isinstance(value, Mapping):
        return {name: written(one) for name, one in value.items() if one is not None}
    if isinstance(value, list):
        return [written(one) for one in value]
    return value if isinstance(value, bool | int | float | str) else str(value)
