"""States of an action, and which follows which: data that the database's writes, the documentation and tests share."""

from collections.abc import Mapping

from core.errors import Conflict

TRANSITIONS: Mapping[str, frozenset[str]] = {
    "proposed": frozenset({"gated", "blocked", "rejected", "expired"}),
    "gated": frozenset({"approved", "blocked", "rejected", "expired"}),
    "approved": frozenset({"applying", "blocked", "rejected", "expired", "failed"}),
    "applying": frozenset({"applied", "approved", "failed"}),
    "applied": frozenset({"verified", "failed", "rolling_back"}),
    "verified": frozenset({"rolling_back"}),
    "failed": frozenset({"rolling_back"}),
    "rolling_back": frozenset({"rolled_back", "failed"}),
    "blocked": frozenset(),
    "rejected": frozenset(),
    "expired": frozenset(),
    "rolled_back": frozenset(),
}
"""`proposed` waits for the gate, `gated` for a person, `approved` for a worker; from `applying` back to `approved` goes
what was stopped before the platform was asked."""
STATES = tuple(TRANSITIONS)
WAITING = ("proposed", "gated", "approved")
"""Nothing was done yet; these expire."""
AT_WORK = ("applying", "rolling_back")


class ActionStateWrong(Conflict):
    """The action is in a state that does not allow it."""

    code = "action_state_wrong"


def check(before: str, after: str) -> None:
    """Raise `ActionStateWrong` unless one state may follow the other."""
    if after not in TRANSITIONS[before]:
        raise ActionStateWrong(f"an action that is {before} does not become {after}")
