"""What clients and operators do."""

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any, TypeVar
from uuid import UUID

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant
from sqlalchemy.orm import Session

from core.clock import utc_now
from core.errors import PenstockError
from core.jobs import bulk, cancellation, concurrency, pausing, retrying, submission, workflows
from core.jobs.gates import kind_gate, tenant_gate
from core.jobs.idempotency import IdempotencyConflict, IdempotentRequest
from core.jobs.queries import JobFilter, JobMissing
from core.jobs.selection import Selection
from core.jobs.states import FINAL, State
from core.jobs.submission import JobRequest
from core.jobs.workflows import Step
from core.platform.access import Principal
from tests.integration.machine.invariants import check, check_step
from tests.integration.machine.snapshot import Snapshot
from tests.integration.machine.world import World

KINDS = ("platform.echo", "platform.sleep")
SOON = timedelta(seconds=800)
DEADLINE = timedelta(seconds=1_500)
PICKS = st.integers(0, 999)
TENANTS = st.integers(0, 1)
LIMITS = st.sampled_from([None, None, None, 2, 1, 0])
MOMENTS = ("run_at", "deadline_at")
KEYS = ("unique_key", "concurrency_key")
RARELY = {
    "priority": st.integers(0, 9),
    "max_attempts": st.sampled_from([3, 3, 2, 1]),
    "unique_key": st.sampled_from([None, None, None, "a", "b"]),
    "concurrency_key": st.sampled_from([None, None, "k"]),
    "run_at": st.sampled_from([None, None, None, SOON]),
    "deadline_at": st.sampled_from([None, None, None, DEADLINE]),
}
ACTIONS: dict[str, Callable[[Session, UUID, UUID], None]] = {
    "cancel": cancellation.cancel,
    "retry": retrying.retry,
}
GRAPHS: Mapping[str, Mapping[str, Mapping[str, Any]]] = {
    "chain": {"a": {}, "b": {"after": ["a"], "params_from": {"/n": "a#/n"}}, "c": {"after": ["b"]}},
    "diamond": {
        "a": {},
        "b": {"after": ["a"]},
        "c": {"after": ["a"], "allow_failure": True},
        "d": {"after": ["b", "c"]},
    },
}
Act = TypeVar("Act", bound=Callable[..., None])


def move(**strategies: st.SearchStrategy[Any]) -> Callable[[Act], Act]:
    """Say what a move is given; which one is made when is said by `workers.MOVES`."""

    def keep(act: Act) -> Act:
        act.strategies = strategies  # type: ignore[attr-defined]  # functions have attributes
        return act

    return keep


