"""A member's own change of password: whoever does it has to know the one before."""

from uuid import UUID

from sqlalchemy.orm import Session

from core.database import Database
from core.platform.access import Principal
from core.platform.accounts import lockout, sessions
from core.platform.accounts.login import LoginRefused
from core.platform.accounts.members import email_of, get_member
from core.platform.accounts.models import Member
from core.platform.accounts.passwords import Passwords, check_fit


def change_password(database: Database, passwords: Passwords, caller: Principal, current: str, new: str) -> None:
    """Take another password and end all the member's other sessions; raises `LoginRefused`, `LoginLocked`.

    Wrong guesses count as failed logins do: a stolen session is no way to try passwords.
    """
    with database.everywhere().transaction() as session:
        member = get_member(session, caller.tenant_id, caller.id)
        lockout.check(session, member.email_index)
        email, kept, subject = email_of(session, member), member.password_hash, member.email_index
    check_fit(new, email, "/new_password")
    if not passwords.matches(current, kept):
        with database.everywhere().transaction() as session:
            lockout.note_failure(session, subject)
        raise LoginRefused
    changed = passwords.hash(new)
    with database.within(caller.tenant_id).transaction() as session:
        _put(session, caller.id, changed, caller.session_id)


def _put(session: Session, member_id: UUID, changed: str, session_id: UUID | None) -> None:
    member = session.get_one(Member, member_id, with_for_update=True)
    member.password_hash, member.password_until = changed, None
    sessions.end_all(session, member_id, reason="password", but=session_id)
