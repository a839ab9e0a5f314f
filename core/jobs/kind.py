"""What a kind of job declares: its name, schemas, example, queue, limits and retries."""

import functools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from marshmallow import RAISE, Schema, ValidationError, fields
from marshmallow.validate import Length
from sqlalchemy.orm import Session

from core.errors import PenstockError
from core.redaction import PLACEHOLDER

Queue = Literal["default", "io", "science", "sandbox"]
MISFITS = (PenstockError, ValueError, TypeError, LookupError, ArithmeticError, AttributeError)
"""What checks may raise over params that nobody foresaw: of an earlier version, or made of results."""


SHORTEST_SECRET, LONGEST_SECRET = 4, 20_000


class Number(fields.Float):
    """A JSON number in params; text that looks like one is refused."""

    def _validated(self, value: Any) -> float:
        if isinstance(value, str):
            raise self.make_error("invalid", input=value)
        return super()._validated(value)


class Secret(fields.String):
    """A secret in params: kept sealed, opened for the computation alone, shown as a placeholder everywhere else.

    At least `SHORTEST_SECRET` characters: shorter words would be taken out of whatever a computation says, too.
    """

    def __init__(self, *, metadata: Mapping[str, Any] | None = None, **options: Any) -> None:
        told = {"format": "secret", "writeOnly": True, **(metadata or {})}
        length = Length(SHORTEST_SECRET, LONGEST_SECRET)
        super().__init__(validate=[length, _no_placeholder], metadata=told, **options)


def _no_placeholder(value: str) -> None:
    if value == PLACEHOLDER:
        raise ValidationError("Send the secret itself; this is what is shown in its place.")


class Params(Schema):
    """Base of every params schema: unknown fields are refused."""

    class Meta:
        """Refuse what the kind does not know."""

        unknown = RAISE


@functools.cache
def params_schema(params: type[Params]) -> Params:
    """Make a params schema once: making one costs more than loading through it."""
    return params()


@dataclass(frozen=True, slots=True)
class Limits:
    """What one attempt may use; exceeding a limit fails the job with a code that says which."""

    soft_s: float = 300.0
    """Seconds after which the computation is interrupted (`time_limit`)."""
    grace_s: float = 5.0
    """Seconds after the soft limit until the worker child is killed."""
    concurrency: int | None = None
    """How many jobs of the kind may run at once; None: as many as there are workers."""
    result_bytes: int = 1 << 20
    """Largest result as JSON (`result_too_large`); more belongs into an artifact."""
    memory_mib: int = 1024
    """Memory that the computation and the processes it starts may come to hold (`memory_limit`)."""
    artifact_bytes: int = 256 << 20
    """All artifacts of one attempt together (`output_limit`)."""
    log_lines: int = 10_000
    """Lines of log that are kept; what comes after them is only counted."""


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """How often and how far apart attempts are made: exponential back-off with full jitter."""

    max_attempts: int = 3
    base_s: float = 2.0
    factor: float = 2.0
    cap_s: float = 300.0


Fired = Sequence[tuple[Mapping[str, Any], datetime]]
"""Params of schedules, each with a fire time of its own."""


@dataclass(frozen=True, slots=True)
class Gathering:
    """How fire times of many schedules that are due together become one job, so that they share its cost."""

    most: int
    """How many one job takes."""
    gather: Callable[[Session, UUID, Fired], dict[str, Any]]
    """Makes the one job's params, in the transaction that fires them, for one tenant."""


def permission_to_submit(_params: Mapping[str, Any]) -> str:
    """Ask for the permission that every submission takes, whatever its params."""
    return "jobs:submit"


@dataclass(frozen=True, slots=True)
class JobKind:
    """One sort of job. Light by contract: nothing numeric is imported to declare it."""

    name: str
    summary: str
    params: type[Params]
    result: type[Schema]
    example: Mapping[str, Any]
    queue: Queue = "default"
    version: int = 1
    limits: Limits = field(default_factory=Limits)
    retry: RetryPolicy = field(default_factory=RetryPolicy)
    measured: tuple[str, ...] = ()
    """Fields of the result, however deep, that tell what an attempt took; all others are the same for any attempt."""
    permission: Callable[[Mapping[str, Any]], str] = permission_to_submit
    """Which permission submitting these params takes."""
    gathering: Gathering | None = None
    """Set where schedules that allow overlaps are to share jobs."""
    confidential: bool = False
    """Whether what it leaves behind is only for those who might have submitted it."""
