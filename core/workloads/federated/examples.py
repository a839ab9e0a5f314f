"""Examples of params, ready to be submitted."""

from typing import Any


def aggregation() -> dict[str, Any]:
    """Seven clients of a model with two arrays; the sixth turns its update around, the seventh sends a hole."""
    honest = [([1.0, 2.0], [0.5]), ([1.1, 1.9], [0.4]), ([0.9, 2.1], [0.6]), ([1.0, 2.2], [0.5]), ([1.2, 2.0], [0.4])]
    updates = [
        {"client": f"site-{place}", "weight": 40 + place, "update": {"arrays": {"slope": slope, "offset": offset}}}
        for place, (slope, offset) in enumerate(honest, 1)
    ]
    turned = {"client": "site-6", "weight": 46, "update": {"arrays": {"slope": [-9.0, -18.0], "offset": [-4.5]}}}
    flawed = {"client": "site-7", "weight": 47, "update": {"arrays": {"slope": [1.0, None], "offset": [0.5]}}}
    return {
        "updates": [*updates, turned, flawed],
        "strategy": "multi_krum",
        "settings": {"faults": 1},
        "form": "change",
        "model": {"arrays": {"slope": [0.0, 0.0], "offset": [0.0]}},
    }
