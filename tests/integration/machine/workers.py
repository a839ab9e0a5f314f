"""What workers, relays and reconcilers do, in any order, early, late and more than once."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from uuid import UUID

from hypothesis import strategies as st
from hypothesis.stateful import rule
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.clock import monotonic, utc_now
from core.jobs import (
    concurrency,
    execution,
    leases,
    outbox,
    outcomes,
    pausing,
    pruning,
    reconciler,
    rescue,
    settling,
    splitting,
)
from core.jobs.context import StopReason
from core.jobs.kind import JobKind
from core.jobs.leases import Claimed, LeaseLost
from core.jobs.models import Job
from core.jobs.outcomes import Failure, Outcome
from core.jobs.stages import Split
from core.jobs.states import State
from tests.integration.machine.clients import PICKS, TENANTS, Clients, move, picked
from tests.integration.machine.world import LEASE_S, Hand, World

TIMES = {"20 s": 20.0, "700 s": 700.0, "2000 s": 2_000.0, "40 days": 40 * 86_400.0}
RETENTION = timedelta(days=30)
RETRY_S = 300.0
LATE = st.sampled_from([False, False, False, True])
USAGE = {"run_s": 0.1}
OUTCOMES: dict[str, Callable[[Claimed], Outcome]] = {
    "succeed": lambda _claimed: outcomes.succeeded({"n": 1}, receipt={}, usage=USAGE),
    "fail": lambda claimed: _failed(claimed, will_pass=False),
    "defer": lambda claimed: _failed(claimed, will_pass=True),
    "stop": lambda _claimed: outcomes.cancelled(usage=USAGE),
    "release": lambda _claimed: outcomes.released("the worker shuts down"),
}
WORK = (
    *("succeed", "succeed", "fail", "defer", "defer", "stop", "release", "split", "split"),
    *("progress", "heartbeat", "died", "killed", "given back"),
)
CARRIED = {"relay", "deliver", "deliver again", "deliver what nobody sent", "lose all"}
CHORES: dict[str, Callable[[Session, Mapping[str, JobKind]], object]] = {
    "settle": settling.settle_batch,
    "settle one": lambda session, kinds: settling.settle_batch(session, kinds, limit=1),
    "promote": lambda session, _kinds: reconciler.promote_due(session),
    "expire": lambda session, _kinds: reconciler.expire_overdue(session),
}
GOING_ON = ("settle", *CHORES, "reconcile", "replace workers", "replace workers", "prune", *TIMES)
# Hypothesis switches rules off at random for whole games, and one without a relay or a worker shows little. So there is
# one rule, and this is how often each move is made.
MOVES = (
    *("carry", "carry", "carry", "work", "work", "work", "work", "go_on", "go_on", "go_on"),
    *("submit", "submit_workflow", "act_on_one", "act_on_many", "steer"),
)


class Workers(Clients):
    """Claims, outcomes and deaths of workers; chores of relays and reconcilers; time."""

    @rule(name=st.sampled_from(MOVES), data=st.data())
    def play(self, name: str, data: st.DataObject) -> None:
        """Make a move."""
        act = getattr(self, name)
        act(**{key: data.draw(strategy, key) for key, strategy in act.strategies.items()})

    @move(
        count=st.integers(1, 4),
        pick=PICKS,
        how=st.sampled_from(["start", "start", "start", "start", "start", *sorted(CARRIED)]),
    )
    def carry(self, count: int, pick: int, how: str) -> None:
        """Bring messages to the broker or from there to workers; not always once, not always in order."""
        broker, jobs = self.world.broker, list(self.before.jobs)
        if how in {"start", "relay"}:
            self._relay(count)
        if how == "start":
            for job_id in broker[-count:]:
                self._claim(job_id)
        elif how == "deliver" and broker:
            self._claim(broker.pop(pick % len(broker)))
        elif how == "deliver again" and broker:
            self._claim(broker[pick % len(broker)])
        elif how == "deliver what nobody sent" and jobs:
            queued = [job_id for job_id in jobs if self.before.jobs[job_id].state == State.QUEUED]
            self._claim(picked(queued or jobs, pick))
        elif how == "lose all":
            broker.clear()

    @move(pick=PICKS, count=st.integers(1, 3), late=LATE, how=st.sampled_from(WORK))
    def work(self, pick: int, count: int, *, late: bool, how: str) -> None:
        """Tell what came of some attempts, or how they go; what comes too late is refused and changes nothing."""
        for more in range(count if self.world.hands else 0):
            hand = self._hand(pick + more, late=late)
            if how in OUTCOMES:
                self._land(hand, OUTCOMES[how](hand.claimed))
            elif how == "split":
                self._land(hand, self._split(hand.claimed, count))
            else:
                self._report(hand, how)

    @move(
        tenant=TENANTS,
        how=st.sampled_from(GOING_ON),
    )
    def go_on(self, tenant: int, how: str) -> None:
        """Let time pass, or do a chore; whose lease ran out loses the job to the reconciler."""
        if how in TIMES:
            self._pass_time(TIMES[how])
        elif how == "replace workers":
            self._replace_workers(waking=bool(tenant))
        elif how == "reconcile":
            self._reconcile()
        elif how == "prune":
            self._prune(tenant)
        else:
            with self.world.database.transaction() as session:
                CHORES[how](session, self.world.catalogue.kinds)

    def teardown(self) -> None:
        """Give everybody time: each job becomes final, and nothing is left to be done for any."""
        for _ in range(12):
            if not any(map(self.before.is_open, self.before.jobs)):
                break
            self._work_through()
        assert not [job for job in self.before.jobs.values() if self.before.is_open(job.id)], "forgotten"
        assert not self.before.unsettled

    def _work_through(self) -> None:
        with self.world.database.transaction() as session:
            pausing.resume(session, "default")
            for name in self.before.limits:
                concurrency.lift_limit(session, name)
        self._pass_time(2_000.0)
        self._reconcile()
        for _ in range(6):
            self._relay(500)
            while self.world.broker:
                self._claim(self.world.broker.pop(0))
            for hand in [hand for hand in self.world.hands if self.world.holds(hand)]:
                self._land(hand, OUTCOMES["succeed"](hand.claimed))
            self.go_on(0, "settle")
            self.go_on(0, "promote")
            self.holds()

    def _relay(self, room: int) -> None:
        with self.world.database.transaction() as session:
            batch = outbox.take_batch(session, {"default": room})
        jobs = self.world.read().jobs
        for message in batch.messages:
            self.world.broker.append(message.job_id)
            if message.job_id in jobs:
                self.world.taken[message.job_id] = jobs[message.job_id].version

    def _replace_workers(self, *, waking: bool) -> None:
        """Have all leases run out and others take the jobs; those who lost them may wake up and finish."""
        lost = [hand for hand in self.world.hands if self.world.holds(hand)]
        self._pass_time(2_000.0)
        self._reconcile()
        self._relay(500)
        for hand in lost:
            self._claim(hand.claimed.id)
        for hand in lost if waking else ():
            self._land(hand, OUTCOMES["succeed"](hand.claimed))

    def _reconcile(self) -> None:
        lost = self.world.lose_expired()
        counts = reconciler.reconcile(self.world.database, lambda _queue: len(self.world.broker), every_s=0.0)
        assert counts["rescued"] == lost

    def _pass_time(self, seconds: float) -> None:
        self.world.pass_time(seconds)
        self.before = self.world.read()

    def _prune(self, tenant: int) -> None:
        principal, self.pruning = self._act(tenant), True
        batches = pruning.prune_tenant(self.world.database, principal.tenant_id, age=RETENTION, monotonic=monotonic)
        gone = sum(batch.pruned for batch in batches)
        assert gone == len(self.before.jobs) - len(self.world.read().jobs)

    def _split(self, claimed: Claimed, count: int) -> Outcome:
        split = Split(claimed.stages, "platform.echo", [{"n": number} for number in range(count)])
        return outcomes.split(split.stage, splitting.shard_rows(self.world.catalogue.kinds, claimed, split, utc_now()))

    def _report(self, hand: Hand, how: str) -> None:
        before = self.world.read()
        with self.world.database.transaction() as session:
            told = REPORTS[how](self.world, session, hand)
        assert told == self.world.holds(hand)
        if not told:
            assert self.world.read() == before
        elif how == "heartbeat":
            self.world.leases[hand.claimed.id] = self.world.now_s + LEASE_S
        elif how != "progress":
            self.world.let_go(hand.claimed.id)

    def _hand(self, pick: int, *, late: bool) -> Hand:
        """Choose an attempt that should be its job's, or one whose job others hold by now, or any."""
        hands, holders = self.world.hands, self.world.holders
        current = [hand for hand in hands if self.world.holds(hand)]
        overtaken = [hand for hand in hands if hand.claimed.id in holders and not self.world.holds(hand)]
        chosen: Hand = picked((overtaken if late else current) or hands, pick)
        return chosen

    def _claim(self, job_id: UUID) -> None:
        worker = f"worker-{len(self.world.hands)}:1"
        claimed = leases.claim(self.world.database, job_id, worker=worker, lease_s=LEASE_S)
        if claimed is not None:
            assert job_id not in self.world.holders, "two hold one job"
            self.world.hold(worker, claimed)

    def _land(self, hand: Hand, outcome: Outcome) -> None:
        station, claimed = self.world.station, hand.claimed
        before = self.world.read()
        try:
            execution.record(station, claimed, self.world.recorder(claimed), outcome)
        except LeaseLost:
            assert not self.world.holds(hand)
            assert self.world.read() == before
        else:
            assert self.world.holds(hand), "a stale worker's outcome landed"
            self.world.let_go(claimed.id)


