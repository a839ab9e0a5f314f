"""A worker whose clock is wrong."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from guarantee_sides.victims import Victim
from tests.acceptance.faults.wrong_clock import write_step


@contextmanager
def ahead(worker: Victim, seconds: float, folder: Path) -> Iterator[None]:
    """Run a worker so many seconds ahead of everybody until the block ends; the folder holds what misleads it."""
    folder.mkdir(parents=True, exist_ok=True)
    write_step(folder, seconds)
    environ = worker.environ
    path = ":".join(filter(None, (str(folder), environ.get("PYTHONPATH"))))
    worker.kill()
    worker.environ = {**environ, "PYTHONPATH": path}
    worker.start()
    try:
        yield
    finally:
        worker.kill()
        worker.environ = environ
        worker.start()
