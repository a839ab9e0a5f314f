"""This file is about the troubles of a simulated platform: declared in its settings, and the same each time.

A call meets what the script says of its operation's first, second, third … call; else an outage of all calls from one
number to another; else what the seed draws by the shares.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from marshmallow import EXCLUDE, Schema, fields, post_load
from marshmallow.validate import Length, OneOf, Range

from core.jobs.kind import Number
from core.workloads.customers.connectors.simulation.market import Market, MarketSettings

FATES = ("ok", "away", "lost", "unanswered", "refused")
"""What may become of a call: done; no answer, nothing done; time-out before it was done, after it; refused for good."""
DRAWN = ("away", "lost", "unanswered")


@dataclass(frozen=True, slots=True)
class Faults:
    """How a simulated platform behaves."""

    seed: int = 0
    latency_ms: float = 0.0
    calls_per_minute: int = 6_000
    shares: Mapping[str, float] = field(default_factory=dict)
    refused_rows: float = 0.0
    """Share of rows that are not taken, each batch anew."""
    outages: Sequence[Sequence[int]] = ()
    """First and last number of calls that find nobody there."""
    script: Mapping[str, Sequence[str]] = field(default_factory=dict)
    market: Market = field(default_factory=Market)
    """What there is to be told of the account."""

    def fate(self, operation: str, nth: int, call: int) -> str:
        """Tell what becomes of an operation's `nth` call, which is the platform's `call`th; both from 1."""
        told = self.script.get(operation, ())
        if nth <= len(told):
            return told[nth - 1]
        if any(first <= call <= last for first, last in self.outages):
            return "away"
        drawn = chance(self.seed, operation, nth)
        for fate in DRAWN:
            drawn -= self.shares.get(fate, 0.0)
            if drawn < 0:
                return fate
        return "ok"

    def refuses(self, batch: str, row: str) -> bool:
        """Tell whether a row of a batch is not taken."""
        return self.refused_rows > 0 and chance(self.seed, batch, row) < self.refused_rows


def chance(*path: str | int) -> float:
    """Return a number from 0 to 1 that hangs on nothing but the path."""
    digest = hashlib.sha256("/".join(map(str, path)).encode()).digest()
    return int.from_bytes(digest[:7]) / (1 << 56)


_SHARE = Range(0, 1)


class FaultSettings(Schema):
    """Settings of a simulated platform; all may be left out, and then nothing goes wrong."""

    class Meta:
        """Refuse what is not declared."""

        unknown = "raise"

    seed = fields.Integer(strict=True, validate=Range(0, 1 << 31))
    latency_ms = Number(validate=Range(0, 10_000))
    calls_per_minute = fields.Integer(strict=True, validate=Range(1, 1_000_000))
    shares = fields.Dict(keys=fields.String(validate=OneOf(DRAWN)), values=Number(validate=_SHARE))
    refused_rows = Number(validate=_SHARE)
    outages = fields.List(
        fields.List(fields.Integer(strict=True, validate=Range(1, 1 << 31)), validate=Length(equal=2)),
        validate=Length(max=100),
    )
    script = fields.Dict(
        keys=fields.String(validate=Length(1, 50)),
        values=fields.List(fields.String(validate=OneOf(FATES)), validate=Length(max=100)),
        validate=Length(max=30),
    )
    market = fields.Nested(MarketSettings)


class _Known(FaultSettings):
    """The same as it was kept."""

    class Meta:
        """Take what an earlier or later version knew."""

        unknown = EXCLUDE

    market = fields.Nested(MarketSettings(unknown=EXCLUDE))

    @post_load
    def make(self, told: dict[str, Any], **_: Any) -> Faults:
        """Make the faults."""
        return Faults(**told)


def read_faults(settings: Mapping[str, Any]) -> Faults:
    """Read a connection's settings."""
    faults: Faults = _Known().load(settings)
    return faults
