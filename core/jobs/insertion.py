"""Insertion: rows of new jobs with their first events and messages, any number in one statement."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from core.database import Database, Prepared
from core.jobs import concurrency, secret_params
from core.jobs.models import Job
from core.jobs.states import FINAL
from core.platform.audit import entries
from core.platform.audit.entries import Entry


def insert_jobs(session: Session, rows: Sequence[Mapping[str, Any]], *, quiet: bool = False) -> int:
    """Insert any number of job rows with their events and messages in one statement; return how many are new.

    Rows whose unique key is held by a living job are left out. Who inserts quietly wakes the relay after the commit.
    """
    concurrency.limit_keys(session, rows)
    sealed = secret_params.seal_rows(session, rows)
    inserted = int(session.execute(_INSERT, {"rows": _as_json(sealed), "quiet": _QUIET[quiet]}).scalar_one())
    if inserted != len(rows):
        secret_params.forget_unborn(session, rows)
    return inserted


def insert_at_once(database: Database, row: Mapping[str, Any], told: Sequence[Entry] = ()) -> tuple[datetime, str]:
    """Insert one job without a unique key, quietly, as a transaction of its own; return when, and in which state.

    Entries of the audit trail that tell of it land with it.
    """
    documents = [entries.as_document(entry) for entry in told]
    ((_, at, state, _),) = database.run(_SUBMIT, _as_json([row]), _QUIET[True], _as_json(documents))
    return at, state


def _as_json(rows: Sequence[Mapping[str, Any]]) -> str:
    return json.dumps(rows, allow_nan=False, check_circular=False)


NEW = {**dict.fromkeys(Job.__table__.c.keys()), "attempt": 0, "fence": 0, "stages": 0}
"""The columns of a new job that its row leaves to the database."""
_COLUMNS = {
    "id": "uuid",
    "tenant_id": "uuid",
    "submitted_by": "uuid",
    "kind": "text",
    "kind_version": "int",
    "state": "text",
    "queue": "text",
    "priority": "smallint",
    "params": "jsonb",
    "params_hash": "text",
    "inputs": "uuid[]",
    "tags": "text[]",
    "unique_key": "text",
    "request_id": "text",
    "max_attempts": "int",
    "timeout_s": "float8",
    "run_at": "timestamptz",
    "due_at": "timestamptz",
    "deadline_at": "timestamptz",
    "schedule_id": "uuid",
    "workflow_id": "uuid",
    "parent_id": "uuid",
    "shard_stage": "smallint",
    "shard_index": "int",
    "followed": "boolean",
    "gates": "text[]",
    "callback_url": "text",
}

_DECIDED = {
    "state": "CASE WHEN early THEN 'scheduled' ELSE state END",
    "due_at": "CASE WHEN early THEN run_at ELSE due_at END",
}
# Whether a job is due yet is for the database's clock to say, not for that of whichever host submits it. A queued job
# has had two events by then (submitted, queued), a scheduled one the first; `version` counts them.
_SQL = """
WITH asked AS (
  SELECT {names}, state = 'queued' AND coalesce(run_at > clock_timestamp(), false) AS early
  FROM jsonb_to_recordset($1) AS row({typed})
), job AS (
  INSERT INTO jobs ({names}, version, queued_at)
  SELECT {decided}, CASE WHEN state = 'queued' AND NOT early THEN 2 ELSE 1 END,
    CASE WHEN state = 'queued' AND NOT early THEN now() END
  FROM asked
  ON CONFLICT (tenant_id, unique_key)
    WHERE unique_key IS NOT NULL AND state NOT IN ({final})
    DO NOTHING
  RETURNING id, state, kind, queue, priority, tenant_id, gates
), event AS (
  INSERT INTO job_events (job_id, seq, type, attempt)
  SELECT id, 1, 'job.submitted', 0 FROM job
  UNION ALL
  SELECT id, 2, 'job.queued', 0 FROM job WHERE state = 'queued'
), message AS (
  INSERT INTO job_outbox (job_id, kind, queue, priority, tenant_id, gates)
  SELECT id, kind, queue, priority, tenant_id, gates FROM job WHERE state = 'queued' ORDER BY id
){beside}
SELECT count(*), now(), min(state), set_config('penstock.quiet', $2, true) FROM job
"""
_WRITTEN = {
    "names": ", ".join(_COLUMNS),
    "decided": ", ".join(_DECIDED.get(name, name) for name in _COLUMNS),
    "typed": ", ".join(f"{name} {sql_type}" for name, sql_type in _COLUMNS.items()),
    "final": ", ".join(f"'{state}'" for state in sorted(FINAL)),
}
_QUIET = {True: "on", False: "off"}
_INSERT = text(_SQL.format(**_WRITTEN, beside="").replace("$1", "CAST(:rows AS jsonb)").replace("$2", ":quiet"))
_TOLD = f", told AS ({entries.INSERT_DOCUMENTS.format(array='$3')})"
_SUBMIT = Prepared("penstock_submit", ("jsonb", "text", "jsonb"), _SQL.format(**_WRITTEN, beside=_TOLD))
