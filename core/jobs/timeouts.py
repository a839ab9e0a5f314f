"""How long one attempt may take: as long as its kind says, less if its submission says so, more for operators."""

from core.errors import FieldError, Invalid
from core.jobs.kind import JobKind
from core.platform.access import Principal

PERMISSION = "jobs:overrun"


class TimeoutTooLong(Invalid):
    """An attempt of this kind may not be given so much time; operators may give more."""

    code = "timeout_too_long"


def check_timeout(principal: Principal, kind: JobKind, timeout_s: float | None) -> None:
    """Raise `TimeoutTooLong` for more time than the kind's own limit, unless the caller may exceed it."""
    longest_s = kind.limits.soft_s
    if timeout_s is not None and timeout_s > longest_s and not principal.may(PERMISSION):
        detail = f"at most {longest_s:g} s for {kind.name}; more takes the permission {PERMISSION}"
        raise TimeoutTooLong(detail, errors=[FieldError("/timeout_s", detail)])
