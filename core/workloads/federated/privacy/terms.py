"""The terms of privacy: how updates are clipped and noised, and what all rounds together may spend. Light."""

from collections.abc import Mapping
from typing import Any

from marshmallow import Schema, ValidationError, fields, validates_schema
from marshmallow.validate import Length, OneOf, Range

from core.jobs.kind import Number, Params, Secret

ACCOUNTANTS = ("tight", "renyi")
POSTPROCESSING = ("fedavg", "fedprox", "fedavgm", "fedadam", "fedyogi", "fedadagrad")
"""Strategies that look at the mean of the updates alone, so that noise on it covers all that they make of it."""
LEAST_NOISE, MOST_NOISE = 0.3, 1e6
"""Below this multiplier a round costs an epsilon of dozens: no privacy worth the name."""
LEAST_SAMPLING = 1e-4
MOST_ROUNDS = 1_000_000


class PrivacyTerms(Params):
    """Clipping, noise and budget."""

    clip = Number(
        required=True,
        validate=Range(1e-12, 1e12),
        metadata={"description": "Longer changes are shortened to this length (L2)"},
    )
    noise_multiplier = Number(
        required=True,
        validate=Range(LEAST_NOISE, MOST_NOISE),
        metadata={"description": "Standard deviation of the noise on the sum of changes, in parts of `clip`"},
    )
    epsilon = Number(
        load_default=None,
        allow_none=True,
        validate=Range(1e-6, 1e6),
        metadata={"description": "What all rounds together may spend; no limit when absent"},
    )
    delta = Number(load_default=1e-5, validate=Range(1e-15, 0.1), metadata={"description": "At which epsilon is told"})
    sampling = Number(
        load_default=1.0,
        validate=Range(LEAST_SAMPLING, 1.0),
        metadata={"description": "With which probability an update counts, drawn in secret for each and each round"},
    )
    accountant = fields.String(
        load_default="tight", validate=OneOf(ACCOUNTANTS), metadata={"description": "What the budget is counted by"}
    )
    quantile = Number(
        load_default=None,
        allow_none=True,
        validate=Range(0.05, 0.95),
        metadata={"description": "Of changes that are to be shorter than `clip`, which is adapted from round to round"},
    )


class Earlier(Params):
    """Equal releases made before."""

    noise_multiplier = Number(required=True, validate=Range(LEAST_NOISE, MOST_NOISE))
    sampling = Number(load_default=1.0, validate=Range(LEAST_SAMPLING, 1.0))
    rounds = fields.Integer(load_default=1, strict=True, validate=Range(1, MOST_ROUNDS))


class PrivacyParams(PrivacyTerms):
    """The terms of one aggregation, and what was spent before it."""

    earlier = fields.List(fields.Nested(Earlier), load_default=list, validate=Length(max=1000))
    key = Secret(
        load_default=None,
        allow_none=True,
        metadata={"description": "What noise is drawn by; when absent the job's seed, which is no secret"},
    )

    @validates_schema
    def check_key(self, given: Mapping[str, Any], **_: Any) -> None:
        """Refuse keys that could be guessed."""
        if given["key"] is not None and len(given["key"]) < 16:  # noqa: PLR2004 - 64 bits in hexadecimal
            raise ValidationError("Must have 16 characters at least.", "key")


class PrivacyAccount(Schema):
    """What a private aggregation did, and what it cost."""

    clip = fields.Float(required=True)
    next_clip = fields.Float(required=True, metadata={"description": "Adapted, where a quantile is asked for"})
    noise_multiplier = fields.Float(required=True)
    sampling = fields.Float(required=True)
    noise = fields.Float(required=True, metadata={"description": "Standard deviation on each value of the mean change"})
    clipped = fields.Float(required=True, metadata={"description": "The share of changes that were longer, noised"})
    clipped_error = fields.Float(required=True, metadata={"description": "Standard deviation of the noise on it"})
    accountant = fields.String(required=True)
    spent = fields.Float(required=True, metadata={"description": "Epsilon of this and all earlier releases together"})
    delta = fields.Float(required=True)
    budget = fields.Float(required=True, allow_none=True)
    left = fields.Float(required=True, allow_none=True)
    keyed = fields.Boolean(required=True, metadata={"description": "Whether noise was drawn by a secret"})


def refuse_unfit(strategy: str, bounds: Mapping[str, Any]) -> None:
    """Raise `ValidationError` where strategy or bounds would tell what noise does not cover."""
    if strategy not in POSTPROCESSING:
        raise ValidationError(
            f"With privacy a strategy may look at the mean alone: {', '.join(POSTPROCESSING)}.", "strategy"
        )
    for bound in ("max_norm", "clip_norm"):
        if bounds.get(bound) is not None:
            raise ValidationError("Privacy clips by itself; another bound would tell of single updates.", bound)
