"""Forgetting of accounts: logins that are over, keys that are honoured no more, failures of long ago."""

from collections.abc import Mapping
from datetime import timedelta

from sqlalchemy import TextClause, text
from sqlalchemy.orm import Session

SESSIONS_KEPT_FOR = timedelta(days=7)
"""How long a login is kept after its end; its refresh tokens go with it, and until then one used again is known."""
KEYS_KEPT_FOR = timedelta(days=90)
"""How long a key is listed that was revoked or has expired; the audit trail tells of it by name and id."""
FAILURES_KEPT_FOR = timedelta(hours=24)
"""How long failures to log in count; no wait is longer than a quarter of an hour."""
BATCH = 1_000


def forget_old(session: Session, *, limit: int = BATCH) -> dict[str, int]:
    """Forget up to `limit` of each sort that is past its time, of all tenants; return how many of each went."""
    gone = {}
    for sort, (statement, kept_for) in _FORGET.items():
        gone[sort] = len(session.execute(statement, {"kept_for": kept_for, "limit": limit}).all())
    return gone


def _forgetting(table: str, over_at: str) -> str:
    return f"""
DELETE FROM {table} WHERE ctid = ANY(ARRAY(
  SELECT ctid FROM {table} WHERE {over_at} < now() - CAST(:kept_for AS interval) LIMIT :limit FOR UPDATE SKIP LOCKED))
RETURNING 1
"""  # noqa: S608 - made of the constants below, never of input


_FORGET: Mapping[str, tuple[TextClause, timedelta]] = {
    "login_sessions": (text(_forgetting("login_sessions", "least(revoked_at, expires_at)")), SESSIONS_KEPT_FOR),
    "api_keys": (text(_forgetting("api_keys", "least(revoked_at, expires_at)")), KEYS_KEPT_FOR),
    "login_failures": (text(_forgetting("login_failures", "greatest(failed_at, locked_until)")), FAILURES_KEPT_FOR),
}
