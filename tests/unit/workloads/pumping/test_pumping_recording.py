"""Recorded operation is read strictly: every fault is told by row and column, wrong units by the one suspected."""

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from core.workloads.pumping import kinds, plant, recording, scenario
from core.workloads.pumping.plausibility import inflow_fault
from core.workloads.pumping.recording import SeriesInvalid, filled, read_csv, read_rows

RECORDED = Path(__file__).parents[5] / "shared" / "data" / "pumping" / "tunnel_days_01_10.csv"


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


def asked(inflow: Sequence[float], column: str = "inflow_m3_per_15min", **params: Any) -> dict[str, Any]:
    """Return what a forecast from a bare series of an inflow in m3/h is refused for, if for anything."""
    scale = 0.25 if column == "inflow_m3_per_15min" else 1.0
    at = [(scenario.EPOCH + timedelta(minutes=15 * number)).isoformat() for number in range(len(inflow))]
    made = [{"time": time, column: value * scale} for time, value in zip(at, inflow, strict=True)]
    return dict(kinds.FORECAST.params().validate({"series": {"rows": made}, **params}))


def days(count: int, mean: float = 1.0) -> list[float]:
    """Return dry days whose mean is so many ordinary ones'."""
    day = scenario.inflow_m3_per_h(scenario.EPOCH.date(), 1)
    return [value * mean * 4050.0 / (sum(day) / len(day)) for value in day] * count


@pytest.mark.parametrize("column", ["inflow_m3_per_15min", "inflow_m3_per_h"])
@pytest.mark.parametrize(
    ("factor", "unit"),
    [(4.0, "factor 4"), (0.25, "4 times off"), (100.0, "m3/day"), (0.01, "m3/s"), (0.049, "100 times")],
)
def test_a_bare_series_in_another_unit_is_told_by_its_plants_ordinary_day(
    column: str, factor: float, unit: str
) -> None:
    (detail,) = asked(days(3, factor), column)["series"][column]
    assert unit in detail


@pytest.mark.parametrize(
    ("mean", "hours", "refused"),
    [
        *[(0.479, 24, True), (0.481, 24, False), (2.89, 24, False), (2.91, 24, True)],
        *[(8.79, 24, True), (8.81, 24, False), (0.151, 24, True), (0.149, 24, False)],
        *[(0.25, 6, True), (0.25, 5.75, False)],
    ],
)
def test_how_far_off_a_series_may_be(mean: float, hours: float, *, refused: bool) -> None:
    assert bool(asked(days(1, mean)[: round(hours * 4)])) is refused


def test_of_a_plant_unknown_nothing_is_told() -> None:
    assert asked(days(3, 0.25))
    assert asked(days(3, 0.25), plant=None) == {}


@pytest.fixture(scope="module")
def recorded() -> list[float]:
    if not RECORDED.is_file():
        pytest.skip(f"no recorded days at {RECORDED}")
    with RECORDED.open(newline="", encoding="utf-8") as stream:
        return [value or 0.0 for value in read_csv(stream).inflow]


@pytest.mark.parametrize("hours", [6, 12, 24, 72, 240])
def test_recorded_weather_wet_days_among_it_is_no_wrong_unit_and_four_times_it_is(
    recorded: list[float], hours: int
) -> None:
    """Windows each three hours, of rainy days as well; a few are too odd to be told by a factor."""
    tunnel = plant.resolve("tunnel")
    windows = [recorded[first : first + hours * 4] for first in range(0, len(recorded) - hours * 4 + 1, 12)]
    assert not [window for window in windows if inflow_fault(window, tunnel, 15)]
    for factor in (0.25, 4.0):
        told = [inflow_fault([value * factor for value in window], tunnel, 15) is not None for window in windows]
        assert sum(told) / len(told) > {6: 0.8, 12: 0.8, 24: 0.93}.get(hours, 0.999)


def test_a_back_tests_series_is_told_too_and_balances_by_its_level() -> None:
    made = rows(96)
    base = {"series": {"rows": made}}
    assert kinds.BACKTEST.params().validate(base) == {}
    steady = [{**row, "inflow_m3_per_15min": 1050.0 / 4} for row in made]
    for row in steady:
        del row["volume_m3"]
    messages: Any = kinds.BACKTEST.params().validate({"series": {"rows": steady}})
    (detail,) = messages["series"]["inflow_m3_per_15min"]
    assert "4 times off" in detail


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
