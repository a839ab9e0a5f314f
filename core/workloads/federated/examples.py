"""Examples of params, ready to be submitted."""

import random
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


def training() -> dict[str, Any]:
    """Tell two sorts of flowers apart by length and width of their leaves."""
    short = [[1.4, 0.2], [1.3, 0.2], [1.5, 0.3], [1.7, 0.4], [1.6, 0.2], [1.4, 0.3]]
    long = [[4.7, 1.4], [4.5, 1.5], [4.9, 1.5], [4.0, 1.3], [4.6, 1.5], [3.3, 1.0]]
    return {
        "client": "site-1",
        "learner": {"learner": "logistic", "classes": 2},
        "data": {"inputs": [*short, *long], "targets": [0] * len(short) + [1] * len(long)},
        "local": {"epochs": 20, "batch": 4, "rate": 0.2},
        "seed": 1,
    }


def learning_together() -> dict[str, Any]:
    """Two sorts of flowers at six sites, the last of which confuses them; three rounds."""
    rng = random.Random(6)  # noqa: S311 - it is no secret
    sites = [_flowers(rng, 12) for _ in range(7)]
    sites[5]["targets"] = [1 - sort for sort in sites[5]["targets"]]
    return {
        "members": [{"client": f"site-{place}", "data": data} for place, data in enumerate(sites[:6], 1)],
        "training": {
            "learner": {"learner": "logistic", "classes": 2},
            "local": {"epochs": 5, "batch": 6, "rate": 0.2},
            "evaluation": sites[6],
        },
        "strategy": "multi_krum",
        "settings": {"faults": 1},
        "rounds": 3,
        "seed": 1,
    }


def _flowers(rng: random.Random, count: int) -> dict[str, Any]:
    sorts = [place % 2 for place in range(count)]
    leaves = [[round(rng.gauss(0.6 if sort else -0.6, 0.4), 2) for _ in range(2)] for sort in sorts]
    return {"inputs": leaves, "targets": sorts}


def contest() -> dict[str, Any]:
    """Ten clients, two of whom turn their updates around, under four strategies."""
    return {
        "task": {"samples": 600, "inputs": 5, "classes": 3},
        "learner": {"learner": "logistic", "classes": 3},
        "local": {"epochs": 2, "batch": 20},
        "clients": 10,
        "alpha": 1.0,
        "attack": "sign_flip",
        "attackers": 2,
        "drop_out": 0.1,
        "rounds": 8,
        "strategies": [
            {"strategy": "fedavg"},
            {"strategy": "fedmedian"},
            {"strategy": "multi_krum", "settings": {"faults": 2}},
            {"strategy": "fltrust"},
        ],
        "seed": 1,
    }


def masked() -> dict[str, Any]:
    """Ten parties, three of whom are lost before they send their vector."""
    return {"parties": 10, "values": 8, "drop_out": 0.3, "threshold": 7}


def party() -> dict[str, Any]:
    """Return the first step of a party: its public keys."""
    return {"step": "keys", "place": 1, "secret": "5e" * 32}


def neighbors() -> dict[str, Any]:
    """Twelve nodes in a ring that loses a tenth of its links in each round."""
    return {"topology": "ring", "nodes": 12, "loss": 0.1}
