"""What the windows' kinds take and return."""

from collections.abc import Mapping
from typing import Any

from marshmallow import Schema, ValidationError, fields, validates_schema
from marshmallow.validate import Length, OneOf, Range

from core.jobs.kind import Params
from core.workloads.windows.spec import MOST_VARIABLES, WindowSpec

MOST_WINDOWS = 100_000
MOST_VALUES_AT_ONCE = 32_000_000
"""Of windows without a domain, which leave one artifact."""
LARGEST_INDEX = 1 << 53
MOST_TICKS = 1_000
FORMATS = ("arrow", "parquet", "csv", "npy")
CONSTANT = ("keep", "drop", "refuse")
IMPORT_FORMATS = ("csv", "parquet", "arrow", "json")


def domain_field(**options: Any) -> fields.String:
    """Make the field that names a domain."""
    return fields.String(validate=Length(1, 100), metadata={"description": "Id or name of the domain"}, **options)


def index_field(description: str, **options: Any) -> fields.Integer:
    """Make the field of a window's index."""
    bounds = Range(0, LARGEST_INDEX)
    return fields.Integer(strict=True, validate=bounds, metadata={"description": description}, **options)


class FileReference(Params):
    """An uploaded file, or one that a job left behind."""

    artifact = fields.UUID(required=True)


class Tick(Params):
    """One window that a domain's schedule asked for."""

    domain = fields.UUID(required=True)
    index = index_field("Of the window", required=True)
    at = fields.AwareDateTime(required=True)


class GenerateParams(Params):
    """Which windows: of a domain, of a spec, or what schedules fired together."""

    domain = domain_field(load_default=None, allow_none=True)
    spec = fields.Nested(WindowSpec, load_default=None, allow_none=True)
    ticks = fields.List(fields.Nested(Tick), load_default=None, allow_none=True, validate=Length(max=MOST_TICKS))
    start_index = index_field(
        "Of the first window; behind the domain's latest, or 0, when absent", load_default=None, allow_none=True
    )
    count = fields.Integer(load_default=1, strict=True, validate=Range(1, MOST_WINDOWS))
    seed = fields.Integer(
        load_default=None,
        allow_none=True,
        strict=True,
        validate=Range(0, LARGEST_INDEX),
        metadata={"description": "Of a spec's windows; a domain has its own"},
    )
    shards = fields.Integer(
        load_default=1,
        strict=True,
        validate=Range(1, 1000),
        metadata={"description": "Into how many jobs a domain's windows are split; the windows are the same"},
    )

    @validates_schema
    def check_choice(self, given: Mapping[str, Any], **_: Any) -> None:
        """Refuse none and two of them, and more than one artifact should hold."""
        chosen = [name for name in ("domain", "spec", "ticks") if given.get(name) is not None]
        if len(chosen) != 1:
            raise ValidationError("Give one of domain, spec and ticks.", "domain")
        spec = given.get("spec")
        if spec is None:
            if given.get("domain") and given.get("seed") is not None:
                raise ValidationError("A domain has a seed of its own.", "seed")
            return
        if given["shards"] > 1:
            raise ValidationError("Only a domain's windows are split.", "shards")
        if given["count"] * spec["window_size"] * len(spec["variables"]) > MOST_VALUES_AT_ONCE:
            raise ValidationError(f"These are more than {MOST_VALUES_AT_ONCE} values.", "count")


class GenerateResult(Schema):
    """What was generated."""

    windows = fields.Integer(required=True)
    values = fields.Integer(required=True)
    domains = fields.Integer(required=True, metadata={"description": "Domains that got windows"})
    first_index = fields.Integer(required=True, allow_none=True)
    last_index = fields.Integer(required=True, allow_none=True)
    variables = fields.List(fields.String(), required=True)
    left_out = fields.List(
        fields.Dict(), required=True, metadata={"description": "Domains of which nothing could be made, and why"}
    )


class ImportParams(Params):
    """Which file, what it is, and where its rows go."""

    file = fields.Nested(FileReference, load_default=None, allow_none=True)
    text = fields.String(
        load_default=None,
        allow_none=True,
        validate=Length(1, 1_000_000),
        metadata={"description": "Instead of a file: CSV or JSON as it stands"},
    )
    format = fields.String(load_default="csv", validate=OneOf(IMPORT_FORMATS))
    domain = domain_field(load_default=None, allow_none=True)
    rows_per_window = fields.Integer(
        load_default=None,
        allow_none=True,
        strict=True,
        validate=Range(2, 100_000),
        metadata={"description": "The domain's window size when absent"},
    )
    delimiter = fields.String(load_default=None, allow_none=True, validate=OneOf([",", ";", "\t", "|"]))
    decimal = fields.String(load_default=".", validate=OneOf([".", ","]))
    missing = fields.List(
        fields.String(validate=Length(max=20)),
        load_default=["", "NA", "N/A", "NaN", "nan", "null", "NULL", "None", "-"],
        validate=Length(max=50),
        metadata={"description": "What stands for a missing value"},
    )
    drop = fields.List(
        fields.String(), load_default=list, validate=Length(max=1000), metadata={"description": "Columns to leave out"}
    )
    constant = fields.String(
        load_default="keep",
        validate=OneOf(CONSTANT),
        metadata={"description": "What becomes of columns that never vary: kept, left out, or the file is refused"},
    )
    rename = fields.Dict(
        keys=fields.String(),
        values=fields.String(validate=Length(1, 100)),
        load_default=dict,
        metadata={"description": "New names of columns"},
    )
    categorical = fields.List(
        fields.String(), load_default=list, metadata={"description": "Columns of words, kept as codes"}
    )
    started_at = fields.AwareDateTime(
        load_default=None, allow_none=True, metadata={"description": "Of the first row; when it was imported if absent"}
    )

    @validates_schema
    def check_source(self, given: Mapping[str, Any], **_: Any) -> None:
        """Refuse no source and two."""
        if (given.get("file") is None) == (given.get("text") is None):
            raise ValidationError("Give either file or text.", "file")
        if given.get("text") is not None and given.get("format") not in {"csv", "json"}:
            raise ValidationError("Only csv and json can be written as text.", "format")


