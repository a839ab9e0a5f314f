"""A table with a sealed column of this folder's own, as a product table would declare it."""

from collections.abc import Callable, Iterator
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Column, MetaData, Table, Text, Uuid, insert, select

from core.database import Database
from core.platform.sealing import rotation
from core.platform.sealing.columns import SealedColumn, SealedText, sealed_columns
from core.platform.sealing.models import NOBODY
from core.platform.sealing.values import Place, open_sealed, seal

NOTES = Table(
    "notes",
    MetaData(),
    Column("id", Uuid, primary_key=True),
    Column("tenant_id", Uuid, nullable=False),
    Column("words", SealedText),
    Column("words_index", Text),
)


@pytest.fixture(autouse=True)
def notes(database: Database, monkeypatch: pytest.MonkeyPatch) -> Iterator[SealedColumn]:
    """Make the table, and let rotations find its column beside those of the platform."""
    NOTES.create(database.engine)
    column = SealedColumn(NOTES, NOTES.c.words)
    monkeypatch.setattr(rotation, "sealed_columns", lambda: iter([column, *sealed_columns()]))
    yield column
    NOTES.drop(database.engine)


@pytest.fixture
def tenant_id() -> UUID:
    return uuid4()


@pytest.fixture
def write(database: Database, tenant_id: UUID) -> Callable[..., UUID]:
    """Write a note, sealed; return its id."""

    def write_note(words: str, *, subject: UUID = NOBODY, tenant: UUID = tenant_id) -> UUID:
        note_id = uuid4()
        with database.transaction() as session:
            sealed = seal(session, Place(tenant, "notes", "words", note_id), words, subject=subject)
            session.execute(insert(NOTES).values(id=note_id, tenant_id=tenant, words=sealed))
        return note_id

    return write_note


@pytest.fixture
def read(database: Database, tenant_id: UUID) -> Callable[[UUID], str]:
    """Read a note as its application does."""

    def read_note(note_id: UUID) -> str:
        with database.statements() as session:
            kept = session.execute(select(NOTES.c.words).where(NOTES.c.id == note_id)).scalar_one()
            return open_sealed(session, Place(tenant_id, "notes", "words", note_id), kept)

    return read_note