def _failed(claimed: Claimed, *, will_pass: bool) -> Outcome:
    return outcomes.failed(claimed, Failure("no_water", "dry", will_pass=will_pass), usage=USAGE, delay_s=RETRY_S)


def _tell_progress(world: World, hand: Hand) -> bool:
    try:
        world.recorder(hand.claimed).progress(0.5, "half", "of it")
    except LeaseLost:
        return False
    return True


def _renew(_world: World, session: Session, hand: Hand) -> bool:
    held = leases.renew(session, [(hand.claimed.id, hand.worker)], lease_s=LEASE_S)
    return [one.fence for one in held] == [hand.claimed.fence]


def _kill(_world: World, session: Session, hand: Hand) -> bool:
    asked = session.scalar(select(Job.cancel_requested_at).where(Job.id == hand.claimed.id))
    reason = StopReason.CANCELLED if asked else StopReason.TIME_LIMIT
    return rescue.fail_stopped(session, hand.claimed.id, hand.claimed.fence, reason, "it would not stop")


REPORTS: dict[str, Callable[[World, Session, Hand], bool]] = {
    "progress": lambda world, _session, hand: _tell_progress(world, hand),
    "heartbeat": _renew,
    "died": lambda _world, session, hand: rescue.rescue_dead(session, hand.claimed.id, hand.worker),
    "killed": _kill,
    "given back": lambda _world, session, hand: rescue.give_back(session, hand.claimed.id, hand.claimed.fence),
}
