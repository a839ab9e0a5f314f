"""The families: what one request makes more than one job of, workflows, shards and batches, and how each may end."""

import random
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from chaos.given import Given
from core.clock import rfc3339

PATIENT = {"max_attempts": 20}
"""For jobs whose success others rest on: no storm hits one so often."""
SUCCEEDED, CANCELLED = frozenset({"succeeded"}), frozenset({"cancelled"})
DOOMED = frozenset({"failed dependency_failed"})
REFUSED = frozenset({"failed probe_refused"})
SHARDED = frozenset({"succeeded", "failed shards_failed"})
"""A shard may be lost as often as its kind allows; then its parent fails, and must not otherwise."""

ENDS: dict[str, frozenset[str]] = {
    "workflow: step": SUCCEEDED,
    "workflow: may fail": REFUSED,
    "workflow: must not fail": REFUSED,
    "workflow: doomed": DOOMED,
    "shards": SHARDED,
    "shards, cancelled": SHARDED | CANCELLED,
    "in bulk": SUCCEEDED,
    "cancelled in bulk": CANCELLED,
}


@dataclass(frozen=True, slots=True)
class Family:
    """One sort of request: its share among all requests."""

    share: float
    request: Callable[[random.Random], Given]


def _workflow(rng: random.Random) -> Given:
    """Make a diamond whose join takes its params from both sides, beside a step that fails, which matters or not."""
    jobs = {
        "source": _echo("workflow: step", {"n": rng.randrange(1 << 30)}),
        "left": {**_echo("workflow: step"), "params_from": {"/n": "source#/n"}},
        "right": {**_echo("workflow: step"), "params_from": {"/whole": "source#"}},
        "join": {**_echo("workflow: step"), "params_from": {"/left": "left#/n", "/right": "right#/whole"}},
        "tolerated": {**_failing("workflow: may fail"), "after": ["source"], "allow_failure": True},
        "last": {**_echo("workflow: step"), "after": ["join", "tolerated"]},
    }
    if rng.random() < 0.5:
        jobs["wrong"] = {**_failing("workflow: must not fail"), "after": ["source"]}
        jobs["doomed"] = {**_echo("workflow: doomed"), "after": ["wrong", "join"]}
        jobs["doomed-too"] = {**_echo("workflow: doomed"), "after": ["doomed"]}
    return Given("/workflows", {"jobs": jobs})


def _sharded(rng: random.Random) -> Given:
    return Given("/jobs", _pi("shards", rng))


def _sharded_and_cancelled(rng: random.Random) -> Given:
    return Given("/jobs", _pi("shards, cancelled", rng), cancel_after_s=rng.uniform(0.0, 2.0))


def _in_bulk(rng: random.Random) -> Given:
    size = rng.randint(10, 50)
    tags = ["in bulk", _batch(rng, size)]
    jobs = [{"kind": "platform.echo", "params": {"n": n}, "priority": 7, "tags": tags} for n in range(size)]
    return Given("/jobs/bulk", {"jobs": jobs})


def _cancelled_in_bulk(rng: random.Random) -> Given:
    """Make jobs that are not over when they are cancelled: two that run, the others due later."""
    tags = ["cancelled in bulk", _batch(rng, 10)]
    later = rfc3339(datetime.now(UTC) + timedelta(hours=1))
    job = {"kind": "platform.sleep", "params": {"seconds": 120, "steps": 60}, "tags": tags, **PATIENT}
    return Given("/jobs/bulk", {"jobs": [job] * 2 + [{**job, "run_at": later}] * 8}, cancel_after_s=2.0)


def _batch(rng: random.Random, size: int) -> str:
    """Name a batch so that it tells how many jobs it has."""
    return f"batch-{size}-{uuid.UUID(int=rng.getrandbits(128))}"


def _pi(sort: str, rng: random.Random) -> dict[str, Any]:
    shards = rng.choice([20, 20, 50, 100, 200])
    params = {"points": 1000 * shards, "shards": shards, "seed": rng.randrange(1 << 30)}
    return {"kind": "platform.pi", "params": params, "tags": [sort], **PATIENT}


def _echo(sort: str, params: Mapping[str, Any] | None = None) -> dict[str, Any]:
    return {"kind": "platform.echo", "params": dict(params or {}), "tags": [sort], **PATIENT}


def _failing(sort: str) -> dict[str, Any]:
    return {"kind": "platform.fail", "params": {"error": "permanent", "times": 100}, "tags": [sort], **PATIENT}


FAMILIES = (
    Family(0.8, _workflow),
    Family(0.25, _sharded),
    Family(0.1, _sharded_and_cancelled),
    Family(0.4, _in_bulk),
    Family(0.15, _cancelled_in_bulk),
)
