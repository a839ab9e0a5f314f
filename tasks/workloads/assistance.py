"""The assistance workload's kinds, bound; how segments are read is told by the workload that keeps them."""

from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from core.clock import database_now
from core.workloads.assistance import answering, drafting, kinds, orchestrating
from core.workloads.assistance.asking import PURPOSE
from core.workloads.customers.operations import consents, refreshing, segments
from core.workloads.customers.operations.scoring import LABELS
from core.workloads.customers.segments.reading import FIELDS, OPS, read_definition
from core.workloads.customers.words import CHANNELS, PURPOSES
from tasks.binding import job_task


def _count(session: Session, tenant_id: UUID, definition: Any) -> dict[str, Any]:
    tree = read_definition(definition)
    told = refreshing.explain(session, tenant_id, tree, database_now(session))
    each = [{"place": place, "profiles": count} for place, count in told["clauses"].items()]
    return {"profiles": told["profiles"], "chosen": each[0]["profiles"], "clauses": each}


def _agreed(session: Session, tenant_id: UUID, profile: int) -> bool:
    """Tell whether somebody agreed to profiling: a word for it, and no withdrawal on any channel."""
    words = consents.standing(session, tenant_id, profile).get(PURPOSE, {}).values()
    return bool(words) and all(words)


_SEGMENTS = drafting.Grammar(
    words={"fields": FIELDS, "ops": OPS, "purposes": PURPOSES, "channels": CHANNELS, "rfm.label": LABELS},
    read=read_definition,
    check=segments.check,
    count=_count,
)

run_complete = job_task(kinds.COMPLETE, partial(answering.complete, consents=_agreed))
run_summarize = job_task(kinds.SUMMARIZE, partial(answering.summarize, consents=_agreed))
run_explain_job = job_task(kinds.EXPLAIN_JOB, answering.explain_job)
run_explain_plan = job_task(kinds.EXPLAIN_PLAN, answering.explain_plan)
run_draft_segment = job_task(kinds.DRAFT_SEGMENT, partial(drafting.draft_segment, _SEGMENTS))
run_step = job_task(kinds.STEP, partial(orchestrating.compute_step, consents=_agreed))
run_orchestrate = job_task(kinds.ORCHESTRATE, orchestrating.orchestrate)
