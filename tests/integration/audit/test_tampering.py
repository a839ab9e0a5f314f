"""Whatever is done to a trail by somebody who has the whole database, but no key, is found, and where it begins."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.orm import Session

from core.crypto import Keyring, MasterKey
from core.database import Database, connect
from core.platform.access import Role
from core.platform.audit import chain
from core.platform.audit.models import AuditEntry
from core.platform.audit.verification import Verified, verify
from tests.conftest import make_principal

Append = Callable[..., None]
Tampering = Callable[[], AbstractContextManager[Session]]
Check = Callable[..., Verified]

FORGED = """
INSERT INTO audit_entries (id, tenant_id, action, path, outcome, seq) SELECT id, id, '', '', '', 1 FROM tenants
"""
CHANGES = {
    "id": f"'{uuid4()}'",
    "at": "at + interval '1 microsecond'",
    "actor_id": f"'{uuid4()}'",
    "actor": "'Grace'",
    "role": "'viewer'",
    "action": "'GET /jobs'",
    "path": "path || ' '",
    "outcome": "'denied'",
    "status": "403",
    "code": "''",
    "request_id": "'x'",
    "client": "'127.0.0.1'",
    "target": "NULL",
    "data": "'{\"a\": 1}'",
    "hash": "repeat('0', 64)",
}


def test_a_trail_that_nobody_touched_is_good(append: Append, verified: Check) -> None:
    append(7)
    append(1)
    found = verified()
    assert (found.flaw, found.seq, found.unchained) == (None, 8, 0)
    assert verified(limit=100) == Verified(8, 8, found.hash, complete=True, unchained=0)


def test_every_column_is_covered() -> None:
    assert {*CHANGES, "tenant_id", "seq"} == {column.name for column in AuditEntry.__table__.c}


@pytest.mark.parametrize("column", CHANGES)
@pytest.mark.parametrize("seq", [1, 4, 7])
def test_a_change_is_found_where_it_is(
    append: Append, tampering: Tampering, verified: Check, column: str, seq: int
) -> None:
    append(7)
    with tampering() as session:
        session.execute(text(f"UPDATE audit_entries SET {column} = {CHANGES[column]} WHERE seq = {seq}"))
    flaw = verified().flaw
    assert flaw is not None
    assert flaw.seq == seq


@pytest.mark.parametrize(
    ("seqs", "first", "why"),
    [("1", 1, "missing"), ("4", 4, "missing"), ("2, 3, 5", 2, "missing"), ("7", 7, "cut off"), ("6, 7", 6, "cut off")],
)
def test_a_deletion_is_found_where_it_begins(
    append: Append, tampering: Tampering, verified: Check, seqs: str, first: int, why: str
) -> None:
    append(7)
    with tampering() as session:
        session.execute(text(f"DELETE FROM audit_entries WHERE seq IN ({seqs})"))
    flaw = verified().flaw
    assert flaw is not None
    assert (flaw.seq, why in flaw.reason) == (first, True)


def test_two_that_changed_places_are_found(append: Append, tampering: Tampering, verified: Check) -> None:
    append(7)
    with tampering() as session:
        for was, becomes in ((3, 100), (5, 3), (100, 5)):
            session.execute(text(f"UPDATE audit_entries SET seq = {becomes} WHERE seq = {was}"))
    flaw = verified().flaw
    assert flaw is not None
    assert flaw.seq == 3


@pytest.mark.parametrize("seq", [4, 8])
def test_an_insertion_is_found(append: Append, tampering: Tampering, verified: Check, seq: int) -> None:
    append(7)
    with tampering() as session:
        session.execute(text("UPDATE audit_entries SET seq = seq + 1000 WHERE seq >= :seq"), {"seq": seq})
        session.execute(text("UPDATE audit_entries SET seq = seq - 999 WHERE seq > 1000"))
        session.execute(
            text(
                "INSERT INTO audit_entries (id, tenant_id, action, path, outcome, seq, hash) "
                "SELECT gen_random_uuid(), tenant_id, action, path, outcome, :seq, hash FROM audit_entries "
                "WHERE seq = 1"
            ),
            {"seq": seq},
        )
    flaw = verified().flaw
    assert flaw is not None
    assert flaw.seq == seq


def rechain(session: Session, tenant_id: UUID) -> None:
    """Compute all hashes anew, as somebody may who knows how they are made, and move the end there."""
    rows = session.execute(select(AuditEntry.__table__).order_by(AuditEntry.seq)).all()
    latest = ""
    for seq, row in enumerate(rows, 1):
        latest = chain.hash_of(latest, {**row._mapping, "seq": seq})
        values = {"id": row.id, "seq": seq, "hash": latest}
        session.execute(text("UPDATE audit_entries SET seq = :seq, hash = :hash WHERE id = :id"), values)
    moved = {"tenant_id": tenant_id, "seq": len(rows), "hash": latest}
    session.execute(text("UPDATE audit_heads SET seq = :seq, hash = :hash WHERE tenant_id = :tenant_id"), moved)


@pytest.mark.parametrize(
    "deed",
    [
        "UPDATE audit_entries SET actor = 'Grace' WHERE seq = 2",
        "DELETE FROM audit_entries WHERE seq = 2",
        "DELETE FROM audit_entries WHERE seq = 7",
        "DELETE FROM audit_entries",
    ],
)
def test_a_chain_that_was_made_anew_lacks_the_signature(
    append: Append, tampering: Tampering, verified: Check, tenant_id: UUID, deed: str
) -> None:
    append(7)
    with tampering() as session:
        session.execute(text(deed))
        rechain(session, tenant_id)
    flaw = verified().flaw
    assert flaw is not None
    assert "signature" in flaw.reason


@pytest.mark.parametrize(
    "deed",
    [
        "DELETE FROM audit_heads",
        "UPDATE audit_heads SET signature = ''",
        "UPDATE audit_heads SET base_seq = 3",
        "UPDATE audit_heads SET base_seq = 3, base_hash = (SELECT hash FROM audit_entries WHERE seq = 3)",
        "UPDATE audit_heads SET signature = 'other:' || signature",
    ],
)
def test_the_signed_ends_cannot_be_moved_or_taken_away(
    append: Append, tampering: Tampering, verified: Check, deed: str
) -> None:
    append(7)
    with tampering() as session:
        session.execute(text(deed))
    assert verified().flaw is not None


def test_the_signature_of_another_tenants_ends_does_not_fit(
    append: Append, tampering: Tampering, verified: Check, tenant_id: UUID
) -> None:
    other = uuid4()
    append(7)
    append(7, tenant=other)
    with tampering() as session:
        session.execute(
            text(
                "UPDATE audit_heads AS mine SET hash = theirs.hash, signature = theirs.signature "
                "FROM audit_heads AS theirs WHERE mine.tenant_id = :mine AND theirs.tenant_id = :theirs"
            ),
            {"mine": tenant_id, "theirs": other},
        )
    assert verified().flaw is not None


def test_an_entry_that_nobody_chained_for_long_is_found(append: Append, tampering: Tampering, verified: Check) -> None:
    append(2)
    append(1, chained=False)
    assert (verified().flaw, verified().unchained) == (None, 1)
    with tampering() as session:
        session.execute(text("UPDATE audit_entries SET at = at - interval '11 minutes' WHERE seq IS NULL"))
    flaw = verified().flaw
    assert flaw is not None
    assert (flaw.seq, flaw.entry_id is not None) == (None, True)


def test_the_end_of_an_earlier_day_is_noticed_by_who_kept_a_later_one(
    append: Append, tampering: Tampering, verified: Check, database: Database, tenant_id: UUID
) -> None:
    """Given somebody who puts back the signed end of an earlier day, what was printed since does not fit any more."""
    append(5)
    with database.statements() as session:
        earlier = session.execute(text("SELECT seq, hash, signature FROM audit_heads")).one()._asdict()
    append(2)
    kept = verified()
    with tampering() as session:
        session.execute(text("DELETE FROM audit_entries WHERE seq > 5"))
        session.execute(text("UPDATE audit_heads SET seq = :seq, hash = :hash, signature = :signature"), earlier)
    assert verified().flaw is None  # the database alone cannot know
    with database.transaction() as session:
        assert verify(session, tenant_id, after_seq=kept.seq, after_hash=kept.hash).flaw is not None


@pytest.mark.parametrize(
    "deed",
    [
        "UPDATE audit_entries SET actor = 'Grace'",
        "UPDATE audit_entries SET seq = 9 WHERE seq = 2",
        "UPDATE audit_entries SET seq = NULL, hash = NULL",
        "DELETE FROM audit_entries",
        "DELETE FROM audit_entries WHERE seq = 2",
        "TRUNCATE audit_entries",
        FORGED,
        "UPDATE audit_entries SET seq = 3, hash = '', actor = 'Grace' WHERE seq IS NULL",
    ],
)
def test_the_database_itself_refuses_to_change_the_trail(append: Append, database: Database, deed: str) -> None:
    append(2)
    append(1, chained=False)
    make_principal(database, "some", Role.VIEWER)
    with pytest.raises(ProgrammingError, match="only ever added to"), database.transaction() as session:
        session.execute(text(deed))


def test_entries_are_chained_once_however_many_chain(
    append: Append, database: Database, verified: Check, at_once: Callable[..., list[int]]
) -> None:
    append(20, chained=False)
    chained = at_once(lambda: chain.chain_all(database), 5)
    assert sum(chained) == 20
    assert (verified().seq, verified().flaw) == (20, None)


def test_each_tenant_has_a_chain_of_its_own(append: Append, verified: Check, tampering: Tampering) -> None:
    other = uuid4()
    append(3)
    append(3, tenant=other)
    with tampering() as session:
        session.execute(text("DELETE FROM audit_entries WHERE tenant_id = :other"), {"other": other})
    assert verified().flaw is None


def test_more_than_a_batch_is_chained_in_batches(
    append: Append, database: Database, verified: Check, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chain, "BATCH", 4)
    append(9, chained=False)
    assert chain.chain_all(database) == 9
    assert (verified().seq, verified().flaw) == (9, None)


def test_a_new_master_key_signs_from_then_on(append: Append, database_url: str, database: Database) -> None:
    append(1)
    append(1, chained=False)
    both = connect(database_url, keyring=Keyring([MasterKey("new", b"n" * 32), MasterKey("test", bytes(32))]))
    assert chain.chain_all(both) == 1
    with both.statements() as session:
        assert session.execute(text("SELECT signature FROM audit_heads")).scalar_one().startswith("new:")
    both.engine.dispose()
