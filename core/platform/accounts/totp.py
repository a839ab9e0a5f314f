"""The second factor: codes of an authenticator app, each good once, and recovery codes, each good once."""

import hashlib
import hmac
import io
import secrets
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import pyotp
import segno
from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from core.errors import Conflict, Denied
from core.platform.accounts.models import Member, RecoveryCode
from core.platform.sealing.values import Place, open_sealed, seal

STEP_S = 30
DRIFT_STEPS = 1
"""How many steps before and after the present one are taken, for clocks that are apart."""
RECOVERY_CODES = 10
_ALPHABET = "ABCDEFGHJKMNPQRSTVWXYZ23456789"


class TotpInvalid(Denied):
    """The code is wrong, was used before, or nothing was set up."""

    code = "totp_invalid"


class TotpActive(Conflict):
    """The second factor is set up already: take it off first."""

    code = "totp_active"


@dataclass(frozen=True, slots=True)
class Enrolment:
    """What an authenticator app has to be told, once."""

    secret: str
    uri: str
    qr_svg: str


def enrol(session: Session, member_id: UUID, email: str) -> Enrolment:
    """Make a secret for a member; it counts once `confirm` has seen a code of it. Raises `TotpActive`."""
    member = session.get_one(Member, member_id, with_for_update=True)
    if member.totp_since is not None:
        raise TotpActive
    secret = pyotp.random_base32()
    member.totp_secret = seal(session, _place(member), secret, subject=member_id)
    member.totp_step = 0
    uri = pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name="Penstock")
    drawn = io.BytesIO()
    segno.make(uri, error="m").save(drawn, kind="svg", scale=4, xmldecl=False)
    return Enrolment(secret, uri, drawn.getvalue().decode())


def confirm(session: Session, member_id: UUID, code: str, *, now: datetime) -> list[str]:
    """Have the second factor asked for from now on, and return the recovery codes. Raises `TotpInvalid`."""
    member = session.get_one(Member, member_id, with_for_update=True)
    if member.totp_since is not None:
        raise TotpActive
    if not _take_code(session, member, code, now=now):
        raise TotpInvalid
    member.totp_since = now
    return _make_recovery_codes(session, member)


def take(session: Session, member: Member, code: str, *, now: datetime) -> bool:
    """Tell whether a code of the app, or a recovery code, is good, and use it up."""
    return _take_code(session, member, code, now=now) or _take_recovery_code(session, member, code)


def take_off(session: Session, member: Member) -> None:
    """Ask for the second factor no more."""
    member.totp_secret, member.totp_since, member.totp_step = None, None, 0
    session.execute(delete(RecoveryCode).where(RecoveryCode.member_id == member.id))


def count_recovery_codes(session: Session, member_id: UUID) -> int:
    """Count the recovery codes that are left."""
    left = (RecoveryCode.member_id == member_id) & RecoveryCode.used_at.is_(None)
    return session.scalar(select(func.count()).select_from(RecoveryCode).where(left)) or 0


def _take_code(session: Session, member: Member, code: str, *, now: datetime) -> bool:
    """Use the code of a time step unless it, or that of a later step, was used before."""
    step = None if member.totp_secret is None else _step_of(session, member, member.totp_secret, code, now)
    if step is None:
        return False
    used = (
        update(Member)
        .where(Member.id == member.id, Member.totp_step < step)
        .values(totp_step=step)
        .returning(Member.id)
        .execution_options(synchronize_session=False)
    )
    return session.scalar(used) is not None


def _step_of(session: Session, member: Member, sealed: str, code: str, now: datetime) -> int | None:
    """Return the time step whose code it is; every step is compared, whatever came of the others."""
    app = pyotp.TOTP(open_sealed(session, _place(member), sealed))
    present = int(now.timestamp()) // STEP_S
    around = range(present - DRIFT_STEPS, present + DRIFT_STEPS + 1)
    matching = [step for step in around if hmac.compare_digest(app.generate_otp(step).encode(), code.encode())]
    return matching[-1] if matching else None


def _take_recovery_code(session: Session, member: Member, code: str) -> bool:
    used = (
        update(RecoveryCode)
        .where(
            RecoveryCode.member_id == member.id,
            RecoveryCode.hash == _hash(member.id, code),
            RecoveryCode.used_at.is_(None),
        )
        .values(used_at=func.now())
        .returning(RecoveryCode.hash)
    )
    return session.scalar(used) is not None


def _make_recovery_codes(session: Session, member: Member) -> list[str]:
    codes = ["-".join(_word() for _ in range(3)) for _ in range(RECOVERY_CODES)]
    session.execute(delete(RecoveryCode).where(RecoveryCode.member_id == member.id))
    session.add_all(
        RecoveryCode(member_id=member.id, hash=_hash(member.id, code), tenant_id=member.tenant_id) for code in codes
    )
    return codes


def _word() -> str:
    return "".join(secrets.choice(_ALPHABET) for _ in range(5))


def _hash(member_id: UUID, code: str) -> str:
    """Hash a recovery code of 74 random bits, however it was typed in."""
    return hashlib.sha256(f"{member_id}:{code.strip().upper().replace('-', '')}".encode()).hexdigest()


def _place(member: Member) -> Place:
    return Place(member.tenant_id, "members", "totp_secret", member.id)
