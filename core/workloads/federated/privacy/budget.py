"""The budget: what releases cost together, and the refusal of the one that would overspend."""

from collections.abc import Mapping, Sequence
from typing import Any

from core.errors import Conflict, FieldError
from core.workloads.federated.privacy import renyi, tight
from core.workloads.federated.privacy.moments import Releases


class PrivacyBudgetSpent(Conflict):
    """The privacy budget does not pay for this round."""

    code = "privacy_budget_spent"


def one_more(earlier: Sequence[Releases], terms: Mapping[str, Any]) -> list[Releases]:
    """Return the releases with one more by these terms; equal ones are counted together."""
    this = (terms["noise_multiplier"], terms["sampling"])
    counted: dict[tuple[float, float], int] = {}
    for one in earlier:
        key = (one.noise_multiplier, one.sampling)
        counted[key] = counted.get(key, 0) + one.rounds
    counted[this] = counted.get(this, 0) + 1
    return [Releases(noise, sampling, rounds) for (noise, sampling), rounds in counted.items()]


def spent(releases: Sequence[Releases], terms: Mapping[str, Any]) -> float:
    """Return epsilon of all releases at the terms' delta, by their accountant."""
    count = tight.epsilon if terms["accountant"] == "tight" else renyi.epsilon
    return count(releases, terms["delta"])


def left(terms: Mapping[str, Any], epsilon: float) -> float | None:
    """Return what of the budget is left, never less than nothing; None where there is no budget."""
    return None if terms["epsilon"] is None else max(0.0, terms["epsilon"] - epsilon)


def charge(earlier: Sequence[Releases], terms: Mapping[str, Any], pointer: str) -> float:
    """Return epsilon with one more release; raises `PrivacyBudgetSpent` where that is beyond the budget."""
    after = spent(one_more(earlier, terms), terms)
    if terms["epsilon"] is not None and after > terms["epsilon"]:
        remains = left(terms, spent(earlier, terms))
        detail = (
            f"The round would bring what is spent to epsilon {after:.6g} at delta {terms['delta']:g}; "
            f"the budget is {terms['epsilon']:g}, of which {remains:.6g} is left."
        )
        raise PrivacyBudgetSpent(detail, errors=[FieldError(pointer, detail)])
    return after
