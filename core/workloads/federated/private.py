"""Privacy within one aggregation: charged before any update is read, released in the place of the updates."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from core.jobs.context import JobContext
from core.workloads.federated.arrays import Rows, Stack
from core.workloads.federated.gathering import Gathered
from core.workloads.federated.privacy import budget
from core.workloads.federated.privacy.chance import Chance
from core.workloads.federated.privacy.moments import Releases
from core.workloads.federated.privacy.release import Release, release
from core.workloads.federated.rounds import Round
from core.workloads.federated.suspicion import Standing

UNTOLD = Standing(None, None, None, [])
"""Of a client whose update nothing may be told of."""


def charge(terms: Mapping[str, Any] | None, rounds: int = 1) -> float | None:
    """Return epsilon with so many more releases, None where there are no terms; raises `PrivacyBudgetSpent`."""
    if terms is None:
        return None
    earlier = [Releases(one["noise_multiplier"], one["sampling"], one["rounds"]) for one in terms["earlier"]]
    if rounds > 1:
        earlier.append(Releases(terms["noise_multiplier"], terms["sampling"], rounds - 1))
    return budget.charge(earlier, terms, "/params/privacy/epsilon")


def gone_on(params: Mapping[str, Any], account: Mapping[str, Any] | None, context: JobContext) -> dict[str, Any]:
    """Return the params of the next round: this one is spent, the clip adapted, and noise drawn anew."""
    if account is None:
        return dict(params)
    terms = params["privacy"]
    this = {"noise_multiplier": terms["noise_multiplier"], "sampling": terms["sampling"], "rounds": 1}
    earlier, key = [*terms["earlier"], this], f"{_secret(terms, context)}/{len(terms['earlier'])}"
    return {**params, "privacy": {**terms, "earlier": earlier, "clip": account["next_clip"], "key": key}}


def released(gathered: Gathered, rows: Rows, params: Mapping[str, Any], context: JobContext) -> Release:
    """Release the mean of the updates; those that were refused count as zero."""
    terms = params["privacy"]
    lengths = np.array([change.norm for change in gathered.changes])
    return release(rows, lengths, len(params["updates"]), terms, Chance(_secret(terms, context)))


def as_round(found: Release, given: Round) -> Round:
    """Return the round as a strategy sees it: one update, the mean, so that all that it makes of it is covered."""
    return Round(Stack(found.mean[None, :]), np.ones(1), settings=given.settings, moments=given.moments)


def account(terms: Mapping[str, Any], spent: float, found: Release) -> dict[str, Any]:
    """Tell what the release did and cost."""
    return {
        **{name: terms[name] for name in ("clip", "noise_multiplier", "sampling", "accountant", "delta")},
        "next_clip": found.next_clip,
        "noise": found.noise,
        "clipped": found.clipped,
        "clipped_error": found.clipped_error,
        "spent": spent,
        "budget": terms["epsilon"],
        "left": budget.left(terms, spent),
        "keyed": terms["key"] is not None,
    }


def _secret(terms: Mapping[str, Any], context: JobContext) -> str:
    return terms["key"] or str(context.stream_key("privacy"))
