"""Recorded operation is read strictly: every fault is told by row and column, wrong units by the one suspected."""

from typing import Any

import pytest

from core.workloads.pumping import kinds, recording, scenario
from core.workloads.pumping.recording import SeriesInvalid, filled, read_csv, read_rows


def rows(count: int = 12) -> list[dict[str, Any]]:
    made = scenario.recorded_rows(scenario.EPOCH, count, 1)
    volume = 20_000.0
    for row in made:
        outflow = 4200.0
        volume += row["inflow_m3_per_15min"] - outflow / 4
        row.update(outflow_m3_per_h=outflow, volume_m3=volume, level_m=3.2)
    return made


def fault(made: list[dict[str, Any]]) -> tuple[str, str]:
    with pytest.raises(SeriesInvalid) as caught:
        read_rows(made)
    (error,) = caught.value.errors
    return error.pointer, error.detail


def changed(place: int, **cells: Any) -> list[dict[str, Any]]:
    made = rows()
    made[place].update(cells)
    return made


def test_rows_are_read_into_units_of_their_own() -> None:
    read = read_rows(rows())
    assert read.steps == 12
    assert read.inflow[0] == pytest.approx(rows()[0]["inflow_m3_per_15min"] * 4)
    assert read.price["normal"][0] == pytest.approx(rows()[0]["price_normal_cent_per_kwh"] * 10)


@pytest.mark.parametrize(
    ("place", "cells", "pointer", "words"),
    [
        (3, {"time": "2025-03-03T00:30:00"}, "/series/rows/3/time", "Duplicate of row 2"),
        (6, {"time": "2025-03-03T00:30:00"}, "/series/rows/6/time", "clock change"),
        (3, {"time": "2025-03-03T00:50:00"}, "/series/rows/3/time", "not a whole number of 15 minutes"),
        (3, {"time": "2025-03-02T00:45:00"}, "/series/rows/3/time", "after a later time"),
        (3, {"time": "yesterday"}, "/series/rows/3/time", "Not an ISO 8601 time"),
        (3, {"time": "2025-03-03T00:45:00+02:00"}, "/series/rows/3/time", "UTC offset"),
        (4, {"inflow_m3_per_15min": -1.0}, "/series/rows/4/inflow_m3_per_15min", "Negative inflow"),
        (4, {"inflow_m3_per_15min": "much"}, "/series/rows/4/inflow_m3_per_15min", "Not a number"),
        (4, {"inflow_m3_per_15min": float("nan")}, "/series/rows/4/inflow_m3_per_15min", "Not a number"),
        (4, {"level_m": 320.0}, "/series/level_m", "suspected unit: cm"),
        (4, {"level_m": -0.2}, "/series/level_m", "below the bottom"),
    ],
)
def test_a_bad_cell_is_refused_by_its_place(place: int, cells: dict[str, Any], pointer: str, words: str) -> None:
    where, what = fault(changed(place, **cells))
    assert where == pointer
    assert words in what


@pytest.mark.parametrize(
    ("factor", "unit"), [(4.0, "m3/h"), (0.25, "m3 per 15 minutes"), (100.0, "100 times"), (0.01, "100 times")]
)
def test_inflow_in_another_unit_does_not_balance(factor: float, unit: str) -> None:
    made = rows()
    for row in made:
        row["inflow_m3_per_15min"] *= factor
    where, what = fault(made)
    assert where == "/series/inflow_m3_per_15min"
    assert unit in what


@pytest.mark.parametrize(("factor", "unit"), [(10.0 * 50, "EUR/MWh"), (0.01, "EUR/kWh")])
def test_prices_in_another_unit_are_suspected(factor: float, unit: str) -> None:
    made = rows()
    for row in made:
        row["price_normal_cent_per_kwh"] *= factor
    where, what = fault(made)
    assert where == "/series/price_normal_cent_per_kwh"
    assert unit in what


def test_an_hour_missing_is_filled_and_more_is_refused() -> None:
    made = rows(16)
    short = read_rows(made[:4] + made[8:])
    assert short.inflow[4:8] == [None] * 4
    before, after = short.inflow[3], short.inflow[8]
    assert before is not None
    assert after is not None
    assert filled(short, "inflow", short.inflow)[4] == pytest.approx(before + (after - before) / 5)
    long = read_rows(made[:4] + made[9:])
    with pytest.raises(SeriesInvalid, match=r"A gap of 1\.25 h at 2025-03-03T01:00:00"):
        filled(long, "inflow", long.inflow)


def test_a_file_that_is_no_table_is_refused() -> None:
    with pytest.raises(SeriesInvalid, match="column `time`"):
        read_csv(["a,b\n", "1,2\n"])
    with pytest.raises(SeriesInvalid, match="No rows"):
        read_csv(["time,inflow_m3_per_15min\n"])
    with pytest.raises(SeriesInvalid, match="column is missing"):
        read_csv(["time,level_m\n", "2025-03-03T00:00:00,1\n"])


def test_bad_rows_are_refused_at_submission_by_pointer() -> None:
    messages: Any = kinds.FORECAST.params().validate({"series": {"rows": changed(4, inflow_m3_per_15min=-1.0)}})
    assert list(messages["series"]["rows"]["4"]) == ["inflow_m3_per_15min"]


@pytest.mark.parametrize("series", [3, {}, {"rows": 3}, {"rows": [3]}, {"artifact": 3}, {"rows": [], "artifact": "x"}])
def test_what_names_no_series_is_refused(series: Any) -> None:
    assert "series" in kinds.FORECAST.params().validate({"series": series})


def test_the_longest_series_is_bounded() -> None:
    with pytest.raises(SeriesInvalid, match="at most"):
        read_rows([{}] * (recording.MOST_ROWS + 1))
