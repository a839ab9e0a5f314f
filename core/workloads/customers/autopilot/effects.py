"""What each action does to a platform. Each may be said again: a worker that dies leaves no riddle."""

from collections.abc import Mapping
from typing import Any, Literal

from core.errors import Invalid
from core.workloads.customers.connectors.base import AdObject

Effect = Literal["budget", "activate", "pause", "pause_all"]
EFFECTS: Mapping[str, Effect] = {
    "pause_all": "pause_all",
    "emergency_stop": "pause_all",
    "pause_underperforming": "pause",
    "reduce_budget": "budget",
    "update_budget": "budget",
    "increase_budget": "budget",
    "launch_new_campaigns": "activate",
}
"""Actions that the autopilot can take by itself."""
UNDONE_BY: Mapping[str, str] = {
    "pause_all": "launch_new_campaigns",
    "emergency_stop": "launch_new_campaigns",
    "pause_underperforming": "launch_new_campaigns",
    "reduce_budget": "increase_budget",
    "update_budget": "increase_budget",
    "increase_budget": "reduce_budget",
    "launch_new_campaigns": "pause_underperforming",
}
"""What taking an action back is as an action, for the gate."""
STATUSES = {"activate": "active", "pause": "paused"}


class ActionUnfit(Invalid):
    """The action lacks what it takes, or has what it does not take."""

    code = "action_unfit"


def check_wanted(action: str, target: str | None, daily_budget: float | None) -> None:
    """Raise `ActionUnfit` unless an action is given just what it takes."""
    effect = EFFECTS[action]
    if (target is None) != (effect == "pause_all"):
        raise ActionUnfit(f"{action} takes {'no' if target is not None else 'a'} target")
    if (daily_budget is None) != (effect != "budget"):
        raise ActionUnfit(f"{action} takes {'no' if daily_budget is not None else 'a'} daily_budget")


def snapshot(found: AdObject) -> dict[str, Any]:
    """Write down what an action may change, to be put back."""
    return {"status": found.status, "daily_budget": found.daily_budget}


def is_done(action: str, wanted: Mapping[str, Any], found: AdObject | None) -> bool:
    """Tell whether a platform shows what an action was to do; for those with a target."""
    if found is None:
        return False
    if EFFECTS[action] == "budget":
        return bool(found.daily_budget == wanted["daily_budget"])
    return found.status == STATUSES[EFFECTS[action]]
