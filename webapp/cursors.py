"""Cursors of lists of jobs: behind which job the next page begins, and in which order."""

import re
from uuid import UUID

from core.errors import FieldError
from webapp.parsing import FieldsInvalid

_CURSOR = re.compile(r"([da])([0-9a-f]{32})")


def job_cursor(last: UUID, *, newest_first: bool) -> str:
    """Write the cursor behind a job."""
    return f"{'d' if newest_first else 'a'}{last.hex}"


def after_job(cursor: str | None, *, newest_first: bool) -> UUID | None:
    """Read the job of a cursor; raises `FieldsInvalid` where it is none of this order."""
    if cursor is None:
        return None
    match = _CURSOR.fullmatch(cursor)
    if match is None or (match[1] == "d") != newest_first:
        raise FieldsInvalid(errors=[FieldError("/cursor", "Not a cursor of this list and order.")])
    return UUID(match[2])
