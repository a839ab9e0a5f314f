"""Fair rounds: tenants take turns, each with its best first; the turns go on where they stopped."""

import uuid
from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from core.database import Database
from core.jobs import outbox
from core.jobs.outbox import Batch

ANT, BEE, CAT = (UUID(int=number) for number in (1, 2, 3))


@pytest.fixture
def write(database: Database) -> Callable[..., None]:
    """Write messages of a tenant, one for each priority given; what a priority is called is the job's id."""

    def write_messages(tenant: UUID, priorities: Sequence[int], *, queue: str = "default") -> None:
        rows = [{"job": uuid.uuid4(), "q": queue, "p": priority, "t": tenant} for priority in priorities]
        with database.transaction() as session:
            session.execute(
                text(
                    "INSERT INTO job_outbox (job_id, kind, queue, priority, tenant_id)"
                    " VALUES (:job, :t, :q, :p, :t)"  # the kind tells whose it is
                ),
                [{**row, "t": str(row["t"])} for row in rows],
            )

    return write_messages


def take(database: Database, room: dict[str, int], served: Any = None) -> Batch:
    with database.transaction() as session:
        return outbox.take_batch(session, room, served)


def whose(batch: Batch) -> list[tuple[int, int]]:
    """Name each message by its tenant's number and its priority."""
    return [(UUID(message.kind).int, message.priority) for message in batch.messages]


def test_tenants_take_turns_and_each_sends_its_best(database: Database, write: Callable[..., None]) -> None:
    write(ANT, [1, 5, 9, 5])
    write(BEE, [0])
    write(CAT, [3, 4])
    batch = take(database, {"default": 5})
    assert whose(batch) == [(1, 9), (2, 0), (3, 4), (1, 5), (3, 3)]


def test_among_equals_of_a_tenant_the_oldest_goes_first(database: Database, write: Callable[..., None]) -> None:
    write(ANT, [5, 5, 5])
    with database.statements() as session:
        written = session.scalars(text("SELECT job_id FROM job_outbox ORDER BY id")).all()
    assert [message.job_id for message in take(database, {"default": 3}).messages] == written


def test_the_next_round_begins_after_who_was_served_last(database: Database, write: Callable[..., None]) -> None:
    for tenant in (ANT, BEE, CAT):
        write(tenant, [5] * 4)
    served: dict[str, UUID] = {}
    order = []
    for _ in range(6):
        batch = take(database, {"default": 2}, served)
        served |= batch.served
        order += [tenant for tenant, _ in whose(batch)]
    assert order == [1, 2, 3] * 4


def test_many_tenants_and_little_room_leave_nobody_out(database: Database, write: Callable[..., None]) -> None:
    for number in range(1, 21):
        write(UUID(int=number), [9, 9])
    served: dict[str, UUID] = {}
    found = []
    for _ in range(7):
        batch = take(database, {"default": 3}, served)
        served |= batch.served
        found += [tenant for tenant, _ in whose(batch)]
    assert sorted(found[:20]) == list(range(1, 21))


def test_a_tenant_alone_gets_all_the_room_and_no_more(database: Database, write: Callable[..., None]) -> None:
    write(ANT, [5] * 10)
    assert len(take(database, {"default": 7}).messages) == 7
    assert len(take(database, {"default": 7}).messages) == 3
    assert take(database, {"default": 7}).messages == []


def test_each_queue_has_rounds_and_room_of_its_own(database: Database, write: Callable[..., None]) -> None:
    write(ANT, [5] * 5)
    write(ANT, [5] * 5, queue="io")
    write(BEE, [5] * 5, queue="io")
    batch = take(database, {"default": 1, "io": 4})
    assert [(message.queue, UUID(message.kind).int) for message in batch.messages].count(("default", 1)) == 1
    assert sorted(tenant for tenant, _ in whose(batch)) == [1, 1, 1, 2, 2]
    assert take(database, {"science": 5}).messages == []


def test_rounds_at_once_share_the_messages_and_keep_within_their_room(
    database: Database, write: Callable[..., None], at_once: Callable[..., list[Any]]
) -> None:
    write(ANT, [5] * 200)
    write(BEE, [5] * 20)
    found: list[UUID] = []
    for _ in range(10):
        batches = at_once(lambda: take(database, {"default": 10}), 4)
        assert all(len(batch.messages) <= 10 for batch in batches)
        found += [message.job_id for batch in batches for message in batch.messages]
    assert len(found) == len(set(found))
    assert len(found) >= 100


def test_a_round_rolled_back_leaves_its_messages(database: Database, write: Callable[..., None]) -> None:
    write(ANT, [5] * 3)
    with database.transaction() as session:
        assert len(outbox.take_batch(session, {"default": 3}).messages) == 3
        session.rollback()
    with database.statements() as session:
        assert outbox.depth(session) == 3


def test_who_was_given_more_lately_sits_out_as_many_turns(database: Database, write: Callable[..., None]) -> None:
    write(ANT, [5] * 10)
    write(BEE, [5] * 10)
    with database.transaction() as session:
        lately = {("default", ANT): 7, ("default", BEE): 4, ("io", BEE): 99}
        batch = outbox.take_batch(session, {"default": 7}, lately=lately)
    assert [tenant for tenant, _ in whose(batch)] == [2, 2, 2, 1, 2, 1, 2]
    assert batch.carried == {("default", ANT): 2, ("default", BEE): 5}
