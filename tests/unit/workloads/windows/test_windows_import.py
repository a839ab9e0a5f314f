"""Files read as a series: the same in every format, refused with a reason and never with a crash, up to the limits."""

import io
import json
from collections.abc import Callable
from typing import Any
from uuid import UUID

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from marshmallow import ValidationError
from pyarrow import parquet

from core.errors import PenstockError
from core.jobs.context import JobContext, MemoryRecorder
from core.workloads.windows import columns, importing, kinds, tables

FILE = "0192f0c1-6a00-7000-8000-000000000009"
NAMES = ["flow", "level"]
VALUES: list[list[float | None]] = [[1.5, 2.0], [None, 3.25], [4.0, -1e-7]]


def read(content: bytes, **params: Any) -> tuple[dict[str, Any], MemoryRecorder]:
    recorder = MemoryRecorder(inputs={FILE: io.BytesIO(content)})
    given = kinds.IMPORT.params().load({"file": {"artifact": FILE}, **params})
    return importing.compute(given, JobContext(UUID(int=1), 1, 1, recorder)), recorder


def table() -> pa.Table:
    arrays = [pa.array([row[place] for row in VALUES], pa.float64()) for place in range(2)]
    return pa.table(arrays, names=NAMES)


def as_csv() -> bytes:
    return b"flow,level\n1.5,2\n,3.25\n4,-1e-7"


def as_parquet() -> bytes:
    sink = io.BytesIO()
    parquet.write_table(table(), sink)
    return sink.getvalue()


def as_arrow() -> bytes:
    sink = io.BytesIO()
    with pa.ipc.new_stream(sink, table().schema) as writer:
        writer.write_table(table())
    return sink.getvalue()


def as_objects() -> bytes:
    return json.dumps([dict(zip(NAMES, row, strict=True)) for row in VALUES]).encode()


def as_lines() -> bytes:
    return "\n".join(json.dumps(dict(zip(NAMES, row, strict=True))) for row in VALUES).encode()


def as_columns() -> bytes:
    return json.dumps({"names": NAMES, "values": VALUES}).encode()


@pytest.mark.parametrize(
    ("format_", "write"),
    [
        ("csv", as_csv),
        ("parquet", as_parquet),
        ("arrow", as_arrow),
        ("json", as_objects),
        ("json", as_lines),
        ("json", as_columns),
    ],
)
def test_every_format_is_the_same_series(format_: str, write: Callable[[], bytes]) -> None:
    report, recorder = read(write(), format=format_)
    assert (report["rows"], report["variables"]) == (3, NAMES)
    assert [column["missing"] for column in report["columns"]] == [1, 0]
    content, _ = recorder.artifacts["series.arrow"]
    found = pa.ipc.open_stream(content).read_all()
    expected = np.array([[np.nan if value is None else value for value in row] for row in VALUES])
    for place, name in enumerate(NAMES):
        np.testing.assert_array_equal(found[name].to_numpy(), expected[:, place])


@pytest.mark.parametrize("format_", ["csv", "parquet", "arrow", "json"])
@settings(max_examples=40, deadline=None)
@given(content=st.binary(max_size=300))
def test_whatever_is_sent_is_read_or_refused(format_: str, content: bytes) -> None:
    try:
        report, _ = read(content, format=format_)
    except PenstockError:
        return
    assert report["rows"] >= 0


