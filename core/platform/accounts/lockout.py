"""Lock-out: who fails to log in again and again has to wait longer and longer, under any name."""

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from core.errors import Transient
from core.platform.accounts.models import LoginFailure

FREE = 5
"""Failures in a row that cost nothing yet."""
FIRST_S, LONGEST_S = 2.0, 900.0


class LoginLocked(Transient):
    """Logins under this name failed too often: wait before the next."""

    code = "login_locked"


def check(session: Session, subject: str) -> None:
    """Raise `LoginLocked` while a name is locked, whether it is anybody's or not."""
    left = func.extract("epoch", LoginFailure.locked_until - func.clock_timestamp())
    left_s = session.scalar(select(left).where(LoginFailure.subject == subject))
    if left_s is not None and left_s > 0:
        raise LoginLocked(retry_after_s=float(left_s) + 0.5)


def note_failure(session: Session, subject: str) -> None:
    """Count a failure; each beyond `FREE` doubles the wait."""
    kept, now = LoginFailure.__table__.c, func.clock_timestamp()
    failed = insert(LoginFailure).values(subject=subject, failures=1, failed_at=now, locked_until=now)
    beyond = func.least(kept.failures + 1 - FREE, 20)
    wait_s = func.least(FIRST_S * func.power(2, beyond - 1), LONGEST_S)
    again = {
        "failures": kept.failures + 1,
        "failed_at": now,
        "locked_until": func.greatest(
            kept.locked_until, now + func.make_interval(0, 0, 0, 0, 0, 0, func.least(func.sign(beyond), 1) * wait_s)
        ),
    }
    session.execute(failed.on_conflict_do_update(index_elements=[LoginFailure.subject], set_=again))


def forgive(session: Session, subject: str) -> None:
    """Forget a name's failures: somebody showed that it is theirs."""
    session.execute(delete(LoginFailure).where(LoginFailure.subject == subject))
