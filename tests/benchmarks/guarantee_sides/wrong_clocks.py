"""A clock that is wrong for one process and its children, as if their host's were."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from guarantee_sides.victims import Victim

_STEP = """
import time

_true = time.time
time.time = lambda: _true() + {seconds}

try:
    from datetime import timedelta

    from core import clock
except ImportError:
    pass
else:
    _now = clock.utc_now
    clock.utc_now = lambda: _now() + timedelta(seconds={seconds})
"""


@contextmanager
def ahead(worker: Victim, seconds: float, folder: Path) -> Iterator[None]:
    """Run a worker so many seconds ahead of everybody until the block ends; the folder holds what misleads it."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "sitecustomize.py").write_text(_STEP.format(seconds=seconds))
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
