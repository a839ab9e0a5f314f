"""Sealed fields: bound to their place, of no use without the keys, findable by equality."""

from collections.abc import Callable
from contextlib import suppress
from uuid import UUID, uuid4

import pytest
from sqlalchemy import insert, select, text, update
from sqlalchemy.exc import StatementError

from core.crypto import CiphertextRefused, Keyring, MasterKey
from core.database import Database, connect
from core.platform.sealing import keys
from core.platform.sealing.keys import destroy
from core.platform.sealing.models import DataKey
from core.platform.sealing.values import Place, Sealed, blind_index, open_many, open_sealed, seal
from tests.integration.sealing.conftest import NOTES

Write = Callable[..., UUID]
Read = Callable[[UUID], str]


def test_what_is_in_the_table_tells_nothing(database: Database, write: Write, read: Read) -> None:
    note_id = write("ada@example.org")
    with database.statements() as session:
        (kept,) = session.execute(text("SELECT words FROM notes")).one()
    assert "ada" not in kept
    assert kept.startswith("sealed:v1:")
    assert read(note_id) == "ada@example.org"


def test_equal_values_are_sealed_differently(database: Database, write: Write) -> None:
    write("same")
    write("same")
    with database.statements() as session:
        kept = session.scalars(select(NOTES.c.words)).all()
    assert len(set(kept)) == 2


def test_a_ciphertext_moved_to_another_row_does_not_open(database: Database, write: Write, read: Read) -> None:
    mine, yours = write("mine"), write("yours")
    with database.transaction() as session:
        moved = select(NOTES.c.words).where(NOTES.c.id == yours).scalar_subquery()
        session.execute(update(NOTES).where(NOTES.c.id == mine).values(words=moved))
    assert read(yours) == "yours"
    with pytest.raises(CiphertextRefused):
        read(mine)


@pytest.mark.parametrize("place", ["table", "column", "tenant"])
def test_nor_anywhere_else(database: Database, tenant_id: UUID, place: str) -> None:
    row = uuid4()
    with database.transaction() as session:
        sealed = seal(session, Place(tenant_id, "notes", "words", row), "x")
        other = {
            "table": Place(tenant_id, "letters", "words", row),
            "column": Place(tenant_id, "notes", "title", row),
            "tenant": Place(uuid4(), "notes", "words", row),
        }
        with pytest.raises(CiphertextRefused):
            open_sealed(session, other[place], sealed)


def test_many_open_as_one_by_one_and_those_that_do_not_are_none(database: Database, tenant_id: UUID) -> None:
    rows, another, subject = [uuid4() for _ in range(3)], uuid4(), uuid4()
    with database.transaction() as session:
        kept = [(row, seal(session, Place(tenant_id, "notes", "words", row), f"of {row}")) for row in rows]
        own = uuid4()
        kept.append((own, seal(session, Place(tenant_id, "notes", "words", own), "of a subject", subject=subject)))
        strange = seal(session, Place(another, "notes", "words", own), "of another tenant")
    moved = [(rows[0], kept[1][1]), (own, strange), (own, Sealed("")), (own, Sealed("plain")), (own, kept[0][1] + "!")]
    with database.statements() as session:
        opened = list(open_many(session, tenant_id, "notes", "words", [*kept, *moved]))
        destroy(session, tenant_id, subject)
        after = list(open_many(session, tenant_id, "notes", "words", kept))
    assert opened == [*(f"of {row}" for row in rows), "of a subject", None, None, None, None, None]
    assert after == [*(f"of {row}" for row in rows), None]


def test_plain_text_cannot_be_written_by_mistake(database: Database, tenant_id: UUID) -> None:
    with database.transaction() as session, pytest.raises(StatementError, match="sealed values only"):
        session.execute(insert(NOTES).values(id=uuid4(), tenant_id=tenant_id, words="plain"))


@pytest.mark.parametrize("value", ["", "plain", "sealed:v1:", "sealed:v1:zz:AAAA", f"sealed:v1:{UUID(int=7).hex}:AAAA"])
def test_what_was_never_sealed_is_refused(database: Database, tenant_id: UUID, value: str) -> None:
    with database.statements() as session, pytest.raises(CiphertextRefused):
        open_sealed(session, Place(tenant_id, "notes", "words", uuid4()), value)


def test_the_database_alone_opens_nothing(database_url: str, write: Write) -> None:
    """Given the whole database but another master key, nothing opens."""
    write("secret")
    thief = connect(database_url, keyring=Keyring([MasterKey("test", b"x" * 32)]))
    with thief.statements() as session:
        note = session.execute(select(NOTES)).one()
        with pytest.raises(CiphertextRefused):
            open_sealed(session, Place(note.tenant_id, "notes", "words", note.id), note.words)
    thief.engine.dispose()


def test_a_destroyed_subject_cannot_be_read_again(
    database: Database, write: Write, read: Read, tenant_id: UUID
) -> None:
    ada, grace = uuid4(), uuid4()
    of_ada, of_grace, of_nobody = write("ada", subject=ada), write("grace", subject=grace), write("nobody")
    with database.transaction() as session:
        assert keys.destroy(session, tenant_id, ada) == 1
    assert (read(of_grace), read(of_nobody)) == ("grace", "nobody")
    with pytest.raises(CiphertextRefused):
        read(of_ada)


def test_a_key_that_was_rolled_back_is_not_used_again(database: Database, write: Write, tenant_id: UUID) -> None:
    """Given a first value whose transaction fails, the next value does not bear the key that went with it."""
    with suppress(ZeroDivisionError), database.transaction() as session:
        place = Place(tenant_id, "notes", "words", uuid4())
        seal(session, place, "lost")
        seal(session, place, "lost, too")
        raise ZeroDivisionError
    note_id = write("kept")
    assert database.keyring is not None
    database.keyring.forget()
    with database.statements() as session:
        kept = session.scalars(select(NOTES.c.words).where(NOTES.c.id == note_id)).one()
        assert open_sealed(session, Place(tenant_id, "notes", "words", note_id), kept) == "kept"


def test_many_first_values_at_once_make_one_key(
    database: Database, write: Write, read: Read, at_once: Callable[..., list[UUID]]
) -> None:
    notes = at_once(lambda: write("words"), 6)
    with database.statements() as session:
        assert len(session.scalars(select(DataKey.id)).all()) == 1
    assert {read(note_id) for note_id in notes} == {"words"}


def test_an_index_finds_equal_values_and_tells_tenants_and_fields_apart(database: Database, tenant_id: UUID) -> None:
    with database.transaction() as session:
        one = blind_index(session, tenant_id, "notes.words", "ada")
        assert one == blind_index(session, tenant_id, "notes.words", "ada")
        others = {
            blind_index(session, tenant_id, "notes.words", "Ada"),
            blind_index(session, tenant_id, "notes.title", "ada"),
            blind_index(session, uuid4(), "notes.words", "ada"),
        }
    assert len(others | {one}) == 4


def test_a_sealed_value_names_its_key(database: Database, tenant_id: UUID) -> None:
    with database.transaction() as session:
        sealed = seal(session, Place(tenant_id, "notes", "words", "x"), "value")
        assert Sealed(sealed).key_id == session.scalars(select(DataKey.id)).one()
