"""RQ's driver and task: jobs enqueued in one pipeline, results kept in Redis."""

import os

from redis import Redis
from rq import Queue  # type: ignore[import-not-found,unused-ignore] # installed in the peers' own environment

from job_sides.protocol import drive


def echo(number: int) -> dict[str, int]:
    """Return what came in."""
    return {"n": number}


def main() -> None:
    """Drive until the input ends."""
    queue = Queue(connection=Redis.from_url(os.environ["PEER_REDIS"]))
    expected = 0

    def submit(jobs: int) -> None:
        nonlocal expected
        expected += jobs
        for start in range(0, jobs, 1000):
            numbers = range(start, min(jobs, start + 1000))
            queue.enqueue_many(
                [Queue.prepare_data("job_sides.rq_side.echo", args=(n,), result_ttl=3600) for n in numbers]
            )

    drive(submit, lambda: queue.finished_job_registry.count >= expected)


if __name__ == "__main__":
    main()