@pytest.mark.parametrize("format_", ["parquet", "arrow", "json"])
def test_a_file_that_was_cut_short_is_refused(format_: str) -> None:
    whole = {"parquet": as_parquet, "arrow": as_arrow, "json": as_objects}[format_]()
    with pytest.raises(PenstockError):
        read(whole[: len(whole) // 2], format=format_)


@pytest.mark.parametrize(
    ("field", "inside", "outside"),
    [
        ("rows_per_window", [2, 100_000], [1, 100_001]),
        ("missing", [["x" * 20], ["x"] * 50], [["x" * 21], ["x"] * 51]),
        ("text", ["a", "a" * 1_000_000], ["", "a" * 1_000_001]),
    ],
)
def test_limits_hold_just_inside_and_just_outside(field: str, inside: list[Any], outside: list[Any]) -> None:
    alone: dict[str, Any] = {} if field == "text" else {"text": "a,b"}
    for value in inside:
        assert kinds.IMPORT.params().load({**alone, field: value})[field] == value
    for value in outside:
        with pytest.raises(ValidationError) as caught:
            kinds.IMPORT.params().load({**alone, field: value})
        assert isinstance(caught.value.messages, dict)
        assert list(caught.value.messages) == [field]


def test_as_much_json_as_is_allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    content = as_objects()
    monkeypatch.setattr(tables, "LARGEST_JSON_BYTES", len(content))
    assert read(content, format="json")[0]["rows"] == 3
    with pytest.raises(tables.TableUnreadable, match="bytes of JSON"):
        read(content + b" ", format="json")


STILL = b"flow,level,flag,lost\n1.5,2,9,\n2.5,3,9,\n3.5,4,9,\n"


def test_constant_columns_are_told_of_and_kept() -> None:
    report, _ = read(STILL)
    assert (report["variables"], report["ready"]) == (["flow", "level", "flag", "lost"], False)
    told = {one["column"]: one["fix"] for one in report["warnings"] if one["column"]}
    assert told == {"flag": "drop: ['flag'], or constant: 'drop'", "lost": "drop: ['lost'], or constant: 'drop'"}


def test_constant_columns_are_left_out() -> None:
    report, recorder = read(STILL, constant="drop")
    assert report["variables"] == ["flow", "level"]
    assert pa.ipc.open_stream(recorder.artifacts["series.arrow"][0]).read_all().column_names == ["flow", "level"]


def test_constant_columns_refuse_the_file() -> None:
    with pytest.raises(importing.ColumnsConstant, match="flag, lost"):
        read(STILL, constant="refuse")
    assert read(b"flow,level\n1.5,2\n2.5,3\n", constant="refuse")[0]["rows"] == 2


def test_of_a_file_without_rows_no_column_is_constant() -> None:
    for constant in ("drop", "refuse"):
        assert read(b"flow,level\n", constant=constant)[0]["rows"] == 0


@pytest.mark.parametrize(("count", "fits"), [(256, True), (257, False)])
@pytest.mark.parametrize("format_", ["csv", "json"])
def test_a_series_without_a_domain_has_as_many_variables_as_one_with(format_: str, count: int, *, fits: bool) -> None:
    names = [f"v{place}" for place in range(count)]
    rows = [[float(row * place) for place in range(count)] for row in range(2)]
    lines = "\n".join([",".join(names), *(",".join(str(cell) for cell in row) for row in rows)])
    content = lines if format_ == "csv" else json.dumps({"names": names, "values": rows})
    if fits:
        assert len(read(content.encode(), format=format_)[0]["variables"]) == count
    else:
        with pytest.raises(columns.ColumnUnfit, match="257 columns are more than 256"):
            read(content.encode(), format=format_)
        assert len(read(content.encode(), format=format_, drop=["v0"])[0]["variables"]) == 256


cells = st.one_of(
    st.floats().map(str), st.integers().map(str), st.sampled_from(["", "NA", "-", "1_0", "0x1", "1e999", "x", "\u0661"])
)


@settings(max_examples=60, deadline=None)
@given(
    header=st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\n\r"), max_size=8), max_size=4),
    rows=st.lists(st.lists(cells, max_size=5), max_size=6),
    constant=st.sampled_from(["keep", "drop", "refuse"]),
)
def test_a_bad_file_is_read_or_told_by_line_and_column(header: list[str], rows: list[list[str]], constant: str) -> None:
    """Whatever is accepted is as many numbers, finite or missing, as there are rows; nothing crashes."""
    content = "\n".join(",".join(line) for line in [header, *rows]).encode()
    try:
        report, recorder = read(content, constant=constant)
    except (PenstockError, ValidationError):
        return
    table = pa.ipc.open_stream(recorder.artifacts["series.arrow"][0]).read_all() if report["windows"] else None
    if table is not None:
        values = np.array([table[name].to_numpy() for name in report["variables"]])
        assert values.shape == (len(report["variables"]), report["rows"])
        assert not np.isinf(values).any()
        assert [int(np.isnan(one).sum()) for one in values] == [one["missing"] for one in report["columns"]]
