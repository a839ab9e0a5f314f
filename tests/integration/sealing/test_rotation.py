"""Rotation: everything stays readable, whatever it is interrupted by, and in the end the old keys are gone."""

from collections.abc import Callable
from threading import Event, Thread
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select, update

from core.crypto import Keyring, MasterKey
from core.database import Database, connect
from core.platform.sealing import keys, rotation
from core.platform.sealing.columns import SealedColumn
from core.platform.sealing.models import DataKey
from core.platform.sealing.values import Place, open_sealed
from tests.integration.sealing.conftest import NOTES

Write = Callable[..., UUID]
Read = Callable[[UUID], str]


def retire(database: Database, tenant_id: UUID) -> int:
    with database.transaction() as session:
        return keys.retire(session, tenant_id)


def settle(database: Database) -> None:
    """Let retired keys have been retired for long."""
    with database.transaction() as session:
        session.execute(
            update(DataKey).where(DataKey.retired_at.is_not(None)).values(retired_at=func.now() - 2 * rotation.SETTLED)
        )


def test_old_keys_read_until_all_is_sealed_anew_and_then_are_gone(
    database: Database, write: Write, read: Read, tenant_id: UUID
) -> None:
    ada = uuid4()
    before = [write("a"), write("b", subject=ada)]
    assert retire(database, tenant_id) == 2
    after = write("c")
    assert [read(note_id) for note_id in (*before, after)] == ["a", "b", "c"]
    with database.statements() as session:
        status = rotation.read_status(session, tenant_id)
    assert (status.keys, status.retired, status.outdated) == (1, 2, {"notes.words": 2})
    assert rotation.go_on(database) == {"rewrapped": 0, "resealed": 2, "destroyed": 0}
    settle(database)
    assert rotation.go_on(database)["destroyed"] == 2
    assert [read(note_id) for note_id in (*before, after)] == ["a", "b", "c"]
    with database.transaction() as session:
        assert rotation.read_status(session, tenant_id).retired == 0
        assert keys.destroy(session, tenant_id, ada) == 1  # still sealed for the subject it is about


def test_a_rotation_goes_on_where_it_was_broken_off(
    database: Database, write: Write, read: Read, tenant_id: UUID, notes: SealedColumn
) -> None:
    written = [write(str(number)) for number in range(7)]
    retire(database, tenant_id)
    with database.transaction() as session:
        assert rotation.reseal_batch(session, notes, limit=3) == 3
    assert sorted(map(read, written)) == sorted(map(str, range(7)))
    assert rotation.go_on(database)["resealed"] == 4
    assert rotation.go_on(database)["resealed"] == 0


def test_a_key_that_some_process_may_still_use_stays(database: Database, write: Write, tenant_id: UUID) -> None:
    write("a")
    retire(database, tenant_id)
    assert rotation.go_on(database) == {"rewrapped": 0, "resealed": 1, "destroyed": 0}


def test_a_key_that_a_late_value_bears_stays(database: Database, write: Write, read: Read, tenant_id: UUID) -> None:
    note_id = write("a")
    retire(database, tenant_id)
    settle(database)
    with database.transaction() as session:
        assert rotation.destroy_unused(session) == 0
    assert read(note_id) == "a"


def test_readers_and_writers_notice_nothing(database: Database, write: Write, read: Read, tenant_id: UUID) -> None:
    """While somebody reads and writes all the time, rotation after rotation lets none of it fail."""
    notes, stop, failures = [write("0")], Event(), []

    def use() -> None:
        while not stop.is_set():
            try:
                notes.append(write(str(len(notes))))
                assert [read(note_id) for note_id in notes[-5:]] == [str(n) for n in range(len(notes))][-5:]
            except Exception as error:  # noqa: BLE001 - whatever it is, the test is to tell
                failures.append(error)
                return

    user = Thread(target=use)
    user.start()
    for _ in range(5):
        retire(database, tenant_id)
        rotation.go_on(database)
    stop.set()
    user.join()
    assert failures == []
    assert [read(note_id) for note_id in notes] == [str(number) for number in range(len(notes))]


def test_only_the_tenant_that_asked_is_rotated(database: Database, write: Write, tenant_id: UUID) -> None:
    write("mine")
    write("theirs", tenant=uuid4())
    assert retire(database, tenant_id) == 1
    assert rotation.go_on(database)["resealed"] == 1


@pytest.mark.parametrize("count", [1, rotation.BATCH + 1])
def test_a_new_master_key_wraps_all_keys_anew(database: Database, database_url: str, count: int) -> None:
    tenants = [uuid4() for _ in range(count)]
    with database.transaction() as session:
        for tenant in tenants:
            keys.current_key(session, tenant)
    new, old = MasterKey("new", b"n" * 32), MasterKey("test", bytes(32))
    with_both = connect(database_url, keyring=Keyring([new, old]))
    assert rotation.go_on(with_both)["rewrapped"] == count
    with_both.engine.dispose()
    with_new = connect(database_url, keyring=Keyring([new]))
    with with_new.statements() as session:
        assert {keys.current_key(session, tenant).tenant_id for tenant in tenants} == set(tenants)
    with_new.engine.dispose()


def test_values_outlive_both_sorts_of_rotation(
    database: Database, database_url: str, write: Write, tenant_id: UUID
) -> None:
    note_id = write("kept")
    retire(database, tenant_id)
    other = connect(database_url, keyring=Keyring([MasterKey("new", b"n" * 32), MasterKey("test", bytes(32))]))
    rotation.go_on(other)
    with other.statements() as session:
        sealed = session.scalars(select(NOTES.c.words)).one()
        assert open_sealed(session, Place(tenant_id, "notes", "words", note_id), sealed) == "kept"
    other.engine.dispose()
