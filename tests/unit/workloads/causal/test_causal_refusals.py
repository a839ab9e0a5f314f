"""What cannot be looked at is refused, with the variable or field at fault by name."""

import io
import json
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from marshmallow import ValidationError
from pyarrow import csv, ipc, parquet

from core.jobs.context import MemoryRecorder
from core.workloads.causal import discovery, kinds, tables
from core.workloads.causal.params import DiscoverParams
from core.workloads.causal.series import SeriesUnfit
from tests.unit.workloads.causal.windows import NAMES, context, discover, simulate


def problem_of(values: Any, **params: Any) -> tuple[str, str]:
    with pytest.raises(SeriesUnfit) as caught:
        discover(values, NAMES, **params)
    (field,) = caught.value.errors
    assert field.detail == caught.value.detail
    return field.pointer, field.detail


def messages_of(params: dict[str, Any]) -> Any:
    with pytest.raises(ValidationError) as caught:
        DiscoverParams().load(params)
    return caught.value.messages


def test_a_collinear_variable_is_named_with_those_that_give_it() -> None:
    values = simulate(200, 1)
    values[:, 3] = values[:, 0] - 2 * values[:, 2]
    pointer, detail = problem_of(values)
    assert pointer == "/params/series/values"
    assert "collinear" in detail
    assert sum(repr(name) in detail for name in "acd") == 3
    assert "'b'" not in detail


def test_nearly_collinear_is_still_looked_at() -> None:
    values = simulate(200, 1)
    values[:, 3] = values[:, 0] + 1e-3 * values[:, 3]
    assert discover(values, NAMES)["edges"]


@pytest.mark.parametrize(("rows", "max_lag", "fits"), [(47, 3, True), (26, 3, False), (27, 3, True)])
def test_too_few_rows_are_refused_with_how_many_are_needed(rows: int, max_lag: int, *, fits: bool) -> None:
    if fits:
        assert discover(simulate(rows, 1), NAMES, max_lag=max_lag)["diagnostics"]["rows"] == rows
        return
    assert problem_of(simulate(rows, 1), max_lag=max_lag) == (
        "/params/max_lag",
        "26 rows are too few for lags up to 3: 27 are needed.",
    )


def test_too_many_candidates_are_refused() -> None:
    values = simulate(100, 1)
    assert discover(values, NAMES, max_lag=2, max_candidates=24)["edges"]
    pointer, detail = problem_of(values, max_lag=2, max_candidates=23)
    assert pointer == "/params/max_candidates"
    assert "24 candidates, 23 are allowed" in detail


def test_trajectories_have_to_add_up_and_be_longer_than_the_lags() -> None:
    assert problem_of(simulate(100, 1), trajectories=[50, 49])[0] == "/params/trajectories"
    assert problem_of(simulate(100, 1), trajectories=[97, 3], max_lag=3)[0] == "/params/trajectories"


def test_a_variable_that_is_mostly_missing_is_named() -> None:
    values = simulate(100, 1)
    values[:51, 1] = np.nan
    assert "'b'" in problem_of(values)[1]


def test_a_constraint_on_a_strange_name_is_refused() -> None:
    constraints = {"forbidden": [{"source": "a", "target": "nobody"}]}
    assert problem_of(simulate(100, 1), constraints=constraints)[0] == "/params/constraints/forbidden/0/target"


ROWS = [[float(i), float(i * i % 7)] for i in range(30)]


