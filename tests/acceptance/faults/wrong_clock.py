"""A clock that is wrong for one process and its children, as if their host's were."""

from pathlib import Path

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


def write_step(folder: Path, seconds: float) -> None:
    """Leave in a folder what puts every Python process with it in its path so many seconds ahead."""
    (folder / "sitecustomize.py").write_text(_STEP.format(seconds=seconds))
