"""The gate: what may be done by itself at which health, and how a standing rises and falls.

No evidence means hold. A standing falls with the first bad window, and rises after several good ones only, each of them
clear of the threshold by a band, so that a signal that stays where it is never makes it flap.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from core.workloads.customers.trust.evidence import Account, read_account
from core.workloads.customers.trust.health import VERSION, Band, Health, account_health, overall

THRESHOLDS = (40.0, 60.0, 70.0, 80.0)
"""What conservative, ordinary and risky actions take, above what is blocked."""
BAND = 3.0
GOOD_WINDOWS = 3
MODES = ("frozen", "cuts_only", "limited", "normal", "normal")
"""By level, which is the number of thresholds that the health reaches."""
CEILINGS = {mode: level for level, mode in enumerate(MODES)}
"""The highest level at which the autopilot is in a mode."""
NEEDED = {"conservative": 2, "standard": 3, "high": 4}
ALWAYS = ("pause_all", "emergency_stop")
ACTIONS: Mapping[str, str] = {
    **dict.fromkeys(ALWAYS, "always"),
    **dict.fromkeys(("pause_underperforming", "reduce_budget", "reduce_bid"), "conservative"),
    **dict.fromkeys(("update_budget", "update_bid", "update_creative", "sync_audience", "rotate_creative"), "standard"),
    **dict.fromkeys(("increase_budget", "increase_bid", "launch_new_campaigns", "expand_targeting"), "high"),
}
"""How risky each action is."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Where trust stands: its level, and the latest healths, the newest last."""

    level: int = 1
    recent: Sequence[float] = field(default_factory=tuple)

    @property
    def mode(self) -> str:
        """Return what the autopilot may do."""
        return MODES[self.level]


@dataclass(frozen=True, slots=True)
class Decision:
    """What the gate says to one action."""

    verdict: str
    """`pass`, `hold` or `block`."""
    risk: str
    score: float
    level: int
    reasons: Sequence[str]


def level_of(band: Band) -> int:
    """Return the level of one window; what is not shown, but not ruled out either, holds and does not block."""
    reached = sum(band.low >= one for one in THRESHOLDS)
    return max(reached, 1 if band.high >= THRESHOLDS[0] else 0)


def step(standing: Standing, band: Band) -> Standing:
    """Go on with one more window: down at once, up after `GOOD_WINDOWS` that are clear of the threshold."""
    recent = (*standing.recent, band.low)[-GOOD_WINDOWS:]
    present = level_of(band)
    if present < standing.level or len(recent) < GOOD_WINDOWS:
        return Standing(min(present, standing.level), recent)
    clear = min(sum(low >= one + BAND for one in THRESHOLDS) for low in recent)
    return Standing(max(standing.level, min(clear, present)), recent)


def decide(
    action: str, standing: Standing, healths: Sequence[Health], *, killed: bool = False, ceiling: str = MODES[-1]
) -> Decision:
    """Say whether an action may be done; an unknown action is the riskiest. `ceiling` is a mode that people set."""
    risk, whole = ACTIONS.get(action, "high"), overall(healths)
    trusted = min(standing.level, level_of(whole))
    level = min(trusted, CEILINGS[ceiling])
    reasons = [reason for one in healths for reason in one.reasons] or ([] if healths else ["no account is known"])
    if risk == "always":
        return Decision("pass", risk, whole.low, level, ["it only ever stops things"])
    if killed:
        return Decision("block", risk, whole.low, level, ["the kill switch is on"])
    if level >= NEEDED[risk]:
        return Decision("pass", risk, whole.low, level, [])
    if level < trusted:
        return Decision("hold" if level else "block", risk, whole.low, level, [f"people have set it to {ceiling}"])
    if not reasons or level < level_of(whole):
        reasons.append(f"trust rises after {GOOD_WINDOWS} good windows")
    return Decision("hold" if level else "block", risk, whole.low, level, reasons)


def inputs_of(
    standing: Standing, accounts: Sequence[Account], *, killed: bool, ceiling: str = MODES[-1]
) -> dict[str, Any]:
    """Write down all that a decision hangs on."""
    return {
        "version": VERSION,
        "standing": {"level": standing.level, "recent": list(standing.recent)},
        "accounts": [one.as_json() for one in accounts],
        "killed": killed,
        "ceiling": ceiling,
    }


def replay(action: str, inputs: Mapping[str, Any]) -> Decision:
    """Decide again from what was written down."""
    told = inputs["standing"]
    healths = [account_health(read_account(one)) for one in inputs["accounts"]]
    standing, ceiling = Standing(told["level"], tuple(told["recent"])), inputs.get("ceiling", MODES[-1])
    return decide(action, standing, healths, killed=inputs["killed"], ceiling=ceiling)
