"""Which assistance jobs there are."""

from collections.abc import Mapping
from typing import Any

from core.jobs.kind import JobKind, Limits
from core.workloads.assistance.params import (
    CompleteParams,
    DraftSegmentParams,
    ExplainJobParams,
    ExplainPlanParams,
    OrchestrateParams,
    StepParams,
    SummarizeParams,
)
from core.workloads.assistance.results import AnswerResult, DraftSegmentResult, OrchestrateResult, StepResult

_TEXT = (
    "The tunnel filled by noon. Two pumps were started at 12:10. The third pump would not start, since its breaker "
    "had tripped. By 14:00 the level was back at 3.2 m. The breaker was replaced in the evening."
)
_LIMITS = Limits(soft_s=270.0, memory_mib=512)


def _to_submit(params: Mapping[str, Any]) -> str:
    return _unless_released(params, "jobs:submit")


def _to_read_customers(params: Mapping[str, Any]) -> str:
    return _unless_released(params, "customers:read")


def _unless_released(params: Mapping[str, Any], permission: str) -> str:
    """Ask for more where held data is released: whatever is written there, but for a plain no."""
    return permission if params.get("released", False) is False else "profiles:reveal"


COMPLETE = JobKind(
    name="assistance.complete",
    summary="Follow an instruction about a text, by a model where one is set up, by rules else.",
    params=CompleteParams,
    result=AnswerResult,
    example={"instruction": "Why would the third pump not start?", "text": _TEXT},
    queue="io",
    limits=_LIMITS,
    permission=_to_submit,
)
SUMMARIZE = JobKind(
    name="assistance.summarize",
    summary="Say a text in fewer sentences.",
    params=SummarizeParams,
    result=AnswerResult,
    example={"text": _TEXT, "sentences": 2},
    queue="io",
    limits=_LIMITS,
    permission=_to_submit,
)
EXPLAIN_JOB = JobKind(
    name="assistance.explain_job",
    summary="Say why a job failed and what to try.",
    params=ExplainJobParams,
    result=AnswerResult,
    example={
        "kind": "causal.discover",
        "error": {"code": "memory_limit", "message": "the attempt was refused memory beyond 1024 MiB"},
        "attempt": 3,
        "max_attempts": 3,
    },
    queue="io",
    limits=_LIMITS,
    permission=_to_submit,
)
EXPLAIN_PLAN = JobKind(
    name="assistance.explain_plan",
    summary="Say a pump plan in words; a number that is not in the plan is not said.",
    params=ExplainPlanParams,
    result=AnswerResult,
    example={
        "plan": {
            "status": "optimal",
            "plant": "tunnel",
            "energy_cost_eur": 412.37,
            "energy_kwh": 6120.5,
            "lower_bound_eur": 411.9,
            "savings": {"total_eur": 58.13},
            "baseline": {"adjusted_cost_eur": 470.5},
            "schedule": [
                {"time": "2026-01-10T00:00:00+02:00", "pumps": {"P1": 48.5, "P2": 0}},
                {"time": "2026-01-10T01:00:00+02:00", "pumps": {"P1": 48.5, "P2": 50}},
                {"time": "2026-01-10T02:00:00+02:00", "pumps": {"P1": 0, "P2": 0}},
            ],
            "explanation": [
                {
                    "time": "2026-01-10T01:00:00+02:00",
                    "pump": "P2",
                    "action": "start",
                    "reason": "the hour is among the cheapest",
                    "saves_eur": 3.2,
                }
            ],
            "warnings": [],
        }
    },
    queue="io",
    limits=_LIMITS,
    permission=_to_submit,
)
DRAFT_SEGMENT = JobKind(
    name="assistance.draft_segment",
    summary="Write a group of customers, told in words, as the definition of a segment; nothing is kept.",
    params=DraftSegmentParams,
    result=DraftSegmentResult,
    example={"description": "Customers who bought at least twice in the last 90 days but did not agree to email"},
    queue="io",
    limits=_LIMITS,
    permission=_to_read_customers,
)
STEP = JobKind(
    name="assistance.step",
    summary="Do one persona's step: what an orchestration is made of.",
    params=StepParams,
    result=StepResult,
    example={
        "persona": "critic",
        "instruction": "How high is the level?",
        "material": {"text": "The level is 3.2 m.", "draft": "The level is 3.4 m."},
    },
    queue="io",
    limits=_LIMITS,
    permission=_to_submit,
)
ORCHESTRATE = JobKind(
    name="assistance.orchestrate",
    summary="Have a draft made, looked at by personas and mended, each step a job of its own.",
    params=OrchestrateParams,
    result=OrchestrateResult,
    example={"instruction": "Why would the third pump not start?", "text": _TEXT, "reviewers": ["facts", "clarity"]},
    queue="io",
    limits=_LIMITS,
    permission=_to_submit,
)
