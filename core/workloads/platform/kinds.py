"""The platform's own kinds, for probes and benchmarks."""

from collections.abc import Mapping
from typing import Any

from marshmallow import Schema, fields
from marshmallow.validate import Length, OneOf, Range

from core.jobs.kind import JobKind, Limits, Number, Params, RetryPolicy, Secret, permission_to_submit
from core.jobs.stages import MAX_SHARDS

HARMLESS = ("transient", "permanent")
OPERATORS_ONLY = ("crash", "oom", "leak", "hang", "spin")

BLOCK_POINTS = 1_000
"""Points in one block of the probe of shards."""


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
    hold_mib = fields.Integer(
        load_default=0,
        strict=True,
        validate=Range(min=0, max=240),
        metadata={"description": "How much memory to hold meanwhile, in MiB; for trying out what bounds it"},
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
        validate=OneOf([*HARMLESS, *OPERATORS_ONLY]),
        metadata={"description": f"How they fail; {', '.join(OPERATORS_ONLY)} are for operators"},
    )


class FailResult(Schema):
    """The attempt that did not fail."""

    attempt = fields.Integer(required=True, metadata={"description": "Number of the attempt that succeeded"})


class Sign(Params):
    """What to sign, and with which key."""

    text = fields.String(required=True, validate=Length(max=100_000), metadata={"description": "What to sign"})
    key = Secret(required=True, metadata={"description": "The key; nobody sees it again"})


class SignResult(Schema):
    """The signature."""

    signature = fields.String(required=True, metadata={"description": "HMAC-SHA256 of the text, in hex"})


class Export(Params):
    """Whose data."""

    subject = fields.UUID(
        load_default=None,
        allow_none=True,
        metadata={"description": "The person, by the id of the member; all that the tenant has unless given"},
    )


class ExportResult(Schema):
    """What was written."""

    artifact = fields.String(required=True, metadata={"description": "A zip of JSON Lines, a file for each table"})
    bytes = fields.Integer(required=True)
    rows = fields.Dict(required=True, metadata={"description": "How many rows of which table"})


class Pi(Params):
    """How many points to draw, split into how many shards."""

    points = fields.Integer(
        load_default=1_000_000,
        strict=True,
        validate=Range(min=1, max=100_000_000),
        metadata={"description": f"How many points to draw; rounded up to whole blocks of {BLOCK_POINTS:,}"},
    )
    shards = fields.Integer(
        load_default=1,
        strict=True,
        validate=Range(min=1, max=MAX_SHARDS),
        metadata={"description": "Into how many jobs the work is split, at most one for each block; 1: not at all"},
    )
    seed = fields.Integer(
        load_default=0,
        strict=True,
        validate=Range(min=0, max=(1 << 53) - 1),
        metadata={"description": "What the points follow from"},
    )


class PiResult(Schema):
    """The estimate and what it rests on; the same for any number of shards."""

    estimate = fields.Float(required=True, metadata={"description": "The estimate of pi"})
    inside = fields.Integer(required=True, metadata={"description": "How many points lay inside the quarter circle"})
    points = fields.Integer(required=True, metadata={"description": "How many points were drawn"})
    error_estimate = fields.Float(required=True, metadata={"description": "Standard error of the estimate"})


class PiShard(Params):
    """Which blocks of points to draw."""

    seed = fields.Integer(
        required=True,
        strict=True,
        validate=Range(min=0, max=(1 << 53) - 1),
        metadata={"description": "What the points follow from"},
    )
    first_block = fields.Integer(
        required=True,
        strict=True,
        validate=Range(min=0, max=100_000),
        metadata={"description": "Number of the first block"},
    )
    blocks = fields.Integer(
        required=True,
        strict=True,
        validate=Range(min=1, max=100_000),
        metadata={"description": f"How many blocks of {BLOCK_POINTS:,} points"},
    )


class PiShardResult(Schema):
    """What was counted."""

    inside = fields.Integer(required=True, metadata={"description": "How many points lay inside the quarter circle"})


def permission_to_export(_params: Mapping[str, Any]) -> str:
    """Ask for what only admins hold: an export shows all that the tenant has."""
    return "tenant:export"


def permission_to_fail(params: Mapping[str, Any]) -> str:
    """Ask for the operator's permission where a worker is harmed on purpose."""
    return "jobs:probe" if params.get("error") in OPERATORS_ONLY else permission_to_submit(params)


ECHO = JobKind(
    name="platform.echo",
    summary="Returns its params; for probes and benchmarks.",
    params=Echo,
    result=EchoResult,
    example={"hello": "world"},
    limits=Limits(memory_mib=256),
)

SLEEP = JobKind(
    name="platform.sleep",
    summary="Sleeps in steps; for trying out progress, cancel and time limits.",
    params=Sleep,
    result=SleepResult,
    example={"seconds": 0.2, "steps": 2},
    limits=Limits(soft_s=3660.0, memory_mib=256),
)

FAIL = JobKind(
    name="platform.fail",
    summary="Fails as it is told to; for trying out retries and rescue.",
    params=Fail,
    result=FailResult,
    example={"times": 1, "error": "transient"},
    limits=Limits(memory_mib=128),
    retry=RetryPolicy(max_attempts=3, base_s=0.5, cap_s=5.0),
    permission=permission_to_fail,
)

SIGN = JobKind(
    name="platform.sign",
    summary="Signs a text with a secret key; for trying out secrets in params.",
    params=Sign,
    result=SignResult,
    example={"text": "hello", "key": "an example of a key"},
    limits=Limits(memory_mib=256),
)

EXPORT = JobKind(
    name="platform.export",
    summary="Exports the data of a tenant, or of one person of it, as a zip.",
    params=Export,
    result=ExportResult,
    example={},
    queue="io",
    limits=Limits(soft_s=1800.0),
    permission=permission_to_export,
    confidential=True,
)

PI = JobKind(
    name="platform.pi",
    summary="Estimates pi by counting random points; for trying out shards.",
    params=Pi,
    result=PiResult,
    example={"points": 20_000, "shards": 4, "seed": 1},
    limits=Limits(soft_s=900.0),
)

PI_SHARD = JobKind(
    name="platform.pi_shard",
    summary="Counts one shard's part of the points of platform.pi.",
    params=PiShard,
    result=PiShardResult,
    example={"seed": 1, "first_block": 0, "blocks": 5},
    limits=Limits(soft_s=900.0),
)
