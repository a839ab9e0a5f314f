"""Data keys: made when first needed, found by their ids, retired by a rotation, destroyed by an erasure."""

import os
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from core.crypto import KEY_BYTES, CiphertextRefused, Keyring
from core.ids import uuid7
from core.platform.sealing.models import NOBODY, DataKey

SEAL, INDEX = "seal", "index"
_READ = (DataKey.id, DataKey.tenant_id, DataKey.subject, DataKey.master_key, DataKey.wrapped)


@dataclass(frozen=True, slots=True)
class OpenKey:
    """A data key, unwrapped."""

    id: UUID
    tenant_id: UUID
    subject: UUID
    key: bytes = field(repr=False)


def keyring_of(session: Session) -> Keyring:
    """Return the keyring of the process that opened this session."""
    keyring = session.info.get("keyring")
    assert isinstance(keyring, Keyring), "this database was connected without a keyring"
    return keyring


def current_key(session: Session, tenant_id: UUID, *, subject: UUID = NOBODY, purpose: str = SEAL) -> OpenKey:
    """Return the key that new values are sealed with, made now if there is none yet."""
    keyring, name = keyring_of(session), (tenant_id, subject, purpose)
    if isinstance(known := keyring.recall(name), OpenKey):
        return known
    row = _read_current(session, *name)
    if row is None:
        _make(session, *name)
        row = _read_current(session, *name)
        assert row is not None
    found = _opened(keyring, row)
    # One that this very transaction made may yet be rolled back, and must not be known by then.
    return keyring.remember(name, found) if row.settled else found


def find_key(session: Session, key_id: UUID) -> OpenKey:
    """Return a key by its id; raises `CiphertextRefused` when it was destroyed."""
    keyring = keyring_of(session)
    if isinstance(known := keyring.recall(key_id), OpenKey):
        return known
    row = session.execute(select(*_READ, _SETTLED).where(DataKey.id == key_id)).one_or_none()
    if row is None:
        raise CiphertextRefused(f"the key {key_id} is gone")
    found = _opened(keyring, row)
    return keyring.remember(key_id, found) if row.settled else found


def retire(session: Session, tenant_id: UUID) -> int:
    """Have new values of a tenant sealed with new keys from now on; return how many keys are retired by that."""
    keyring_of(session).forget()
    retiring = update(DataKey).where(
        DataKey.tenant_id == tenant_id, DataKey.purpose == SEAL, DataKey.retired_at.is_(None)
    )
    return len(session.execute(retiring.values(retired_at=func.now()).returning(DataKey.id)).all())


def destroy(session: Session, tenant_id: UUID, subject: UUID | None = None) -> int:
    """Destroy the keys about one subject, or all of a tenant: what they sealed cannot be opened any more, anywhere.

    Processes that used them just now may still know them for `crypto.REMEMBERED_S`.
    """
    doomed = delete(DataKey).where(DataKey.tenant_id == tenant_id)
    if subject is not None:
        doomed = doomed.where(DataKey.subject == subject)
    gone = len(session.execute(doomed.returning(DataKey.id)).all())
    keyring_of(session).forget()
    return gone


def rewrap(session: Session, *, limit: int) -> int:
    """Wrap keys of older master keys with the current one; return how many were."""
    keyring = keyring_of(session)
    outdated = select(*_READ).where(DataKey.master_key != keyring.current).limit(limit).with_for_update()
    rows = session.execute(outdated).all()
    for row in rows:
        wrapped = keyring.wrap(_opened(keyring, row).key, _place(row.id, row.tenant_id))
        session.execute(update(DataKey).where(DataKey.id == row.id).values(master_key=keyring.current, wrapped=wrapped))
    return len(rows)


_SETTLED = (DataKey.created_at < func.now()).label("settled")


def _read_current(session: Session, tenant_id: UUID, subject: UUID, purpose: str) -> Any:
    mine = (DataKey.tenant_id == tenant_id, DataKey.subject == subject, DataKey.purpose == purpose)
    return session.execute(select(*_READ, _SETTLED).where(*mine, DataKey.retired_at.is_(None))).one_or_none()


def _make(session: Session, tenant_id: UUID, subject: UUID, purpose: str) -> None:
    keyring, key_id = keyring_of(session), uuid7()
    row = {
        "id": key_id,
        "tenant_id": tenant_id,
        "purpose": purpose,
        "subject": subject,
        "master_key": keyring.current,
        "wrapped": keyring.wrap(os.urandom(KEY_BYTES), _place(key_id, tenant_id)),
    }
    session.execute(insert(DataKey).values(row).on_conflict_do_nothing())


def _opened(keyring: Keyring, row: Any) -> OpenKey:
    key = keyring.unwrap(row.master_key, row.wrapped, _place(row.id, row.tenant_id))
    return OpenKey(row.id, row.tenant_id, row.subject, key)


def _place(key_id: UUID, tenant_id: UUID) -> bytes:
    return f"data_keys|{tenant_id}|{key_id}".encode()
