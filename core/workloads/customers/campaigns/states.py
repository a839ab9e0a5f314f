"""States of a campaign, and which follows which."""

from collections.abc import Mapping

from core.errors import Conflict

TRANSITIONS: Mapping[str, frozenset[str]] = {
    "draft": frozenset({"submitted"}),
    "submitted": frozenset({"approved", "rejected", "draft"}),
    "approved": frozenset({"publishing", "draft"}),
    "publishing": frozenset({"published", "failed"}),
    "rejected": frozenset({"draft"}),
    "failed": frozenset({"draft"}),
    "published": frozenset(),
}
"""Back to `draft` goes what is changed: then it has to be submitted and approved anew."""
STATES = tuple(TRANSITIONS)


class CampaignStateWrong(Conflict):
    """The campaign is in a state that does not allow it."""

    code = "campaign_state_wrong"


def check(before: str, after: str) -> None:
    """Raise `CampaignStateWrong` unless one state may follow the other."""
    if after not in TRANSITIONS[before]:
        raise CampaignStateWrong(f"a campaign that is {before} does not become {after}")