@pytest.mark.parametrize(
    ("series", "place", "word"),
    [
        ({"names": ["a", "a"], "values": ROWS}, ["names"], "'a'"),
        ({"names": ["a"], "values": [[1.0]] * 30}, ["names"], "two variables"),
        ({"names": ["a", "b"], "values": [[1.0, 2.0]] * 30}, ["values"], "'a' is always 1.0"),
        ({"names": ["a", "b"], "values": [[row[0], None] for row in ROWS]}, ["values"], "'b' is missing everywhere"),
        ({"names": ["a", "b"], "values": [*ROWS, [1.0]]}, ["values", 30], "1 values for 2 names"),
        ({"names": ["a", "b"], "values": ROWS[:19]}, ["values"], "19 rows; at least 20"),
        ({"names": ["a", "b"], "values": [*ROWS, ["red", 1.0]]}, ["values", 30, 0], "'red' is text"),
        ({"names": ["a", "b"], "values": [*ROWS, [float("inf"), 1.0]]}, ["values", 30, 0], "finite"),
        ({"names": ["a", "b"], "values": [*ROWS, [True, 1.0]]}, ["values", 30, 0], "Not a number"),
        ({"domain_id": "d", "first": 3, "last": 2}, ["last"], "before"),
        ({"names": ["a", "b"], "artifact": "x"}, ["_schema"], "Give names and values"),
    ],
)
def test_bad_series_are_refused_at_submission(series: dict[str, Any], place: list[Any], word: str) -> None:
    found = messages_of({"series": series})["series"]
    for step in place:
        found = found[step]
    assert word in found[0]


@pytest.mark.parametrize(
    "wrong",
    [
        {"max_lag": 0},
        {"max_lag": 51},
        {"max_lag": True},
        {"resamples": 49},
        {"resamples": 100_001},
        {"q": 0},
        {"q": 0.51},
        {"stability_threshold": 1.01},
        {"test": "magic"},
        {"preprocess": "some"},
        {"preprocess": {"seasons": [1.9]}},
        {"shards": 65},
        {"seed": -1},
        {"constraints": {"required": [{"source": "a", "target": "a"}]}},
        {"constraints": {"tiers": [["a"], ["a"]]}},
        {"batch": [{"names": ["a", "b"], "values": ROWS}]},
    ],
)
def test_settings_out_of_range_are_refused(wrong: dict[str, Any]) -> None:
    DiscoverParams().load({"series": {"names": ["a", "b"], "values": ROWS}})
    messages_of({"series": {"names": ["a", "b"], "values": ROWS}, **wrong})


def written(table: Any, how: str) -> bytes:
    stream = io.BytesIO()
    if how == "csv":
        csv.write_csv(table, stream)
    elif how == "parquet":
        parquet.write_table(table, stream)
    elif how == "json":
        return json.dumps(table.to_pylist()).encode()
    elif how == "npz":
        np.savez(stream, names=np.array(table.column_names), values=np.column_stack([c.to_numpy() for c in table]))
    else:
        maker = ipc.new_file if how == "arrow file" else ipc.new_stream
        with maker(stream, table.schema) as sink:
            sink.write_table(table)
    return stream.getvalue()


@pytest.mark.parametrize("how", ["csv", "parquet", "json", "npz", "arrow file", "arrow stream"])
def test_artifacts_of_each_format_give_the_same_series(how: str) -> None:
    table = pa.table({"a": [1.0, 2.5, 3.0], "b": [4, 5, 6]})
    names, values = tables.read(written(table, how))
    assert names == ("a", "b")
    assert values.tolist() == [[1.0, 4.0], [2.5, 5.0], [3.0, 6.0]]


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"", "empty"),
        (b"a,b\n1,red\n2,blue\n", "'b'"),
        (b"a,b\n1\n", "cannot be read"),
        (b"PAR1 rubbish", "cannot be read"),
        (b'{"names": ["a"]}', "names and values"),
        (b'[{"a": 1, "b": "x"}]', "'b'"),
    ],
)
def test_unreadable_artifacts_are_refused(content: bytes, word: str) -> None:
    with pytest.raises(tables.TableUnreadable, match=word):
        tables.read(content)


def test_an_artifact_is_looked_at_like_any_series() -> None:
    values = simulate(300, 1)
    table = pa.table(dict(zip(NAMES, values.T, strict=True)))
    recorder = MemoryRecorder(inputs={"upload": io.BytesIO(written(table, "parquet"))})
    params = {"series": {"artifact": "upload"}, "plots": False, "resamples": 200}
    found = discovery.compute(kinds.DISCOVER.params().load(params), context(recorder))
    assert found["edges"] == discover(values, NAMES)["edges"]
