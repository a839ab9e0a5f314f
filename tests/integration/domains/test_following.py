"""What is remembered of a domain: learned from each window exactly once, whatever becomes of jobs and attempts."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import numpy as np
import pytest
from sqlalchemy import text

from core.catalogue import Catalogue
from core.database import Database
from core.jobs.context import JobContext
from core.jobs.execution import Station, execute
from core.jobs.outcomes import Outcome
from core.jobs.rescue import rescue_expired
from core.jobs.states import State
from core.platform.access import Principal, Role
from core.platform.domains import frames, memories
from core.platform.domains.memories import Learned, Memory, MemoryMissing, MemoryMoved
from core.platform.domains.windows import NewWindow
from core.workloads.causal import kinds, stream_state, update
from tests.conftest import make_principal
from tests.integration.domains.conftest import BEGAN

NAME = "causal.update:default"


def noise(index: int, rows: int = 60) -> NewWindow:
    """A window in which `a` drives `b` one row later."""
    values = np.random.default_rng(index).standard_normal((2, rows))
    values[1, 1:] += 0.8 * values[0, :-1]
    content = frames.encode(["a", "b"], values, {})
    return NewWindow(index, "synthetic", rows, BEGAN, len(content), content)


@pytest.fixture
def keep(compute_job: Callable[..., Outcome]) -> Callable[..., None]:
    """Store windows by a job."""

    def keep_all(domain: str, *indices: int) -> None:
        def compute(_params: Any, context: JobContext) -> dict[str, Any]:
            context.domains.keep([(UUID(domain), noise(index)) for index in indices])
            return {}

        assert compute_job(compute).state is State.SUCCEEDED

    return keep_all


@pytest.fixture
def follow(station: Station, submit_job: Callable[..., UUID]) -> Callable[..., Outcome | None]:
    """Run `causal.update` for a domain; `between` happens after it has computed and before its outcome lands."""

    def run(domain: str, job_id: UUID | None = None, *, between: Callable[[], Any] = lambda: None) -> Outcome | None:
        def compute(params: Any, context: JobContext) -> dict[str, Any]:
            result = update.compute(params, context)
            between()
            return result

        return execute(station, kinds.UPDATE, compute, job_id or submit_job("causal.update", {"domain": domain}))

    return run


@pytest.fixture
def state(database: Database, admin: Principal) -> Callable[[str], stream_state.State]:
    """Read what is remembered."""

    def read(domain: str) -> stream_state.State:
        with database.statements() as session:
            return stream_state.load(memories.recall(session, admin.tenant_id, UUID(domain), NAME).content)

    return read


def changes(database: Database) -> list[dict[str, Any]]:
    with database.statements() as session:
        told = text("SELECT data FROM bus_events WHERE topic = 'causal.edges_changed' ORDER BY id")
        return list(session.scalars(told))


def test_windows_are_learned_from_once_and_the_change_is_told_once(
    database: Database,
    add_domain: Callable[..., str],
    keep: Callable[..., None],
    follow: Callable[..., Outcome],
    state: Callable[[str], stream_state.State],
) -> None:
    domain = add_domain(window_size=60)
    keep(domain, 0, 1)
    assert follow(domain).values["new_result"]["folded"] == 2
    assert follow(domain).values["new_result"]["folded"] == 0
    keep(domain, 2)
    follow(domain)
    assert (state(domain).windows, state(domain).last) == (3, 2)
    (told,) = changes(database)
    assert [(edge["source"], edge["target"], edge["lag"]) for edge in told["added"]] == [("a", "b", 1)]


def test_an_attempt_that_is_lost_has_taught_nothing(
    database: Database,
    add_domain: Callable[..., str],
    keep: Callable[..., None],
    follow: Callable[..., Outcome | None],
    state: Callable[[str], stream_state.State],
    submit_job: Callable[..., UUID],
    put: Callable[..., None],
) -> None:
    """Given an attempt whose lease ends while it computes, its outcome is refused and the next attempt learns."""
    domain = add_domain(window_size=60)
    keep(domain, 0, 1, 2)
    job_id = submit_job("causal.update", {"domain": domain})

    def lose() -> None:
        with database.transaction() as session:
            session.execute(text("UPDATE jobs SET lease_expires_at = now() - interval '1 minute'"))
            rescue_expired(session)

    assert follow(domain, job_id, between=lose) is None
    assert changes(database) == []
    put(job_id, due_at=BEGAN)
    again = follow(domain, job_id)
    assert again is not None
    assert again.values["new_result"]["folded"] == 3
    assert (state(domain).windows, len(changes(database))) == (3, 1)


def test_two_jobs_at_once_learn_each_window_once(
    database: Database,
    add_domain: Callable[..., str],
    keep: Callable[..., None],
    follow: Callable[..., Outcome],
    state: Callable[[str], stream_state.State],
    submit_job: Callable[..., UUID],
    row: Callable[[UUID], Any],
) -> None:
    """Given a job that learns what another is about to, the other is computed anew and loses no attempt over it."""
    domain = add_domain(window_size=60)
    keep(domain, 0, 1)
    job_id = submit_job("causal.update", {"domain": domain})
    outcome = follow(domain, job_id, between=lambda: follow(domain))
    assert (outcome.state, row(job_id).attempt) == (State.QUEUED, 0)
    assert follow(domain, job_id).values["new_result"]["folded"] == 0
    assert (state(domain).windows, len(changes(database))) == (2, 1)


def test_windows_out_of_order_leave_the_same_bytes(
    add_domain: Callable[..., str],
    keep: Callable[..., None],
    follow: Callable[..., Outcome],
    state: Callable[[str], stream_state.State],
) -> None:
    one, other = add_domain("one", window_size=60), add_domain("other", window_size=60)
    for index in (0, 1, 2, 3):
        keep(one, index)
        follow(one)
    for index in (2, 0, 3, 1):
        keep(other, index)
        follow(other)
    assert stream_state.dump(state(one)) == stream_state.dump(state(other))


def test_many_jobs_at_once_leave_what_one_leaves(
    station: Station,
    add_domain: Callable[..., str],
    keep: Callable[..., None],
    follow: Callable[..., Outcome],
    state: Callable[[str], stream_state.State],
    submit_job: Callable[..., UUID],
    at_once: Callable[..., list[Any]],
    database: Database,
) -> None:
    domain, alone = add_domain("many", window_size=60), add_domain("alone", window_size=60)
    keep(domain, 0, 1, 2)
    keep(alone, 0, 1, 2)
    jobs = [submit_job("causal.update", {"domain": domain}) for _ in range(6)]
    waiting = list(jobs)
    at_once(lambda: follow(domain, waiting.pop()), 6)
    for job_id in jobs:
        while (outcome := follow(domain, job_id)) is not None:
            assert outcome.state in {State.SUCCEEDED, State.QUEUED}
    follow(alone)
    assert stream_state.dump(state(domain)) == stream_state.dump(state(alone))
    assert len(changes(database)) == 2


def test_a_memory_names_the_version_that_it_was_made_from(
    database: Database, admin: Principal, add_domain: Callable[..., str], catalogue: Catalogue
) -> None:
    domain, told = UUID(add_domain()), {"edges": ["one"]}

    def learn(before: Memory, content: bytes) -> Memory:
        with database.transaction() as session:
            memories.remember(session, admin.tenant_id, Learned(domain, NAME, before, content, told))
        with database.statements() as session:
            return memories.recall(session, admin.tenant_id, domain, NAME)

    first = learn(Memory(), b"one")
    second = learn(first, b"two")
    assert (second.version, second.content) == (first.version + 1, b"two")
    for stale in (Memory(), first):
        with pytest.raises(MemoryMoved):
            learn(stale, b"three")
    with database.transaction() as session:
        memories.forget_memory(session, admin.tenant_id, domain, NAME)
        with pytest.raises(MemoryMissing):
            memories.forget_memory(session, admin.tenant_id, domain, NAME)
    with pytest.raises(MemoryMoved):
        learn(second, b"three")
    assert learn(Memory(), b"anew").version > second.version
    stranger = make_principal(database, "other", Role.ADMIN)
    with database.statements() as session:
        assert memories.recall(session, stranger.tenant_id, domain, NAME) == Memory()
        assert [row.told for row in memories.list_memories(session, admin.tenant_id, domain)] == [told]
