"""Small tasks with a known truth, made without anything numeric."""

import hashlib
from typing import Any

NAMES = ["load", "heat", "fan", "draft"]


def task(seed: int, rows: int = 60) -> dict[str, Any]:
    """Return a task of causal.discover: load drives heat, and heat drives fan two rows later; draft is on its own."""
    count = len(NAMES)
    drawn = hashlib.shake_128(f"metalearning/{seed}".encode()).digest(4 * count * rows)
    noise = [sum(drawn[4 * place : 4 * place + 4]) / 255.0 - 2.0 for place in range(count * rows)]
    values = [[0.0] * count] * 2
    for row in range(rows):
        (load, heat, fan, draft), before = values[-1], values[-2][1]
        more = noise[count * row : count * row + count]
        made = (0.5 * load, 0.3 * heat + 0.5 * load, 0.3 * fan - 0.4 * before, 0.6 * draft)
        values.append([round(one + two, 4) for one, two in zip(made, more, strict=True)])
    truth = [{"source": "load", "target": "heat", "lag": 1}, {"source": "heat", "target": "fan", "lag": 2}]
    return {
        "name": f"plant {seed}",
        "params": {"series": {"names": NAMES, "values": values[2:]}, "resamples": 50, "plots": False},
        "score": {"names": NAMES, "truth": truth},
    }


SPACE: dict[str, list[Any]] = {"/max_lag": [1, 2], "/q": [0.05, 0.2]}


def tuning() -> dict[str, Any]:
    """Return params of `metalearning.tune`: without a prior, by chance."""
    return {"target": "causal.discover", "task": task(1), "space": SPACE, "trials": 3}


def adaptation() -> dict[str, Any]:
    """Return params of `metalearning.adapt`: three tasks to learn from, one to judge by."""
    return {"target": "causal.discover", "tasks": [task(seed) for seed in range(4)], "space": SPACE}


def evaluation() -> dict[str, Any]:
    """Return params of `metalearning.evaluate`: a prior of two tasks, on two others."""
    prior = {
        "format": "penstock prior 1",
        "target": "causal.discover",
        "space": SPACE,
        "places": list(SPACE),
        "method": "neighbors",
        "version": 1,
        "rewards": [[1.0, 0.7, 1.0, 0.7], [1.0, 1.0, 0.7, 0.7]],
        "history": [],
    }
    return {
        "target": "causal.discover",
        "prior": {"document": prior},
        "tasks": [task(seed) for seed in (11, 12)],
        "trials": 4,
    }


def shrinking() -> dict[str, Any]:
    """Return params of `metalearning.shrink`: four plants that are alike, and a fifth of which little is known."""
    earlier = [{"name": f"plant {seed}", "values": _rows(seed, 60)} for seed in range(4)]
    return {"names": NAMES, "earlier": earlier, "new": {"name": "plant 9", "values": _rows(9, 16)}}


def _rows(seed: int, rows: int) -> list[list[float]]:
    values: list[list[float]] = task(seed, rows)["params"]["series"]["values"]
    return values
