"""The platform's own kinds, for probes and benchmarks."""

from collections.abc import Mapping
from typing import Any

from marshmallow import Schema, fields
from marshmallow.validate import OneOf, Range

from core.jobs.kind import JobKind, Limits, Number, Params, RetryPolicy, permission_to_submit

OPERATORS_ONLY = frozenset({"crash", "oom", "hang"})


class Echo(Params):
    """Anything at all comes back."""

    class Meta:
        """Everything is welcome."""

        unknown = "include"


class EchoResult(Schema):
    """The params."""

    class Meta:
        """Everything is welcome."""

        unknown = "include"


class Sleep(Params):
    """How long to sleep, in how many steps."""

    seconds = Number(
        required=True, validate=Range(min=0, max=3600), metadata={"description": "How long to sleep, in seconds"}
    )
    steps = fields.Integer(
        load_default=10,
        strict=True,
        validate=Range(min=1, max=10_000),
        metadata={"description": "In how many steps; progress is reported after each"},
    )


class SleepResult(Schema):
    """What was slept."""

    slept_s = fields.Float(required=True, metadata={"description": "How long the job slept, in seconds"})
    steps = fields.Integer(required=True, metadata={"description": "In how many steps"})


class Fail(Params):
    """How often to fail, and how."""

    times = fields.Integer(
        load_default=1,
        strict=True,
        validate=Range(min=0, max=100),
        metadata={"description": "The first so many attempts fail"},
    )
    error = fields.String(
        load_default="transient",
        validate=OneOf(["transient", "permanent", "crash", "oom", "hang"]),
        metadata={"description": "How they fail; crash, oom and hang are for operators"},
    )


class FailResult(Schema):
    """The attempt that did not fail."""

    attempt = fields.Integer(required=True, metadata={"description": "Number of the attempt that succeeded"})


def permission_to_fail(params: Mapping[str, Any]) -> str:
    """Ask for the operator's permission where a worker is harmed on purpose."""
    return "jobs:probe" if params.get("error") in OPERATORS_ONLY else permission_to_submit(params)


ECHO = JobKind(
    name="platform.echo",
    summary="Returns its params; for probes and benchmarks.",
    params=Echo,
    result=EchoResult,
    example={"hello": "world"},
)

SLEEP = JobKind(
    name="platform.sleep",
    summary="Sleeps in steps; for trying out progress, cancel and time limits.",
    params=Sleep,
    result=SleepResult,
    example={"seconds": 0.2, "steps": 2},
    limits=Limits(soft_s=3660.0),
)

FAIL = JobKind(
    name="platform.fail",
    summary="Fails as it is told to; for trying out retries and rescue.",
    params=Fail,
    result=FailResult,
    example={"times": 1, "error": "transient"},
    retry=RetryPolicy(max_attempts=3, base_s=0.5, cap_s=5.0),
    permission=permission_to_fail,
)
