"""How a series is given in params, in place, as an artifact or as windows of a domain; and what is refused at once."""

import math
from collections import Counter
from collections.abc import Sequence
from typing import Any

from marshmallow import ValidationError, fields, validates_schema
from marshmallow.validate import Length, Range

from core.jobs.kind import Params

MOST_VARIABLES = 500
MOST_VALUES = 4_000_000
FEWEST_ROWS = 20


class Rows(fields.Field[list[list[float | None]]]):
    """Rows of numbers, all of one length; null is a missing value."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> list[list[float | None]]:
        del attr, data, kwargs
        if not isinstance(value, list) or not all(isinstance(row, list) for row in value):
            raise ValidationError("Give a list of rows, each a list of numbers.")
        for number, row in enumerate(value):
            for place, entry in enumerate(row):
                fault = _fault(entry)
                if fault:
                    raise ValidationError({number: {place: [fault]}})
        return value


def _fault(entry: Any) -> str | None:
    if type(entry) is float or type(entry) is int:
        finite = math.isfinite(entry) if type(entry) is float else abs(entry) < 1 << 1000
        return None if finite else "Not a finite number."
    if entry is None:
        return None
    if isinstance(entry, str):
        return f"{entry[:40]!r} is text where a number is needed: give a category as a number of its own."
    return "Not a number."


class SeriesParams(Params):
    """One series, in one of three ways."""

    names = fields.List(
        fields.String(validate=Length(min=1, max=100)),
        validate=Length(min=1, max=MOST_VARIABLES),
        metadata={"description": "Names of the variables, in the order of the columns"},
    )
    values = Rows(metadata={"description": "Rows in the order of time, a number or null (missing) for each variable"})
    artifact = fields.String(
        metadata={"description": "Id of an artifact that holds the series: CSV, Parquet, Arrow, JSON or NumPy"}
    )
    domain_id = fields.String(metadata={"description": "Id of the domain whose windows are the series"})
    first = fields.Integer(strict=True, validate=Range(min=0), metadata={"description": "Index of the first window"})
    last = fields.Integer(strict=True, validate=Range(min=0), metadata={"description": "Index of the last window"})

    @validates_schema
    def _refuse_mixtures(self, data: dict[str, Any], **_: Any) -> None:
        given = set(data)
        if given == {"artifact"}:
            return
        if given == {"domain_id", "first", "last"}:
            if data["last"] < data["first"]:
                raise ValidationError({"last": ["It is before the first."]})
            return
        if given != {"names", "values"}:
            raise ValidationError("Give names and values, or an artifact, or domain_id, first and last.")
        refuse_bad_table(data["names"], data["values"])


def refuse_bad_table(names: Sequence[str], rows: Sequence[Sequence[float | None]]) -> None:
    """Raise what is wrong with a table's shape or with one of its variables, naming it."""
    if len(names) < 2:  # noqa: PLR2004 - a cause and an effect
        raise ValidationError({"names": ["At least two variables are needed."]})
    twice = [name for name, count in Counter(names).items() if count > 1]
    if twice:
        raise ValidationError({"names": [f"Duplicate name {twice[0]!r}."]})
    if len(rows) * len(names) > MOST_VALUES:
        raise ValidationError({"values": [f"More than {MOST_VALUES:,} values; give them as an artifact."]})
    for number, row in enumerate(rows):
        if len(row) != len(names):
            raise ValidationError({"values": {number: [f"{len(row)} values for {len(names)} names."]}})
    if len(rows) < FEWEST_ROWS:
        raise ValidationError({"values": [f"{len(rows)} rows; at least {FEWEST_ROWS} are needed."]})
    for place, name in enumerate(names):
        known = {row[place] for row in rows} - {None}
        if len(known) < 2:  # noqa: PLR2004 - one value is no variation
            fault = f"always {next(iter(known))!r}" if known else "missing everywhere"
            raise ValidationError({"values": [f"Variable {name!r} is {fault}: nothing can be learned of it."]})
