"""Frames: what goes in comes out, and what cannot be one series is not made one."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pytest

from core.platform.domains.frames import FramesUnlike, SpanEmpty, decode, encode, join


@dataclass
class Window:
    index: int
    content: bytes
    continues: bool = False


def window(index: int, *names: str, rows: int = 3, continues: bool = False) -> Window:
    return Window(index, encode(names, np.full((len(names), rows), float(index)), {}), continues)


def test_values_gaps_and_words_come_back() -> None:
    columns = np.array([[0.1, np.nan, 3.0], [0.0, 1.0, 0.0]])
    frame = decode(encode(["x", "y"], columns, {"y": ["no", "yes"]}))
    assert frame.names == ["x", "y"]
    assert frame.categories == {"y": ["no", "yes"]}
    np.testing.assert_array_equal(frame.values, columns.T)


def test_anybody_with_arrow_reads_it() -> None:
    table = pa.ipc.open_stream(encode(["x"], np.array([[1.5, 2.5]]), {})).read_all()
    assert table.to_pydict() == {"x": [1.5, 2.5]}


def test_whole_numbers_are_compressed_and_doubles_are_not() -> None:
    rng = np.random.default_rng(1)
    assert len(encode(["x"], rng.integers(0, 9, (1, 8000)).astype(float), {})) < 16_000
    assert len(encode(["x"], rng.normal(size=(1, 8000)), {})) > 64_000


def test_trajectories_end_where_time_is_broken() -> None:
    series = join([window(4, "x"), window(5, "x", continues=True), window(7, "x", continues=True), window(8, "x")])
    assert series.trajectories == [6, 3, 3]
    assert series.values[:, 0].tolist() == [4] * 3 + [5] * 3 + [7] * 3 + [8] * 3


def test_other_variables_and_empty_spans_are_refused() -> None:
    with pytest.raises(FramesUnlike, match="window 1"):
        join([window(0, "x"), window(1, "x", "y")])
    with pytest.raises(SpanEmpty):
        join([])
