"""How far one change of a budget may go, and how often: bounds that hold whatever the gate says."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.errors import Conflict

EASE = 1e-9
"""Budgets are decimal, floats are not."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """A tenant's own."""

    max_step: float = 0.2
    """Share of the present budget that one change may add or take."""
    min_hours: float = 24.0
    """Between two changes of one campaign's budget."""
    max_per_day: int = 50
    """Actions in 24 hours, those that only ever stop left out."""


class BudgetStepTooLarge(Conflict):
    """The budget would change by more than one step may."""

    code = "budget_step_too_large"


class BudgetDirectionWrong(Conflict):
    """The budget would go the other way than the action says."""

    code = "budget_direction_wrong"


class ChangedTooRecently(Conflict):
    """The budget was changed only just."""

    code = "budget_changed_too_recently"


class ActionsTooMany(Conflict):
    """As many actions as may be were applied within a day."""

    code = "actions_too_many"


def check_step(bounds: Bounds, action: str, before: float | None, after: float) -> None:
    """Raise `BudgetDirectionWrong` or `BudgetStepTooLarge`; a budget that nobody knows may only be reduced to nothing.

    `update_budget` never raises: raising is riskier and has an action of its own.
    """
    if before is None:
        if after > 0:
            raise BudgetStepTooLarge("the present budget is not known")
        return
    if (after > before) if action != "increase_budget" else (after <= before):
        raise BudgetDirectionWrong(f"{action} does not lead from {before:g} to {after:g}")
    if action == "reduce_budget" and after == before:
        raise BudgetDirectionWrong(f"{action} does not lead from {before:g} to {after:g}")
    if abs(after - before) > bounds.max_step * before * (1 + EASE) + EASE:
        raise BudgetStepTooLarge(f"from {before:g} to {after:g} is more than {bounds.max_step:.0%}")


def check_cadence(bounds: Bounds, last_change: datetime | None, now: datetime) -> None:
    """Raise `ChangedTooRecently` where the last change of the same budget was less than `min_hours` ago."""
    if last_change is not None and now - last_change < timedelta(hours=bounds.min_hours):
        raise ChangedTooRecently(f"the last change was at {last_change:%Y-%m-%d %H:%M} UTC")


def check_count(bounds: Bounds, applied: Sequence[datetime], now: datetime) -> None:
    """Raise `ActionsTooMany` where `max_per_day` were applied within 24 hours."""
    if sum(now - at < timedelta(hours=24) for at in applied) >= bounds.max_per_day:
        raise ActionsTooMany(f"{bounds.max_per_day} actions were applied within 24 hours")
