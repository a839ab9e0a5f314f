"""What the parents and shards of these tests compute."""

from collections.abc import Sequence
from typing import Any

from core.errors import Conflict
from core.jobs.context import JobContext
from core.jobs.execution import Compute

ECHO = "platform.echo"


class Unlucky(Conflict):
    """It failed as its params say."""

    code = "test_unlucky"


def echo_or_fail(params: dict[str, Any], _context: JobContext) -> dict[str, Any]:
    """Return the params unless they ask for failure."""
    if params.get("fail"):
        raise Unlucky(f"number {params['n']} failed")
    return params


def numbers(count: int, failing: Sequence[int] = ()) -> list[dict[str, Any]]:
    return [{"n": n, **({"fail": True} if n in failing else {})} for n in range(count)]


def summing(count: int, *, failing: Sequence[int] = ()) -> Compute:
    """Make a computation that sums what its shards echo, all of which have to succeed."""

    def compute(_params: Any, context: JobContext) -> dict[str, Any]:
        return {"sum": sum(one["n"] for one in context.map(ECHO, numbers(count, failing)))}

    return compute


def tolerating(count: int, *, failing: Sequence[int] = ()) -> Compute:
    """Make a computation that tells what became of each shard."""

    def compute(_params: Any, context: JobContext) -> dict[str, Any]:
        shards = context.map(ECHO, numbers(count, failing), allow_failure=True)
        return {"shards": [[one.index, one.result, one.error] for one in shards]}

    return compute


def in_two_stages(_params: Any, context: JobContext) -> dict[str, Any]:
    """Let the second stage depend on what the first came to."""
    first = sum(one["n"] for one in context.map(ECHO, numbers(4)))
    second = [one["n"] for one in context.map(ECHO, numbers(first))]
    return {"first": first, "second": second}
