"""Secrets in params: taken out before a job or schedule is written, sealed beside it, put back for its computation.

The params that are kept, and so whatever is shown of them, hold a placeholder. Their hash covers a keyed digest of each
secret and of who submits it: equal for equal secrets of one submitter, of no use without the tenant's key, and nothing
that another submitter of the tenant could compare a guess with.
"""

import copy
import functools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from marshmallow import Schema, fields
from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from core.canonical import fingerprint
from core.errors import escape
from core.jobs.kind import JobKind, Params, Secret, params_schema
from core.jobs.models import Job
from core.jobs.references import put
from core.jobs.secret_models import SealedParam
from core.platform.sealing.values import Place, blind_index, open_sealed, seal
from core.redaction import PLACEHOLDER

SECRETS = "secrets"
"""Name under which the row of a new job carries its secrets until it is inserted."""


@dataclass(frozen=True, slots=True)
class Parted:
    """Params as they are kept, and the secrets that stood in them by pointer."""

    shown: Any
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)


def has_secrets(kind: JobKind) -> bool:
    """Tell whether params of a kind may hold secrets."""
    return _may_hold_secrets(kind.params)


def part(kind: JobKind, params: Any) -> Parted:
    """Take the secrets out of params."""
    if not has_secrets(kind) or not isinstance(params, dict):
        return Parted(params)
    secrets = dict(_found(params_schema(kind.params), params, ""))
    return Parted(filled(params, dict.fromkeys(secrets, PLACEHOLDER)), secrets)


def keep(session: Session, kind: JobKind, tenant_id: UUID, owner_id: UUID, params: Any) -> Any:
    """Seal the secrets in params for a job or schedule, in place of those it had; return the params to be kept."""
    if not has_secrets(kind):
        return params
    parted = part(kind, params)
    forget(session, owner_id)
    _seal(session, tenant_id, owner_id, parted.secrets)
    return parted.shown


def opened(session: Session, kind: JobKind, tenant_id: UUID, owner_id: UUID, params: Any) -> Any:
    """Return kept params with their secrets put back; raises `CiphertextRefused` when one cannot be opened."""
    if not has_secrets(kind):
        return params
    return filled(params, read(session, tenant_id, owner_id))


def read(session: Session, tenant_id: UUID, owner_id: UUID) -> dict[str, str]:
    """Open the secrets of a job or schedule by pointer."""
    mine = select(SealedParam.pointer, SealedParam.sealed)
    rows = session.execute(mine.where(SealedParam.owner_id == owner_id, SealedParam.tenant_id == tenant_id))
    return {
        row.pointer: open_sealed(session, _place(tenant_id, owner_id, row.pointer), row.sealed) for row in rows.all()
    }


def forget(session: Session, owner_id: UUID) -> None:
    """Delete the secrets of a job or schedule."""
    session.execute(delete(SealedParam).where(SealedParam.owner_id == owner_id))


def hash_params(session: Session, kind: JobKind, tenant_id: UUID, submitter_id: UUID | None, params: Any) -> str:
    """Hash params whose secrets are in them: that of the kept params would be the same for all secrets."""
    parted = part(kind, params)
    return _hash(session, tenant_id, str(submitter_id), parted.shown, parted.secrets)


def seal_rows(session: Session, rows: Sequence[Mapping[str, Any]]) -> Sequence[Mapping[str, Any]]:
    """Seal the secrets that rows of new jobs carry, and return the rows without them."""
    return [_without_secrets(session, row) if row.get(SECRETS) else row for row in rows]


def forget_unborn(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    """Delete the secrets of those of these jobs that were not inserted, as others hold their unique keys."""
    ids = [UUID(row["id"]) for row in rows if row.get(SECRETS)]
    if ids:
        born = select(Job.id).where(Job.id.in_(ids))
        session.execute(delete(SealedParam).where(SealedParam.owner_id.in_(ids), SealedParam.owner_id.not_in(born)))


def _without_secrets(session: Session, row: Mapping[str, Any]) -> dict[str, Any]:
    tenant_id, secrets = UUID(row["tenant_id"]), row[SECRETS]
    _seal(session, tenant_id, UUID(row["id"]), secrets)
    kept = {name: value for name, value in row.items() if name != SECRETS}
    return {**kept, "params_hash": _hash(session, tenant_id, row["submitted_by"], row["params"], secrets)}


def _seal(session: Session, tenant_id: UUID, owner_id: UUID, secrets: Mapping[str, str]) -> None:
    if secrets:
        key = {"tenant_id": tenant_id, "owner_id": owner_id}
        rows = [
            {**key, "pointer": pointer, "sealed": seal(session, _place(tenant_id, owner_id, pointer), secret)}
            for pointer, secret in secrets.items()
        ]
        session.execute(insert(SealedParam), rows)


def _hash(session: Session, tenant_id: UUID, submitter: str, shown: Any, secrets: Mapping[str, str]) -> str:
    digests = {
        pointer: {"hmac": blind_index(session, tenant_id, "sealed_params", f"{submitter}:{secret}")}
        for pointer, secret in secrets.items()
    }
    return fingerprint(filled(shown, digests))


def _place(tenant_id: UUID, owner_id: UUID, pointer: str) -> Place:
    return Place(tenant_id, SealedParam.__tablename__, "sealed", f"{owner_id}:{pointer}")


def filled(params: Any, values: Mapping[str, Any]) -> Any:
    """Return params with each value at its pointer."""
    if not values:
        return params
    whole = copy.deepcopy(params)
    for pointer, value in values.items():
        put(whole, pointer, value)
    return whole


@functools.cache
def _may_hold_secrets(params: type[Params]) -> bool:
    return _field_may(fields.Nested(params), set())


def _field_may(declared: Any, seen: set[type[Schema]]) -> bool:
    match declared:
        case Secret():
            return True
        case fields.Nested():
            schema = declared.schema
            if type(schema) in seen:
                return False
            return any(_field_may(each, seen | {type(schema)}) for each in schema.fields.values())
        case fields.List():
            return _field_may(declared.inner, seen)
        case fields.Dict():
            return _field_may(declared.value_field, seen)
        case _:
            return False


def _found(schema: Schema, value: Any, pointer: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for name, declared in schema.fields.items():
            key = declared.data_key or name
            if key in value:
                yield from _found_in(declared, value[key], f"{pointer}/{escape(key)}")


def _found_in(declared: Any, value: Any, pointer: str) -> Iterator[tuple[str, str]]:
    match declared, value:
        case Secret(), str():
            yield pointer, value
        case fields.Nested(), list():
            for place, each in enumerate(value):
                yield from _found(declared.schema, each, f"{pointer}/{place}")
        case fields.Nested(), _:
            yield from _found(declared.schema, value, pointer)
        case fields.List(), list():
            for place, each in enumerate(value):
                yield from _found_in(declared.inner, each, f"{pointer}/{place}")
        case fields.Dict(), dict():
            for name, each in value.items():
                yield from _found_in(declared.value_field, each, f"{pointer}/{escape(name)}")
