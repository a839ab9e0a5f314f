"""A result as a table for other programs: one row for each moment, mean and percentiles of each value."""

import csv
import io
from collections.abc import Mapping
from typing import Any


def written(result: Mapping[str, Any]) -> bytes:
    """Write a run's courses as CSV; numbers read back as they were."""
    levels = [f"p{100 * level:g}" for level in result["percentiles"]]
    stream = io.StringIO()
    rows = csv.writer(stream, lineterminator="\n")
    rows.writerow(["time", *(f"{one['name']}:{word}" for one in result["series"] for word in ("mean", *levels))])
    for place, time in enumerate(result["times"]):
        values = [
            value for one in result["series"] for value in (one["mean"][place], *(band[place] for band in one["bands"]))
        ]
        rows.writerow([repr(time), *map(repr, values)])
    return stream.getvalue().encode()
