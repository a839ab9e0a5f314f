"""Login: from name, password and second factor to a session, with the same answer for all that is wrong.

What fails is told only in general, takes as long and asks the database the same, whether there is such an account, it
is disabled, or the password is wrong.
"""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.database import Database
from core.errors import Denied
from core.platform.accounts import lockout, sessions, totp
from core.platform.accounts.members import index_of
from core.platform.accounts.models import Member
from core.platform.accounts.passwords import Passwords, check_fit
from core.platform.accounts.sessions import Begun
from core.platform.tenants import Tenant


class LoginRefused(Denied):
    """No account has this name and this password, or the code does not fit."""

    code = "login_refused"


class TotpRequired(Denied):
    """The password is right; the account asks for a code of its authenticator app besides, as `totp`."""

    code = "totp_required"


class PasswordChangeRequired(Denied):
    """The password was somebody else's choice: log in with a `new_password` beside it."""

    code = "password_change_required"


@dataclass(frozen=True, slots=True)
class Attempt:
    """What somebody logs in with."""

    email: str
    password: str = field(repr=False)
    totp: str | None = field(default=None, repr=False)
    """A code of the authenticator app, or a recovery code."""
    new_password: str | None = field(default=None, repr=False)


def log_in(database: Database, passwords: Passwords, secret_key: str, attempt: Attempt, *, now: datetime) -> Begun:
    """Begin a session; raises `LoginRefused`, `LoginLocked`, `TotpRequired`, `PasswordChangeRequired`.

    No connection is held while the password is checked. A failure is counted in a transaction of its own.
    """
    subject = index_of(secret_key, attempt.email)
    with database.transaction() as session:
        lockout.check(session, subject)
        member_id, kept = _find(session, subject)
    fits = passwords.matches(attempt.password, kept)
    changed = _new_hash(passwords, attempt) if fits and attempt.new_password is not None else None
    with database.transaction() as session:
        begun = _begin(session, member_id, kept, attempt, changed, now) if fits and member_id is not None else None
        if begun is None:
            lockout.note_failure(session, subject)
        else:
            lockout.forgive(session, subject)
    if begun is None:
        raise LoginRefused
    return begun


def _find(session: Session, subject: str) -> tuple[UUID | None, str | None]:
    found = session.execute(
        select(Member.id, Member.password_hash)
        .join(Tenant, Tenant.id == Member.tenant_id)
        .where(
            Member.email_index == subject,
            Member.disabled_at.is_(None),
            Tenant.suspended_at.is_(None),
            func.coalesce(Member.password_until > func.now(), True),
        )
    ).one_or_none()
    return (None, None) if found is None else (found.id, found.password_hash)


def _new_hash(passwords: Passwords, attempt: Attempt) -> str:
    assert attempt.new_password is not None
    return passwords.hash(check_fit(attempt.new_password, attempt.email, "/new_password"))


def _begin(
    session: Session, member_id: UUID, kept: str | None, attempt: Attempt, changed: str | None, now: datetime
) -> Begun | None:
    member = session.get_one(Member, member_id, with_for_update=True)
    if member.password_hash != kept:
        return None  # changed between the look and the check
    if member.totp_since is not None:
        if attempt.totp is None:
            raise TotpRequired
        if not totp.take(session, member, attempt.totp, now=now):
            return None
    if changed is not None:
        member.password_hash, member.password_until = changed, None
        sessions.end_all(session, member.id, reason="password")
    elif member.password_until is not None:
        raise PasswordChangeRequired
    member.logged_in_at = now
    return sessions.begin(session, member.tenant_id, member.id, now=now)
