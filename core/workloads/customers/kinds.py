"""Which jobs about customers there are."""

from collections.abc import Mapping
from typing import Any

from core.jobs.kind import JobKind, Limits, RetryPolicy
from core.workloads.customers import examples
from core.workloads.customers.params import (
    ActionsParams,
    ApplyParams,
    CampaignParams,
    CollectParams,
    CrmParams,
    ExportAudienceParams,
    ImportParams,
    PlanParams,
    ProfileParams,
    RefreshParams,
    ResolveParams,
    ScoreParams,
    TrustParams,
)
from core.workloads.customers.results import (
    ActionsResult,
    ApplyResult,
    CollectResult,
    CrmResult,
    ErasedResult,
    ExportAudienceResult,
    ExportedResult,
    ImportResult,
    PlanResult,
    PublishResult,
    RefreshResult,
    ResolveResult,
    ScoreResult,
    TrustResult,
)


def _to_ingest(_params: Mapping[str, Any]) -> str:
    return "customers:ingest"


def _to_write(_params: Mapping[str, Any]) -> str:
    return "customers:write"


def _to_reveal(_params: Mapping[str, Any]) -> str:
    return "profiles:reveal"


def _to_erase(_params: Mapping[str, Any]) -> str:
    return "profiles:erase"


IMPORT_EVENTS = JobKind(
    name="customers.import_events",
    summary="Take in a file of events; each message once, bad rows set aside with reasons.",
    params=ImportParams,
    result=ImportResult,
    example={"source": "shop", "events": examples.events()},
    limits=Limits(soft_s=3600.0, memory_mib=1536),
    permission=_to_ingest,
    confidential=True,
)
RESOLVE_IDENTITIES = JobKind(
    name="customers.resolve_identities",
    summary="Tell who is who by identifiers seen together: what waits, everything anew, or only compared.",
    params=ResolveParams,
    result=ResolveResult,
    example={"mode": "waiting"},
    limits=Limits(soft_s=3600.0, memory_mib=1536),
    permission=_to_write,
)
EVALUATE_TRUST = JobKind(
    name="customers.evaluate_trust",
    summary="Judge the newest window of every account: what may be done by itself, and why not.",
    params=TrustParams,
    result=TrustResult,
    example={"action": "increase_budget"},
    permission=_to_write,
)
COLLECT_SIGNALS = JobKind(
    name="customers.collect_signals",
    summary="Ask the platforms of connected accounts for their reports, and tell of windows that are over.",
    params=CollectParams,
    result=CollectResult,
    example={"windows": 1},
    queue="io",
    limits=Limits(soft_s=1800.0),
    permission=_to_write,
)
APPLY_ACTIONS = JobKind(
    name="customers.apply_actions",
    summary="Apply the actions that gate and people allow, read back what became of them, undo what is taken back.",
    params=ActionsParams,
    result=ActionsResult,
    example={},
    queue="io",
    limits=Limits(soft_s=1800.0),
    retry=RetryPolicy(max_attempts=5),
    permission=_to_write,
)
PUBLISH_CAMPAIGN = JobKind(
    name="customers.publish_campaign",
    summary="Create an approved campaign on its platform, paused, each part once; or leave nothing of it there.",
    params=CampaignParams,
    result=PublishResult,
    example={"campaign": "01890000-0000-7000-8000-000000000001"},
    queue="io",
    limits=Limits(soft_s=900.0),
    retry=RetryPolicy(max_attempts=5),
    permission=_to_write,
)
SYNC_CRM = JobKind(
    name="customers.sync_crm",
    summary="Keep contacts in step with a CRM: read what changed there, write back what is ours.",
    params=CrmParams,
    result=CrmResult,
    example={"link": "crm"},
    queue="io",
    limits=Limits(soft_s=3600.0),
    retry=RetryPolicy(max_attempts=5),
    permission=_to_write,
)
ERASE_PROFILE = JobKind(
    name="customers.erase_profile",
    summary="Forget a person: identifiers, events, traits and consents.",
    params=ProfileParams,
    result=ErasedResult,
    example={"profile": 1},
    permission=_to_erase,
)
EXPORT_PROFILE = JobKind(
    name="customers.export_profile",
    summary="Write down all that is kept of a person.",
    params=ProfileParams,
    result=ExportedResult,
    example={"profile": 1},
    permission=_to_reveal,
    confidential=True,
)
REFRESH_SEGMENT = JobKind(
    name="customers.refresh_segment",
    summary="Bring the members of a segment up to date, or of all whose time has come; who joins and leaves is kept.",
    params=RefreshParams,
    result=RefreshResult,
    example={},
    limits=Limits(soft_s=3600.0),
    permission=_to_write,
)
SCORE_RFM = JobKind(
    name="customers.score_rfm",
    summary="Score customers by how lately, how often and for how much they bought: fifths, equal for equal values.",
    params=ScoreParams,
    result=ScoreResult,
    example={"days": 365},
    limits=Limits(soft_s=3600.0),
    permission=_to_write,
)
PLAN_AUDIENCE_SYNC = JobKind(
    name="customers.plan_audience_sync",
    summary="Compare an audience with what its platform has acknowledged, and tell what a sync would add and remove.",
    params=PlanParams,
    result=PlanResult,
    example={},
    limits=Limits(soft_s=3600.0, memory_mib=1536),
    permission=_to_write,
)
APPLY_AUDIENCE_SYNC = JobKind(
    name="customers.apply_audience_sync",
    summary="Carry a planned sync to the platform in requests of 10,000 rows, each known by its reference.",
    params=ApplyParams,
    result=ApplyResult,
    example={},
    queue="io",
    limits=Limits(soft_s=3600.0),
    retry=RetryPolicy(max_attempts=10, cap_s=60.0),
    permission=_to_write,
)
EXPORT_AUDIENCE = JobKind(
    name="customers.export_audience",
    summary="Write an audience as CSV: identifiers normalized and hashed by the vendor's rules.",
    params=ExportAudienceParams,
    result=ExportAudienceResult,
    example={"audience": "buyers"},
    limits=Limits(soft_s=3600.0, memory_mib=1536),
    permission=_to_reveal,
    confidential=True,
)
