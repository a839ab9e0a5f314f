"""The sorts of jobs that are submitted one by one, how often, and how each may end."""

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from core.clock import rfc3339

LOST = "worker_lost"
UNIQUE_KEYS, CONCURRENCY_KEYS = 5, 5


@dataclass(frozen=True, slots=True)
class Sort:
    """One sort of job: its share, its request, and the ends that are right, each as `state` or `state code`."""

    share: float
    request: Callable[[random.Random], dict[str, Any]]
    ends: frozenset[str] = frozenset({"succeeded"})
    cancel_after_s: float | None = None
    follows: bool = False
    """Whether it waits for a job submitted before."""


def _of(kind: str, params: Mapping[str, Any], **options: Any) -> Callable[[random.Random], dict[str, Any]]:
    return lambda _rng: {"kind": f"platform.{kind}", "params": dict(params), **options}


def _in(seconds: float) -> str:
    return rfc3339(datetime.now(UTC) + timedelta(seconds=seconds))


def _echo(rng: random.Random) -> dict[str, Any]:
    return {"kind": "platform.echo", "params": {"n": rng.randrange(1 << 30)}, "priority": rng.randrange(10)}


def _later(rng: random.Random) -> dict[str, Any]:
    return {"kind": "platform.echo", "params": {}, "run_at": _in(rng.uniform(0.0, 10.0))}


def _overdue(rng: random.Random) -> dict[str, Any]:
    return {"kind": "platform.echo", "params": {}, "deadline_at": _in(rng.uniform(0.0, 3.0))}


def _unique(rng: random.Random) -> dict[str, Any]:
    key = f"unique-{rng.randrange(UNIQUE_KEYS)}"
    return {"kind": "platform.sleep", "params": {"seconds": 0.1, "steps": 1}, "unique_key": key}


def _one_at_a_time(rng: random.Random) -> dict[str, Any]:
    key = f"tap-{rng.randrange(CONCURRENCY_KEYS)}"
    return {"kind": "platform.sleep", "params": {"seconds": 0.05, "steps": 1}, "concurrency_key": key}


def _failing(error: str, times: int, **options: Any) -> Callable[[random.Random], dict[str, Any]]:
    return _of("fail", {"error": error, "times": times}, **options)


SORTS: dict[str, Sort] = {
    "echo": Sort(75, _echo),
    "short sleep": Sort(8, _of("sleep", {"seconds": 0.1, "steps": 2})),
    "sleep beyond the lease": Sort(0.25, _of("sleep", {"seconds": 8, "steps": 80}, max_attempts=20)),
    "sleep without checkpoint": Sort(0.25, _of("sleep", {"seconds": 6, "steps": 1}, max_attempts=20)),
    "due later": Sort(4, _later),
    "with a deadline": Sort(4, _overdue, frozenset({"succeeded", "expired"})),
    "with a unique key": Sort(3, _unique),
    "one at a time": Sort(2, _one_at_a_time),
    "after another": Sort(4, _echo, frozenset({"succeeded", "failed dependency_failed"}), follows=True),
    "fails once": Sort(4, _failing("transient", 1, max_attempts=10)),
    "fails too often": Sort(1, _failing("transient", 100, max_attempts=2), frozenset({"failed probe_failed"})),
    "fails for good": Sort(2, _failing("permanent", 100), frozenset({"failed probe_refused"})),
    "kills its worker once": Sort(0.25, _failing("crash", 1, max_attempts=10)),
    "poison": Sort(0.2, _failing("crash", 100, max_attempts=3), frozenset({f"failed {LOST}"})),
    "hangs": Sort(0.1, _failing("hang", 100, timeout_s=1, max_attempts=5), frozenset({"failed time_limit"})),
    "cancelled at once": Sort(1, _of("echo", {}), frozenset({"cancelled", "succeeded"}), 0.0),
    "cancelled while it runs": Sort(
        0.25, _of("sleep", {"seconds": 120, "steps": 60}, max_attempts=20), frozenset({"cancelled"}), 2.0
    ),
    "cancelled, without checkpoint": Sort(
        0.25, _of("sleep", {"seconds": 120, "steps": 1}, max_attempts=20), frozenset({"cancelled"}), 2.0
    ),
}
