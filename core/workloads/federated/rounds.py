"""Rounds: what a strategy is given and what it returns.

An update is a change: what a client's model has become less the model that the round began with. A strategy returns
the server's change, so what it does is the same wherever the model stands.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from core.errors import FieldError, Invalid
from core.workloads.federated.arrays import Floats, Rows, Values


class StrategyUnfit(Invalid):
    """The strategy cannot be used on these updates."""

    code = "strategy_unfit"


class UpdateNotFinite(Invalid):
    """An update holds NaN or an infinite value."""

    code = "update_not_finite"


@dataclass(slots=True)
class Moments:
    """What a server optimizer remembers from round to round; both are the model's size, or None at the beginning."""

    first: Values | None = None
    second: Values | None = None
    steps: int = 0


@dataclass(frozen=True, slots=True)
class Round:
    """The updates of one round and what is known of each client."""

    rows: Rows
    weights: Floats
    """One for each client, not negative, as examples are counted; only their proportions matter."""
    settings: Mapping[str, float] = field(default_factory=dict)
    losses: Floats | None = None
    """Of the model that the round began with, on each client's data."""
    staleness: Floats | None = None
    """How many versions of the model are newer than the one each client began with."""
    trusted: Values | None = None
    """The server's own update, made of data that it trusts."""
    moments: Moments = field(default_factory=Moments)
    """Changed in place."""

    def share(self) -> Floats:
        """Return the weights as shares of one."""
        shares: Floats = self.weights / self.weights.sum()
        return shares

    @property
    def faults(self) -> int:
        """How many clients may attack."""
        return int(self.settings.get("faults", 0))


@dataclass(frozen=True, slots=True)
class Aggregate:
    """The server's change, and how much each client had to do with it."""

    change: Values
    shares: Floats
    """One for each client: its coefficient where the change is a sum of updates; otherwise the share of values, of
    those looked at, that came from it."""


def unfit(pointer: str, detail: str) -> StrategyUnfit:
    """Return the error that names one field and its fault."""
    return StrategyUnfit(detail, errors=[FieldError(f"/params{pointer}", detail)])


def refuse_not_finite(rows: Rows, spans: list[tuple[int, int]]) -> None:
    """Name the first client whose update is not finite; called where a result shows that there is one."""
    for start, stop in spans:
        flawed = ~np.isfinite(rows.block(start, stop))
        if flawed.any():
            client, column = (int(one) for one in np.argwhere(flawed)[0])
            detail = f"The update of client {client} is not finite at value {start + column}."
            raise UpdateNotFinite(detail, errors=[FieldError(f"/params/updates/{client}", detail)])
