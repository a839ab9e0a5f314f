"""Procrastinate's driver and task: jobs deferred in batches, their states kept in Postgres."""

import os

import procrastinate  # type: ignore[import-not-found,unused-ignore] # installed in the peers' own environment
import psycopg  # type: ignore[import-not-found,unused-ignore] # the same

from job_sides.protocol import drive

app = procrastinate.App(
    connector=procrastinate.PsycopgConnector(conninfo=os.environ["PEER_DATABASE"]),
    import_paths=["job_sides.procrastinate_side"],
)


async def echo(number: int) -> dict[str, int]:
    """Return what came in."""
    return {"n": number}


task = app.task(name="echo")(echo)


def main() -> None:
    """Drive until the input ends."""
    watching = psycopg.connect(os.environ["PEER_DATABASE"], autocommit=True)

    def submit(jobs: int) -> None:
        for start in range(0, jobs, 1000):
            numbers = range(start, min(jobs, start + 1000))
            task.batch_defer(*({"number": number} for number in numbers))

    def finished() -> bool:
        waiting = "SELECT EXISTS (SELECT FROM procrastinate_jobs WHERE status IN ('todo', 'doing'))"
        return not watching.execute(waiting).fetchone()[0]

    with app.open():
        drive(submit, finished)


if __name__ == "__main__":
    main()
