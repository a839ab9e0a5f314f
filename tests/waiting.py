"""Waiting for what must come true."""

import time
from collections.abc import Callable
from typing import Any

PAUSE_S = 0.05
PATIENCE_S = 60.0
"""How long a busy machine may take for what an idle one does at once."""


def eventually(condition: Callable[[], Any], within_s: float = PATIENCE_S) -> Any:
    """Return the condition's value once it is true; fail when it does not come true in time."""
    give_up_at = time.monotonic() + within_s
    while not (value := condition()):
        assert time.monotonic() < give_up_at, f"not within {within_s:g} s"
        time.sleep(PAUSE_S)
    return value
