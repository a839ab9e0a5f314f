"""`penstock bench lists`: every list and page over HTTP with millions of jobs behind it, medians in milliseconds."""

import argparse
import os
import signal
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from types import FrameType
from uuid import UUID

from job_costs.bed import Bed, laid
from job_costs.web import penstock_web
from long_lists.asking import Asker, questions
from long_lists.filling import fill
from sqlalchemy import text

from core.clock import rfc3339, utc_now
from core.config import Settings, read_settings
from core.database import Database, connect
from core.platform.access import Role
from core.platform.accounts import members, sessions
from core.platform.accounts.passwords import Passwords
from core.platform.tenants import LOCAL_TENANT, ensure_tenant

TARGET_MS = 150.0
_A_SCHEDULE = text("SELECT schedule_id FROM jobs WHERE schedule_id IS NOT NULL LIMIT 1")
_A_PARENT = text("SELECT parent_id FROM jobs WHERE parent_id IS NOT NULL LIMIT 1")


def main(argv: Sequence[str] | None = None) -> int:
    """Fill, ask and print, the slowest first; 0 when every median keeps the target."""
    options = _options(argv)
    signal.signal(signal.SIGTERM, _interrupt)  # the servers are taken down as by Ctrl-C
    with (
        tempfile.TemporaryDirectory(prefix="penstock-bench-") as root,
        laid(Path(root), peers=None, quick=False, history=options.rows) as bed,
    ):
        return measure(bed, rows=options.rows, times=options.times)


def measure(bed: Bed, *, rows: int, times: int) -> int:
    """Ask everything of a tenant with so many jobs."""
    began_at = time.monotonic()
    os.environ.update(bed.environ)
    settings = read_settings()
    database = connect(bed.urls.database, pool_size=2, application_name="bench", keyring=settings.keyring())
    with database.transaction() as session:
        tenant_id = ensure_tenant(session, LOCAL_TENANT)
    say(f"{rows:,} jobs, a tenth as many entries of the trail and events, on {os.cpu_count()} cores")
    fill(database, tenant_id, rows, say=say)
    say(f"  filled after {time.monotonic() - began_at:.0f} s")
    with database.statements() as session:
        schedule, parent = session.execute(_A_SCHEDULE).scalar_one(), session.execute(_A_PARENT).scalar_one()
    old = rfc3339(utc_now() - timedelta(days=15)).replace("+", "%2B")
    with penstock_web(bed) as port:
        asker = Asker(port, bed.api_key, _logged_in(database, settings, tenant_id))
        told = [(asker.median_ms(one, times), one) for one in questions(schedule=schedule, parent=parent, old=old)]
    database.engine.dispose()
    wrong = [f"{one} answered {status}" for (_, status), one in told if status != 200]
    slow = [took_ms for (took_ms, _), _ in told if took_ms > TARGET_MS]
    for (took_ms, _), one in sorted(told, key=lambda each: -each[0][0]):
        say(f"{took_ms:8.1f} ms  {one}")
    say(
        f"{len(told)} lists and pages, {len(slow)} above {TARGET_MS:.0f} ms; {time.monotonic() - began_at:.0f} s in all"
    )
    for line in wrong:
        say(line)
    return int(bool(slow or wrong))


def _logged_in(database: Database, settings: Settings, tenant_id: UUID) -> str:
    """Return what renews the login of an admin in a browser."""
    now = utc_now()
    with database.transaction() as session:
        made = members.invite(
            *(session, Passwords(), settings.secret_key, tenant_id, "bench@example.org", Role.ADMIN), now=now
        )
        made.member.password_until = None
        session.flush()
        return sessions.begin(session, tenant_id, made.member.id, now=now).refresh_token


def _options(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="penstock bench lists", description=__doc__)
    parser.add_argument("--rows", type=int, default=10_000_000, help="how many jobs there are (default 10,000,000)")
    parser.add_argument("--times", type=int, default=11, help="how often each is asked (default 11)")
    return parser.parse_args(argv)


def _interrupt(number: int, _frame: FrameType | None) -> None:
    sys.exit(128 + number)


def say(line: str) -> None:
    print(line, flush=True)  # noqa: T201 - a benchmark tells its figures


if __name__ == "__main__":
    with suppress(KeyboardInterrupt):
        sys.exit(main())
