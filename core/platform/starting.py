"""The start: a database is there, lets us in and is at our schema before a process works; else it says what is wrong.

What may pass is waited for, so that nobody has to start anything again; what only people can mend ends the start.
"""

import re
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import structlog
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.orm import Session

from core.clock import Monotonic, monotonic
from core.database import Database, DatabaseUnavailable, connect
from core.errors import Conflict, Denied, PenstockError, Transient
from core.patience import Patience

WITHIN_S = 12.0
"""How long a process waits at its start at most; the supervisor starts it again later."""
LOOK_EVERY_S = 0.5
EX_TEMPFAIL, EX_CONFIG = 75, 78
"""Exit codes as sysexits.h has them: what may pass, and what people have to mend."""
VERSIONS = Path(__file__).parents[2] / "migrations" / "versions"
_STARTING = Patience(connect_s=3, pool_s=4.0, lock_s=4.0, statement_s=4.0, session_s=5.0)
_REFUSALS = re.compile(
    r"password authentication failed|role \".*\" does not exist|database \".*\" does not exist|no pg_hba\.conf entry"
    r"|permission denied|is not permitted to log in|no password supplied"
)

log = structlog.get_logger()


class DatabaseRefuses(Denied):
    """The database does not let this login in: look at DATABASE_URL."""

    code = "database_refuses"


class SchemaMissing(Transient):
    """The database holds no platform yet: run `penstock prepare`."""

    code = "schema_missing"


class SchemaBehind(Transient):
    """The database is not at the schema that this version expects: run `penstock prepare`."""

    code = "schema_behind"


class SchemaNewer(Conflict):
    """The database belongs to a newer version of the platform, which this one would harm."""

    code = "schema_newer"


FAULTS = (DatabaseUnavailable, DatabaseRefuses, SchemaMissing, SchemaBehind, SchemaNewer)
LASTING = (SchemaNewer,)
"""What no waiting helps."""


def head_revision() -> str:
    """Return the revision that this code expects; revisions are numbered in one line, so nothing has to be imported."""
    return max(path.name.partition("_")[0] for path in VERSIONS.glob("[0-9]*_*.py"))


def check_schema(session: Session) -> str:
    """Return the database's revision; raises `SchemaMissing`, `SchemaBehind` or `SchemaNewer` unless it is ours."""
    head = head_revision()
    if session.scalar(text("SELECT to_regclass('public.alembic_version')")) is None:
        raise SchemaMissing
    revision = session.scalar(text("SELECT version_num FROM alembic_version"))
    if revision is None:
        raise SchemaMissing
    told = f"the database is at {revision}, this code expects {head}"
    if not revision.isdecimal() or int(revision) > int(head):
        raise SchemaNewer(f"{told}: run the version that it belongs to, or restore a back-up")
    if revision != head:
        raise SchemaBehind(f"{told}: run `penstock prepare`")
    return str(revision)


def examine(database: Database) -> str:
    """Return the database's revision; raises one of `FAULTS`."""
    try:
        with database.statements() as session:
            return check_schema(session)
    except (OperationalError, DatabaseUnavailable) as error:
        raise fault_of(error) from error


def fault_of(error: Exception) -> PenstockError:
    """Tell a database that is away from one that refuses this login: the driver tells it by words alone."""
    words = str(error.orig if isinstance(error, DBAPIError) else error).strip()
    if found := _REFUSALS.search(words):
        return DatabaseRefuses(f"the database refuses this login ({found.group()}): look at DATABASE_URL")
    last = words.splitlines()[0] if words else type(error).__name__
    return DatabaseUnavailable(f"the database cannot be reached: {last}")


def await_database(
    url: str,
    *,
    within_s: float = WITHIN_S,
    bearable: Sequence[type[PenstockError]] = (),
    clock: Monotonic = monotonic,
    sleep: Callable[[float], None] = time.sleep,
) -> None:
    """Return once the database is there, open and at our schema; raises one of `FAULTS` when it is not in time.

    A try that would end too late, if it took as long as the one before, is not made. Of what is `bearable` nobody
    waits for the end: the caller is about to mend it.
    """
    database = connect(url, pool_size=1, application_name="start", patience=_STARTING)
    give_up_at, told = clock() + within_s, ""
    try:
        while True:
            tried_at = clock()
            try:
                examine(database)
            except FAULTS as fault:
                if isinstance(fault, tuple(bearable)):
                    return
                now = clock()
                if isinstance(fault, LASTING) or now + (now - tried_at) >= give_up_at:
                    raise
                if fault.code != told:
                    told = fault.code
                    log.warning("start.waiting", reason=fault.code, detail=fault.detail)
            else:
                return
            sleep(LOOK_EVERY_S)
    finally:
        database.engine.dispose()


def exit_code(fault: PenstockError) -> int:
    """Return with which code a process ends that could not start."""
    return EX_TEMPFAIL if isinstance(fault, Transient) else EX_CONFIG


def ended(fault: PenstockError) -> int:
    """Say in one line why a process could not start, and return its exit code."""
    log.error("start.failed", reason=fault.code, detail=fault.detail)
    return exit_code(fault)
