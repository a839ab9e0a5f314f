"""Forecasts: exact on what repeats, better than their yardstick on recorded days, honest about the rest."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from core.jobs.context import JobContext
from core.workloads.pumping import forecast, kinds, recording, scenario
from core.workloads.pumping.forecasting import base, selection
from core.workloads.pumping.forecasting.conformal import bands, past_errors

Attempt = Callable[..., JobContext]
RECORDED = Path(__file__).parents[5] / "shared" / "data" / "pumping" / "tunnel_days_01_10.csv"
DAY = 96
each_model = pytest.mark.parametrize("model", base.models().values(), ids=lambda model: model.name)


def a_day_of(period: int = DAY) -> Any:
    return 4000.0 + 1500.0 * np.sin(2 * np.pi * np.arange(period) / period)


def loaded(**params: Any) -> dict[str, Any]:
    result: Any = kinds.FORECAST.params().load(params)
    return dict(result)


@each_model
def test_a_day_that_repeats_goes_on_repeating(model: base.Model) -> None:
    day = a_day_of()
    said = model.forecast(np.tile(day, 6), DAY, DAY)
    assert np.abs(said - day).max() < 0.05 * day.mean()


@each_model
def test_a_constant_stays_what_it_is_over_three_days(model: base.Model) -> None:
    assert model.forecast(np.full(5 * DAY, 321.0), 3 * DAY, DAY) == pytest.approx(321.0)


def test_a_storm_fades_towards_the_mean_day() -> None:
    history = np.tile(a_day_of(), 6)
    history[-8:] += 6000.0
    said = base.models()["profile"].forecast(history, 3 * DAY, DAY)
    above = said - np.tile(a_day_of(), 3)
    assert 4500.0 < above[0] < 6500.0
    assert above[DAY] < 0.7 * above[0]
    assert above[-1] < 0.3 * above[0]


def test_the_model_that_missed_least_is_chosen_when_it_is_clearly_better() -> None:
    """Given days that repeat to the last bit but are all spikes, only the naive model follows them."""
    day = np.where(np.arange(DAY) % 2 == 0, 9000.0, 100.0)
    chosen, scores = selection.choose(np.tile(day, 8), DAY, DAY)
    assert chosen.name == "seasonal_naive"
    assert scores[0].nmae == pytest.approx(0.0, abs=1e-12)


def test_bands_of_independent_noise_cover_what_they_say() -> None:
    """Given eight days of noise around a known day, an 80 % band holds 80 % of the ninth's values, seed by seed."""
    inside = []
    for seed in range(12):
        rng = np.random.default_rng(seed)
        series = np.tile(a_day_of(), 9) + rng.normal(0.0, 300.0, 9 * DAY)
        model = base.models()["profile"]
        said = model.forecast(series[: 8 * DAY], DAY, DAY)
        moved = bands(past_errors(model, series[: 8 * DAY], DAY, DAY), [0.1, 0.9], 8 * DAY)
        assert moved is not None
        truth = series[8 * DAY :]
        inside.append(np.mean((truth >= said + moved[0]) & (truth <= said + moved[1])))
    assert 0.77 < np.mean(inside) < 0.86


def test_nothing_recorded_after_the_origin_is_used() -> None:
    day = a_day_of()
    history = list(np.tile(day, 5))
    changed = history[: 4 * DAY] + [1e4] * DAY
    said, again = (forecast.ahead(values, DAY, [0.1, 0.5, 0.9], now=4 * DAY) for values in (history, changed))
    assert np.array_equal(said.values, again.values)
    assert np.array_equal(said.quantiles, again.quantiles)


def test_stale_data_are_said_and_forecast_across() -> None:
    """Given a sensor that fell silent six hours ago, the missing hours are forecast, too."""
    day = a_day_of()
    history: list[float | None] = [*np.tile(day, 5)[:-24], *[None] * 24]
    said = forecast.ahead(history, DAY, [0.5], now=5 * DAY)
    assert said.stale_steps == 24
    assert np.abs(said.values - day).max() < 0.05 * day.mean()


def test_a_gap_in_the_past_is_filled_from_the_days_around() -> None:
    day = a_day_of()
    history: list[float | None] = list(np.tile(day, 5))
    history[3 * DAY : 3 * DAY + 40] = [None] * 40
    assert np.abs(forecast.ahead(history, DAY, [0.5], now=5 * DAY).values - day).max() < 0.05 * day.mean()


