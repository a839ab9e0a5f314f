"""Which assistance jobs there are."""

from core.jobs.kind import JobKind, Limits
from core.workloads.assistance.params import CompleteParams, ExplainJobParams, SummarizeParams
from core.workloads.assistance.results import AnswerResult

_TEXT = (
    "The tunnel filled by noon. Two pumps were started at 12:10. The third pump would not start, since its breaker "
    "had tripped. By 14:00 the level was back at 3.2 m. The breaker was replaced in the evening."
)
_LIMITS = Limits(soft_s=270.0, memory_mib=512)

COMPLETE = JobKind(
    name="assistance.complete",
    summary="Follow an instruction about a text, by a model where one is set up, by rules else.",
    params=CompleteParams,
    result=AnswerResult,
    example={"instruction": "Why would the third pump not start?", "text": _TEXT},
    queue="io",
    limits=_LIMITS,
)
SUMMARIZE = JobKind(
    name="assistance.summarize",
    summary="Say a text in fewer sentences.",
    params=SummarizeParams,
    result=AnswerResult,
    example={"text": _TEXT, "sentences": 2},
    queue="io",
    limits=_LIMITS,
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
)
