"""What `metalearning.shrink` takes and returns: series of earlier domains and of a new one. Light."""

from collections.abc import Mapping
from typing import Any

from marshmallow import Schema, ValidationError, fields, validates_schema
from marshmallow.validate import Length, Range

from core.jobs.kind import Number, Params

MOST_DOMAINS = 200
MOST_VARIABLES = 40
MOST_LAGS = 10
MOST_COEFFICIENTS = 200
"""Of one variable."""
MOST_ROWS = 20_000


class SeriesParams(Params):
    """The rows of one domain, in time."""

    name = fields.String(load_default=None, allow_none=True, validate=Length(1, 100))
    values = fields.List(
        fields.List(Number(validate=Range(-1e12, 1e12))),
        required=True,
        validate=Length(3, MOST_ROWS),
        metadata={"description": "Row by row, a number for each variable"},
    )


class ShrinkParams(Params):
    """Params of `metalearning.shrink`."""

    names = fields.List(
        fields.String(validate=Length(1, 100)),
        required=True,
        validate=Length(1, MOST_VARIABLES),
        metadata={"description": "Of the variables, the same in all domains"},
    )
    earlier = fields.List(
        fields.Nested(SeriesParams),
        required=True,
        validate=Length(3, MOST_DOMAINS),
        metadata={"description": "Domains that tell how alike they are"},
    )
    new = fields.Nested(SeriesParams, required=True, metadata={"description": "The domain that is to be fitted"})
    lags = fields.Integer(load_default=1, strict=True, validate=Range(1, MOST_LAGS))
    held_out = Number(
        load_default=0.25,
        validate=Range(0, 0.9),
        metadata={"description": "Share of the new domain's last rows on which the fit is tried first"},
    )

    @validates_schema
    def check_rows(self, given: Mapping[str, Any], **_: Any) -> None:
        """Refuse rows of another length, names twice, and domains shorter than their lags."""
        count = len(given["names"])
        if len(set(given["names"])) < count:
            raise ValidationError("Each name once.", "names")
        if count * given["lags"] > MOST_COEFFICIENTS:
            raise ValidationError(f"At most {MOST_COEFFICIENTS} coefficients of each variable.", "lags")
        for place, domain in [("new", given["new"]), *enumerate(given["earlier"])]:
            fault = _fault(domain["values"], count, given["lags"])
            if fault is not None:
                told = {"values": fault}
                raise ValidationError({"new": told} if place == "new" else {"earlier": {place: told}})


def _fault(rows: list[list[float]], count: int, lags: int) -> Any:
    for number, row in enumerate(rows):
        if len(row) != count:
            return {number: [f"{len(row)} values for {count} variables."]}
    least = lags + 3
    return None if len(rows) >= least else [f"{lags} lags take {least} rows at least."]


class CoefficientResult(Schema):
    """One effect in the new domain, in the units of the series."""

    source = fields.String(required=True)
    target = fields.String(required=True)
    lag = fields.Integer(required=True)
    mean = fields.Float(required=True, metadata={"description": "Of the earlier domains"})
    between_sd = fields.Float(required=True, metadata={"description": "How much domains differ in it"})
    own = fields.Float(required=True, metadata={"description": "By least squares of the new domain alone"})
    effect = fields.Float(required=True, metadata={"description": "Drawn from its own towards the mean"})
    sd = fields.Float(required=True, metadata={"description": "Standard deviation of what it may be, given all"})


class LossResult(Schema):
    """Mean squared error one row ahead on rows held out, in units of each variable's variance among earlier domains."""

    own = fields.Float(required=True)
    mean = fields.Float(required=True)
    shrunk = fields.Float(required=True)


class ShrinkResult(Schema):
    """Result of `metalearning.shrink`."""

    domains = fields.Integer(required=True)
    rows = fields.Integer(required=True, metadata={"description": "Of the new domain that are fitted, less its lags"})
    own_share = fields.Float(
        required=True, metadata={"description": "How much its own rows count beside the mean, 0 to 1"}
    )
    coefficients = fields.List(fields.Nested(CoefficientResult), required=True)
    held_out = fields.Nested(
        LossResult, required=True, allow_none=True, metadata={"description": "null: nothing was held out"}
    )