class ColumnReport(Schema):
    """One column of a file."""

    name = fields.String(required=True)
    column = fields.Integer(required=True, metadata={"description": "Its place in the file, from 1"})
    missing = fields.Integer(required=True)
    constant = fields.Boolean(required=True)
    longest_gap = fields.Integer(required=True, metadata={"description": "Most missing values in a row"})
    min = fields.Float(required=True, allow_none=True)
    max = fields.Float(required=True, allow_none=True)
    mean = fields.Float(required=True, allow_none=True)


class ImportResult(Schema):
    """What was read, and what is to be known of it."""

    rows = fields.Integer(required=True)
    variables = fields.List(fields.String(), required=True)
    columns = fields.List(fields.Nested(ColumnReport), required=True)
    windows = fields.Integer(required=True)
    first_index = fields.Integer(required=True, allow_none=True)
    last_index = fields.Integer(required=True, allow_none=True)
    warnings = fields.List(fields.Dict(), required=True, metadata={"description": "code, column, detail, fix"})
    ready = fields.Boolean(required=True, metadata={"description": "Nothing stands in the way of finding causes"})


class Inline(Params):
    """A series as it stands."""

    names = fields.List(fields.String(validate=Length(1, 100)), required=True, validate=Length(1, MOST_VARIABLES))
    values = fields.List(
        fields.List(fields.Float(allow_none=True, allow_nan=False)),
        required=True,
        validate=Length(2, 100_000),
        metadata={"description": "Rows in time order; null where missing"},
    )

    @validates_schema
    def check_rows(self, given: Mapping[str, Any], **_: Any) -> None:
        """Refuse rows that are not as long as there are names."""
        for place, row in enumerate(given["values"]):
            if len(row) != len(given["names"]):
                raise ValidationError({"values": {place: [f"{len(row)} values for {len(given['names'])} names."]}})


class SpanParams(Params):
    """Some windows of a domain."""

    domain = domain_field(load_default=None, allow_none=True)
    first = index_field("Of the first window; the oldest when absent", load_default=None, allow_none=True)
    last = index_field("Of the last window; the newest when absent", load_default=None, allow_none=True)


class ExportParams(SpanParams):
    """Which windows, and as what."""

    series = fields.Nested(
        Inline, load_default=None, allow_none=True, metadata={"description": "Instead of a domain's windows"}
    )
    format = fields.String(load_default="parquet", validate=OneOf(FORMATS))
    decimals = fields.Integer(
        load_default=None,
        allow_none=True,
        strict=True,
        validate=Range(0, 17),
        metadata={"description": "Of csv; all that is needed to read the same value back when absent"},
    )

    @validates_schema
    def check_source(self, given: Mapping[str, Any], **_: Any) -> None:
        """Refuse no source and two."""
        _one_source(given)


class ExportResult(Schema):
    """What was written."""

    artifact = fields.String(required=True, metadata={"description": "Name of the artifact"})
    rows = fields.Integer(required=True)
    windows = fields.Integer(required=True)
    variables = fields.List(fields.String(), required=True)
    bytes = fields.Integer(required=True)
    sha256 = fields.String(required=True)


class ProfileParams(SpanParams):
    """Which windows are looked at, and which others they are compared with."""

    series = fields.Nested(
        Inline, load_default=None, allow_none=True, metadata={"description": "Instead of a domain's windows"}
    )
    reference = fields.Nested(SpanParams(only=("first", "last")), load_default=None, allow_none=True)
    reference_series = fields.Nested(Inline, load_default=None, allow_none=True)
    bins = fields.Integer(load_default=10, strict=True, validate=Range(2, 100), metadata={"description": "Of the PSI"})

    @validates_schema
    def check_source(self, given: Mapping[str, Any], **_: Any) -> None:
        """Refuse no source and two."""
        _one_source(given)
        if given.get("reference") is not None and given.get("domain") is None:
            raise ValidationError("Only a domain has windows to refer to.", "reference")


class ProfileResult(Schema):
    """What the windows are like, and how far from the reference."""

    rows = fields.Integer(required=True)
    windows = fields.Integer(required=True)
    variables = fields.Dict(
        keys=fields.String(),
        values=fields.Dict(),
        required=True,
        metadata={
            "description": "By variable: rows, missing, mean, sd, min, max, quantiles, autocorrelation, and drift"
        },
    )
    drift_score = fields.Float(
        required=True, allow_none=True, metadata={"description": "Largest PSI; beyond 0.25 much has changed"}
    )
    drifted = fields.List(fields.String(), required=True, metadata={"description": "Variables that surely drifted"})


class PruneParams(Params):
    """Which domain, and how many windows stay."""

    domain = domain_field(required=True)
    keep = fields.Integer(required=True, strict=True, validate=Range(0, 1 << 30))


class PruneResult(Schema):
    """What went."""

    pruned = fields.Integer(required=True)


def _one_source(given: Mapping[str, Any]) -> None:
    if (given.get("domain") is None) == (given.get("series") is None):
        raise ValidationError("Give either domain or series.", "domain")
