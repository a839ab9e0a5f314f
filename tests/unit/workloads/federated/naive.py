"""Each strategy as its paper writes it, client by client in float64: slow, and hard to get wrong."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

Vector = Any
Facts = Mapping[str, Any]
"""weights, losses, staleness, trusted, settings, and the moments before: first, second, steps."""


def mean(updates: list[Vector], weights: list[float]) -> Vector:
    total = np.zeros(len(updates[0]))
    for update, weight in zip(updates, weights, strict=True):
        total += weight * update
    return total / sum(weights)


def fedavg(updates: list[Vector], facts: Facts) -> Vector:
    return mean(updates, facts["weights"])


def fedavgm(updates: list[Vector], facts: Facts) -> Vector:
    settings, before = facts["settings"], facts["first"]
    momentum = mean(updates, facts["weights"])
    if before is not None:
        momentum = settings["momentum"] * before + momentum
    return settings["rate"] * momentum


def _adaptive(updates: list[Vector], facts: Facts, second: Callable[[float, float, float], float]) -> Vector:
    settings, change = facts["settings"], mean(updates, facts["weights"])
    tau, rate = settings["tau"], settings["rate"]
    for place, value in enumerate(change):
        m = 0.0 if facts["first"] is None else facts["first"][place]
        v = tau**2 if facts["second"] is None else facts["second"][place]
        m = settings["beta1"] * m + (1 - settings["beta1"]) * value
        v = second(v, value**2, settings["beta2"])
        change[place] = rate * m / (v**0.5 + tau)
    return change


def fedadam(updates: list[Vector], facts: Facts) -> Vector:
    return _adaptive(updates, facts, lambda v, square, beta: beta * v + (1 - beta) * square)


def fedyogi(updates: list[Vector], facts: Facts) -> Vector:
    return _adaptive(updates, facts, lambda v, square, beta: v - (1 - beta) * square * np.sign(v - square))


def fedadagrad(updates: list[Vector], facts: Facts) -> Vector:
    return _adaptive(updates, facts, lambda v, square, _: v + square)


def fedmedian(updates: list[Vector], facts: Facts) -> Vector:
    return np.array([np.median([one[place] for one in updates]) for place in range(len(updates[0]))])


def trimmed_mean(updates: list[Vector], facts: Facts) -> Vector:
    cut = int(facts["settings"]["trim"] * len(updates) + 1e-9)
    kept = [sorted(one[place] for one in updates)[cut : len(updates) - cut] for place in range(len(updates[0]))]
    return np.array([sum(values) / len(values) for values in kept])


def _best(updates: list[Vector], faults: int) -> list[int]:
    scores = []
    for one in range(len(updates)):
        apart = sorted(float(np.sum((updates[one] - updates[two]) ** 2)) for two in range(len(updates)) if two != one)
        scores.append(sum(apart[: max(1, len(updates) - faults - 2)]))
    return sorted(range(len(updates)), key=lambda one: scores[one])


def krum(updates: list[Vector], facts: Facts) -> Vector:
    return updates[_best(updates, int(facts["settings"]["faults"]))[0]]


def multi_krum(updates: list[Vector], facts: Facts) -> Vector:
    faults = int(facts["settings"]["faults"])
    kept = _best(updates, faults)[: int(facts["settings"]["keep"]) or len(updates) - faults]
    return mean([updates[one] for one in kept], [facts["weights"][one] for one in kept])


def bulyan(updates: list[Vector], facts: Facts) -> Vector:
    faults, left = int(facts["settings"]["faults"]), list(updates)
    theta = len(updates) - 2 * faults
    chosen = [left.pop(_best(left, faults)[0]) for _ in range(theta)]
    change = []
    for place in range(len(updates[0])):
        values = [one[place] for one in chosen]
        middle = np.median(values)
        change.append(np.mean(sorted(values, key=lambda value: abs(value - middle))[: theta - 2 * faults]))
    return np.array(change)


def geometric_median(updates: list[Vector], facts: Facts) -> Vector:
    smoothing, weights = facts["settings"]["smoothing"], facts["weights"]
    center = mean(updates, weights)
    for _ in range(int(facts["settings"]["iterations"])):
        pull = [
            weight / sum(weights) / max(float(np.linalg.norm(one - center)), smoothing)
            for one, weight in zip(updates, weights, strict=True)
        ]
        center = mean(updates, pull)
    return center


def centered_clipping(updates: list[Vector], facts: Facts) -> Vector:
    settings, weights = facts["settings"], facts["weights"]
    center = np.zeros(len(updates[0])) if facts["first"] is None else facts["first"]
    for _ in range(int(settings["iterations"])):
        away = [float(np.linalg.norm(one - center)) for one in updates]
        radius = settings["radius"] or float(np.median(away))
        drawn = [
            (one - center) * min(1.0, radius / far) if far else one - center
            for one, far in zip(updates, away, strict=True)
        ]
        center = center + mean(drawn, weights)
    return center


def fltrust(updates: list[Vector], facts: Facts) -> Vector:
    own = facts["trusted"]
    length = np.linalg.norm(own)
    total, trusts = np.zeros(len(own)), 0.0
    for one in updates:
        trust = max(0.0, float(one @ own / (np.linalg.norm(one) * length)))
        total += trust * one * length / np.linalg.norm(one)
        trusts += trust
    return total / trusts if trusts else total


def qfedavg(updates: list[Vector], facts: Facts) -> Vector:
    q, steep = facts["settings"]["q"], 1 / facts["settings"]["rate"]
    total, heights = np.zeros(len(updates[0])), 0.0
    for one, told in zip(updates, facts["losses"], strict=True):
        loss, gradient = told + 1e-10, -steep * one
        total += loss**q * gradient
        heights += q * loss ** (q - 1) * float(gradient @ gradient) + steep * loss**q
    return -total / heights


def inverse_loss(updates: list[Vector], facts: Facts) -> Vector:
    return mean(
        updates, [weight / (loss + 1e-10) for weight, loss in zip(facts["weights"], facts["losses"], strict=True)]
    )


def staleness(updates: list[Vector], facts: Facts) -> Vector:
    settings, total = facts["settings"], np.zeros(len(updates[0]))
    for one, weight, age in zip(updates, facts["weights"], facts["staleness"], strict=True):
        total += settings["mixing"] * (1 + age) ** -settings["exponent"] * weight / sum(facts["weights"]) * one
    return total


NAIVE: dict[str, Callable[[list[Vector], Facts], Vector]] = {
    "fedavg": fedavg,
    "fedprox": fedavg,
    "fedavgm": fedavgm,
    "fedadam": fedadam,
    "fedyogi": fedyogi,
    "fedadagrad": fedadagrad,
    "fedmedian": fedmedian,
    "trimmed_mean": trimmed_mean,
    "krum": krum,
    "multi_krum": multi_krum,
    "bulyan": bulyan,
    "geometric_median": geometric_median,
    "centered_clipping": centered_clipping,
    "fltrust": fltrust,
    "qfedavg": qfedavg,
    "inverse_loss": inverse_loss,
    "staleness": staleness,
}
