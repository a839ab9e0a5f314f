"""This platform's driver: jobs submitted through the core in bulk, done when none is left unfinished."""

import os
import uuid

from sqlalchemy import text

from core.catalogue import discover
from core.clock import utc_now
from core.database import connect
from core.jobs.insertion import insert_jobs
from core.jobs.submission import JobRequest, job_row
from core.platform.access import Principal, Role
from core.platform.tenants import ensure_tenant
from job_sides.protocol import drive

BATCH = 1000


def main() -> None:
    """Drive until the input ends."""
    database = connect(os.environ["DATABASE_URL"], pool_size=1)
    echo = discover().find("platform.echo")
    with database.transaction() as session:
        principal = Principal(uuid.uuid4(), ensure_tenant(session, "local"), Role.ADMIN, "benchmark")

    def submit(jobs: int) -> None:
        for start in range(0, jobs, BATCH):
            numbers = range(start, min(jobs, start + BATCH))
            rows = [job_row(principal, JobRequest(echo, {"n": n}), now=utc_now()) for n in numbers]
            with database.transaction() as session:
                insert_jobs(session, rows)

    def finished() -> bool:
        with database.statements() as session:
            return not session.scalar(text("SELECT EXISTS (SELECT FROM jobs WHERE state <> 'succeeded')"))

    drive(submit, finished)


if __name__ == "__main__":
    main()