class Clients(RuleBasedStateMachine):
    """Submissions, cancels, retries, pauses, limits; and the checks between all steps."""

    def __init__(self, world: World) -> None:
        super().__init__()
        self.world = world
        self.first_by_key: dict[tuple[UUID, str], tuple[UUID, str]] = {}
        self.before = world.read()
        self.acting: UUID | None = None
        self.pruning = False

    @invariant()
    def holds(self) -> None:
        """Check the state that the last step led to, and what it changed."""
        now = self.world.read()
        check(now, self.world.taken)
        check_step(self.before, now, tenant_id=self.acting, pruning=self.pruning)
        running = {job.id: job.worker for job in now.jobs.values() if job.state == State.RUNNING}
        assert running == self.world.holders
        self.before, self.acting, self.pruning = now, None, False

    @initialize(graph=st.sampled_from(sorted(GRAPHS)), count=st.integers(1, 4))
    def begin(self, graph: str, count: int) -> None:
        """Begin with some jobs and a graph."""
        self.submit_workflow(0, graph, later=False)
        for number in range(count):
            options = {"priority": number, "max_attempts": 3, **dict.fromkeys(MOMENTS), **dict.fromkeys(KEYS)}
            self.submit(0, KINDS[number % 2], options, [], None)
        self.acting = None

    @move(
        tenant=TENANTS,
        kind=st.sampled_from(KINDS),
        options=st.fixed_dictionaries({name: RARELY[name] for name in sorted(RARELY)}),
        depends_on=st.one_of(st.just([]), st.just([]), st.lists(PICKS, min_size=1, max_size=2)),
        key=st.sampled_from([None, None, None, "i", "j"]),
    )
    def submit(self, tenant: int, kind: str, options: dict[str, Any], depends_on: list[int], key: str | None) -> None:
        """Submit a job; the first one of its keys answers instead."""
        principal, before = self._act(tenant), self.before
        mine = [job.id for job in before.jobs.values() if job.tenant_id == principal.tenant_id]
        parents = [mine[pick % len(mine)] for pick in depends_on] if mine else []
        moments = {name: utc_now() + options[name] for name in MOMENTS if options[name]}
        request = JobRequest(self._kind(kind), self._params(kind), **{**options, **moments}, depends_on=parents)
        body = repr((kind, options["unique_key"]))
        first, first_body = self.first_by_key.get((principal.tenant_id, key or ""), (None, body))
        try:
            with self.world.database.transaction() as session:
                idempotency = None if key is None else IdempotentRequest(key, body)
                submitted = submission.submit(session, principal, request, clock=utc_now, idempotency=idempotency)
        except IdempotencyConflict:
            assert first_body != body
            return
        assert first_body == body
        assert submitted.replayed == (first is not None)
        if first is None:
            twins = {
                job.id
                for job in before.jobs.values()
                if before.is_open(job.id)
                and request.unique_key is not None
                and (job.tenant_id, job.unique_key) == (principal.tenant_id, request.unique_key)
            }
            assert submitted.unique == bool(twins)
            assert {submitted.job_id} & set(before.jobs) == twins
        else:
            assert submitted.job_id == first
        if key is not None:
            self.first_by_key[principal.tenant_id, key] = (submitted.job_id, body)

    @move(tenant=TENANTS, graph=st.sampled_from(sorted(GRAPHS)), later=st.booleans())
    def submit_workflow(self, tenant: int, graph: str, *, later: bool) -> None:
        """Submit a graph, its first job perhaps for later."""
        principal = self._act(tenant)
        run_at = utc_now() + SOON if later else None
        steps = {
            name: Step(
                JobRequest(
                    self._kind(KINDS[0]),
                    {} if options.get("params_from") else {"n": 1},
                    max_attempts=1,
                    run_at=None if options.get("after") else run_at,
                ),
                **options,
            )
            for name, options in GRAPHS[graph].items()
        }
        with self.world.database.transaction() as session:
            workflows.submit(session, principal, steps, clock=utc_now)

    @move(tenant=TENANTS, action=st.sampled_from(["retry", "cancel"]), pick=PICKS)
    def act_on_one(self, tenant: int, action: str, pick: int) -> None:
        """Cancel or retry a job, perhaps somebody else's, perhaps in a state where that cannot be."""
        if not self.before.jobs:
            return
        principal, before = self._act(tenant), self.before
        job = before.jobs[list(before.jobs)[pick % len(before.jobs)]]
        code = self._refusal(before, principal, action, job)
        refused = None
        try:
            with self.world.database.transaction() as session:
                ACTIONS[action](session, principal.tenant_id, job.id)
        except PenstockError as error:
            refused = error.code
        assert refused == code
        if refused:
            assert self.world.read() == before
            return
        now = self.world.read()
        if action == "retry":
            assert now.jobs[job.id].state in {State.QUEUED, State.WAITING}
            return
        for member in map(now.jobs.__getitem__, now.family(job.id)):
            # What is below a shard that had ended before is stopped when its end is settled.
            if before.is_open(member.parent_id or member.id):
                assert member.state in FINAL or (member.state == State.RUNNING and member.cancel_requested_at)

    @move(tenant=TENANTS, picks=st.lists(PICKS, min_size=1, max_size=3), how=st.sampled_from(["retry", "cancel"]))
    def act_on_many(self, tenant: int, picks: list[int], how: str) -> None:
        """Cancel or retry a workflow as a whole, or some jobs: what was foretold is done."""
        if not self.before.jobs:
            return
        principal = self._act(tenant)
        graphs = sorted({job.workflow_id for job in self.before.jobs.values() if self._is_step(principal, job)})
        if graphs and len(picks) == 1:
            self._act_on_workflow(principal, graphs[picks[0] % len(graphs)], how)
            return
        ids = {picked(list(self.before.jobs), pick) for pick in picks}
        act, chosen = {"cancel": bulk.cancel, "retry": bulk.retry}[how], Selection(JobFilter(), sorted(ids))
        foretold = act(self.world.database, principal.tenant_id, chosen, dry_run=True)
        assert self.world.read() == self.before
        assert act(self.world.database, principal.tenant_id, chosen, dry_run=False) == foretold

    @move(
        tenant=TENANTS,
        how=st.sampled_from(["resume", "resume", "resume", "pause", "limit kind", "limit tenant"]),
        most=LIMITS,
    )
    def steer(self, tenant: int, how: str, most: int | None) -> None:
        """Pause the queue or let it go on; limit a kind or a tenant, or lift that limit."""
        gate = kind_gate(KINDS[0]) if how == "limit kind" else tenant_gate(self.world.tenants[tenant].tenant_id)
        with self.world.database.transaction() as session:
            if how == "pause":
                pausing.pause(session, "default")
            elif how == "resume":
                pausing.resume(session, "default")
            elif most is None:
                concurrency.lift_limit(session, gate)
            else:
                concurrency.set_limit(session, gate, most)

    def _is_step(self, principal: Principal, job: Any) -> bool:
        return job.workflow_id is not None and job.tenant_id == principal.tenant_id

    def _act_on_workflow(self, principal: Principal, workflow_id: UUID, how: str) -> None:
        act = {"cancel": workflows.cancel, "retry": workflows.retry}[how]
        try:
            with self.world.database.transaction() as session:
                act(session, principal.tenant_id, workflow_id)
        except (workflows.WorkflowFinal, workflows.NothingToRetry):
            assert self.world.read() == self.before

    def _act(self, tenant: int) -> Principal:
        principal = self.world.tenants[tenant]
        self.acting = principal.tenant_id
        return principal

    def _kind(self, name: str) -> Any:
        return self.world.catalogue.find(name)

    def _params(self, kind: str) -> dict[str, Any]:
        return {"n": 1} if kind == KINDS[0] else {"seconds": 1}

    def _refusal(self, before: Snapshot, principal: Principal, action: str, job: Any) -> str | None:
        if job.tenant_id != principal.tenant_id:
            return JobMissing.code
        if action == "cancel":
            return cancellation.AlreadyFinal.code if job.state in FINAL else None
        if job.state not in FINAL:
            return retrying.NotFinal.code
        return retrying.UniqueKeyHeld.code if before.other_key_holders(job.id) else None


def picked(many: Sequence[Any], pick: int) -> Any:
    """Choose one of many, the latest for small numbers."""
    return many[-1 - pick % len(many)]
