"""Combining updates by a strategy's name: what each needs is checked here, once for all."""

import numpy as np

from core.workloads.federated import strategies, strategy_settings
from core.workloads.federated.rounds import Aggregate, Round, unfit


def combine(name: str, given: Round) -> Aggregate:
    """Make one change of a round's updates; raises `StrategyUnfit` or `UpdateNotFinite`.

    `given.settings` are complete (`strategy_settings.filled`).
    """
    check_facts(given)
    strategy = strategies.find(name)
    for need in sorted(strategy.needs):
        if getattr(given, need) is None:
            field = {"losses": "loss of each update", "staleness": "staleness of each update"}.get(
                need, "trusted update"
            )
            raise unfit("/strategy", f"{name} cannot do without the {field}.")
    return strategy.aggregate(given)


def settings_of(name: str, **given: float) -> dict[str, float]:
    """Return a strategy's settings, defaults among them."""
    return strategy_settings.filled(name, given)


def check_facts(given: Round) -> None:
    """Refuse what no strategy can combine: nothing, facts that do not fit or are not finite; raises `StrategyUnfit`."""
    count = given.rows.clients
    if count < 1 or given.rows.size < 1:
        raise unfit("/updates", "There is nothing to combine.")
    for field, values in (("weight", given.weights), ("loss", given.losses), ("staleness", given.staleness)):
        if values is None:
            continue
        if values.shape != (count,):
            raise unfit("/updates", f"There are {len(values)} values of {field} for {count} updates.")
        flawed = np.flatnonzero(~np.isfinite(values) | (values < 0.0))
        if len(flawed):
            raise unfit(f"/updates/{flawed[0]}/{field}", f"Must be a finite number that is not negative: {field}.")
    if not given.weights.any():
        raise unfit("/updates/0/weight", "All weights are zero.")
    for field, vector in (
        ("trusted", given.trusted),
        ("moments", given.moments.first),
        ("moments", given.moments.second),
    ):
        if vector is not None and vector.shape != (given.rows.size,):
            raise unfit(f"/{field}", f"It has {vector.size} values; the updates have {given.rows.size}.")
        if vector is not None and not np.isfinite(vector).all():
            raise unfit(f"/{field}", "It is not finite.")