def test_an_hour_of_history_is_enough_for_a_fallback_that_says_so(attempt: Attempt) -> None:
    rows = scenario.recorded_rows(scenario.EPOCH, 4, 1)
    result = forecast.compute(loaded(series={"rows": rows}), attempt())
    assert result["fallback"]
    assert result["model"] == "seasonal_naive"
    assert kinds.FORECAST.result().validate(json.loads(json.dumps(result))) == {}


def test_without_any_history_it_is_refused(attempt: Attempt) -> None:
    rows = [{"time": "2025-03-03T00:00:00", "inflow_m3_per_15min": None}]
    with pytest.raises(recording.SeriesInvalid, match="no history"):
        forecast.compute(loaded(series={"rows": rows}), attempt())


def test_published_prices_are_kept_and_only_the_rest_is_forecast(attempt: Attempt) -> None:
    rows = scenario.recorded_rows(scenario.EPOCH, 3 * DAY, 1)
    for row in rows[2 * DAY + 40 :]:
        del row["price_normal_cent_per_kwh"]
    start = (scenario.EPOCH + timedelta(days=2)).isoformat()
    result = forecast.compute(loaded(series={"rows": rows}, start=start, horizon_h=24), attempt())
    known = scenario.price_eur_per_mwh((scenario.EPOCH + timedelta(days=2)).date(), 1)
    told = result["price"]["rows"]
    assert [row["published"] for row in told] == [True] * 40 + [False] * 56
    assert [row["eur_per_mwh"] for row in told[:40]] == pytest.approx(known[:40], abs=1e-3)
    assert all(row["quantiles"]["0.1"] <= row["quantiles"]["0.9"] for row in told[40:])


@pytest.mark.parametrize(("horizon_h", "fine"), [(0.25, True), (72, True), (0.2, False), (72.1, False)])
def test_the_horizon_has_limits(horizon_h: float, *, fine: bool) -> None:
    params = {**kinds.FORECAST.example, "horizon_h": horizon_h}
    assert (kinds.FORECAST.params().validate(params) == {}) is fine


@pytest.fixture(scope="module")
def recorded() -> recording.Recording:
    if not RECORDED.is_file():
        pytest.skip(f"no recorded days at {RECORDED}")
    with RECORDED.open(newline="", encoding="utf-8") as stream:
        return recording.read_csv(stream)


def test_on_recorded_days_it_keeps_within_the_promised_error_and_band(recorded: recording.Recording) -> None:
    """Origins every four hours. These days were in sight when the weights were chosen; the next test has others."""
    error = total = 0.0
    inside, naive = [], 0.0
    for origin in range(3 * DAY, 9 * DAY + 1, 16):
        said = forecast.ahead(recorded.inflow, DAY, [0.1, 0.5, 0.9], now=origin)
        truth = np.array(recorded.inflow[origin : origin + DAY], dtype=float)
        before = np.array(recorded.inflow[origin - DAY : origin], dtype=float)
        error, total = error + np.abs(said.values - truth).sum(), total + truth.sum()
        naive += np.abs(before - truth).sum()
        inside.append(np.mean((truth >= said.quantiles[0]) & (truth <= said.quantiles[2])))
    assert error / total < 0.17
    assert error < 0.75 * naive
    assert 0.77 < np.mean(inside) < 0.83


def test_on_a_scenario_never_looked_at_it_beats_its_yardstick_and_the_band_holds() -> None:
    """Three generated weeks with a storm each, from another seed than anything was chosen on."""
    series = np.array(scenario.params(scenario.EPOCH, 21 * DAY, 3)["inflow_m3_per_h"])
    error, naive, inside = 0.0, 0.0, []
    for origin in range(5 * DAY, 20 * DAY + 1, DAY + 12):
        said = forecast.ahead(list(series[:origin]), DAY, [0.1, 0.9], now=origin)
        truth = series[origin : origin + DAY]
        error += np.abs(said.values - truth).sum()
        naive += np.abs(series[origin - DAY : origin] - truth).sum()
        inside.append(np.mean((truth >= said.quantiles[0]) & (truth <= said.quantiles[1])))
    assert error < naive
    assert 0.74 < np.mean(inside) < 0.92


def test_the_scenarios_days_are_told_dry_or_wet() -> None:
    times = [datetime(2025, 3, 3) + timedelta(minutes=15 * step) for step in range(2 * DAY)]  # noqa: DTZ001 - plant time
    inflow = np.concatenate([np.full(DAY, 4000.0), np.full(DAY, 7000.0)])
    told = forecast.days(times, inflow, 110_000.0)
    assert [(day["dry"], day["inflow_m3"]) for day in told] == [(True, 96_000.0), (False, 168_000.0)]
