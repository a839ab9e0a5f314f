"""Reading workflows: one with its graph, or many by how far they are; always within one tenant."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Float, Row, case, func, select
from sqlalchemy.orm import Session

from core.jobs.graph_models import Workflow, WorkflowStep
from core.jobs.models import Job
from core.jobs.states import FINAL, State
from core.jobs.workflows import WorkflowMissing


@dataclass(slots=True)
class Standing:
    """How far the jobs of a workflow are together."""

    counts: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    """How many jobs are in each state that one of them is in."""
    done: float = 0.0
    """Jobs done, those under way by their part."""
    causes: set[str] = field(default_factory=set)
    """Ends without success that matter: neither allowed nor the mere consequence of another."""
    consequences: bool = False

    @property
    def total(self) -> int:
        """Count the jobs."""
        return sum(self.counts.values())

    @property
    def finished(self) -> int:
        """Count the final jobs."""
        return sum(count for state, count in self.counts.items() if state in FINAL)

    @property
    def fraction(self) -> float:
        """Return the part of the work that is done, each job counting as much as any other."""
        return 1.0 if self.finished == self.total else round(self.done / self.total, 4)

    @property
    def state(self) -> str:
        """Name the state of the whole: running until all jobs are final, then by what caused the worst end."""
        if self.finished < self.total:
            return "running"
        if self.causes & {State.FAILED, State.EXPIRED} or (self.consequences and not self.causes):
            return "failed"
        return "cancelled" if self.causes else "succeeded"

    def add(self, row: Row[Any]) -> None:
        """Take in jobs that are alike."""
        self.counts[row.state] += row.jobs
        self.done += float(row.done)
        if row.state in FINAL - {State.SUCCEEDED} and not row.allow_failure:
            if row.consequence:
                self.consequences = True
            else:
                self.causes.add(row.state)


@dataclass(frozen=True, slots=True)
class Read:
    """One workflow as it is now."""

    id: UUID
    created_at: datetime
    standing: Standing


def get_workflow(session: Session, tenant_id: UUID, workflow_id: UUID) -> Read:
    """Return one workflow; raises `WorkflowMissing`, for another tenant's too."""
    found = _read(session, tenant_id, _WORKFLOWS.where(Workflow.id == workflow_id))
    if not found:
        raise WorkflowMissing(f"there is no workflow {workflow_id}")
    return found[0]


def list_workflows(session: Session, tenant_id: UUID, *, limit: int, after: UUID | None = None) -> Sequence[Read]:
    """Return up to `limit` workflows, newest first, beginning behind the workflow `after`."""
    query = _WORKFLOWS.order_by(Workflow.id.desc()).limit(limit)
    return _read(session, tenant_id, query if after is None else query.where(Workflow.id < after))


def list_steps(session: Session, workflow_id: UUID) -> Sequence[Row[Any]]:
    """Return the jobs of a workflow under their names, parents before their dependents."""
    return session.execute(_STEPS.where(WorkflowStep.workflow_id == workflow_id)).all()


def _read(session: Session, tenant_id: UUID, query: Any) -> list[Read]:
    rows = session.execute(query.where(Workflow.tenant_id == tenant_id)).all()
    standings = _standings(session, [row.id for row in rows])
    return [Read(row.id, row.created_at, standings[row.id]) for row in rows]


def _standings(session: Session, ids: Iterable[UUID]) -> dict[UUID, Standing]:
    standings: dict[UUID, Standing] = defaultdict(Standing)
    for row in session.execute(_ALIKE.where(WorkflowStep.workflow_id.in_(ids))):
        standings[row.workflow_id].add(row)
    return standings


_WORKFLOWS = select(Workflow.id, Workflow.created_at)
_STEPS = (
    select(
        WorkflowStep.name,
        WorkflowStep.after,
        WorkflowStep.params_from,
        WorkflowStep.allow_failure,
        Job.id,
        Job.kind,
        Job.state,
        Job.progress,
        Job.error,
    )
    .join(Job, Job.id == WorkflowStep.job_id)
    .order_by(Job.id)
)
_CONSEQUENCE = func.coalesce(Job.error["code"].as_string() == "dependency_failed", False)
_DONE = case((Job.state.in_(sorted(FINAL)), 1.0), else_=func.coalesce(Job.progress["fraction"].as_float(), 0.0))
_ALIKE = (
    select(
        WorkflowStep.workflow_id,
        WorkflowStep.allow_failure,
        Job.state,
        _CONSEQUENCE.label("consequence"),
        func.count().label("jobs"),
        func.sum(_DONE, type_=Float).label("done"),
    )
    .join(Job, Job.id == WorkflowStep.job_id)
    .group_by(WorkflowStep.workflow_id, WorkflowStep.allow_failure, Job.state, _CONSEQUENCE)
)
