from copy import deepcopy
from datetime import datetime, timedelta
from typing import Any

import pytest
from marshmallow import ValidationError

from core.workloads.pumping import kinds, scenario

SERIES = ("inflow_m3_per_h", "price_eur_per_mwh")


def params(**changes: Any) -> dict[str, Any]:
    return {**deepcopy(dict(kinds.OPTIMIZE.example)), **changes}


def refusal(raw: dict[str, Any]) -> dict[str, Any]:
    with pytest.raises(ValidationError) as caught:
        kinds.OPTIMIZE.params().load(raw)
    messages = caught.value.messages
    assert isinstance(messages, dict)
    return messages


def times(number: int) -> list[str]:
    return [(scenario.EPOCH + timedelta(minutes=15 * i)).isoformat() for i in range(number)]


@pytest.mark.parametrize("kind", [kinds.OPTIMIZE, kinds.SIMULATE], ids=lambda kind: kind.name)
def test_examples_are_valid(kind: Any) -> None:
    kind.params().load(kind.example)


def test_defaults_complete_a_short_request() -> None:
    raw = params()
    del raw["weights"], raw["plant"], raw["dry"], raw["step_minutes"]
    loaded: Any = kinds.OPTIMIZE.params().load(raw)
    assert loaded["weights"]["flow_band"] == 1.6
    assert loaded["plant"] == "tunnel"
    assert loaded["start"] == datetime(2025, 3, 3)  # noqa: DTZ001 - plant time


def test_negative_inflow_names_the_step() -> None:
    inflow = params()["inflow_m3_per_h"]
    inflow[7] = -1.0
    assert refusal(params(inflow_m3_per_h=inflow))["inflow_m3_per_h"] == {7: ["Negative inflow."]}


@pytest.mark.parametrize(
    ("field", "factor", "unit"),
    [
        ("inflow_m3_per_h", 100.0, "m3/day"),
        ("inflow_m3_per_h", 1 / 3600, "m3/s"),
        ("inflow_m3_per_h", 0.01, "m3/s"),
        ("inflow_m3_per_h", 0.25, "4 times off"),
        ("inflow_m3_per_h", 4.0, "factor 4"),
        ("price_eur_per_mwh", 0.001, "EUR/kWh"),
        ("price_eur_per_mwh", 0.01, "EUR/kWh"),
        ("price_eur_per_mwh", 100.0, "cent/MWh"),
    ],
)
def test_wrong_units_are_named(field: str, factor: float, unit: str) -> None:
    scaled = [value * factor for value in params()[field]]
    assert unit in refusal(params(**{field: scaled}))[field][0]


@pytest.mark.parametrize("factor", [0.5, 2.0])
def test_unusual_weather_is_no_wrong_unit(factor: float) -> None:
    kinds.OPTIMIZE.params().load(params(inflow_m3_per_h=[factor * value for value in params()["inflow_m3_per_h"]]))


@pytest.mark.parametrize("level", [900.0, 16_000.0])
def test_a_steady_drought_or_flood_is_no_wrong_unit(level: float) -> None:
    kinds.OPTIMIZE.params().load(params(inflow_m3_per_h=[level] * 96))


@pytest.mark.parametrize(
    ("level_m", "word"), [(220.0, "cm"), (8.01, "Impossible state"), (-0.1, "below the lowest level")]
)
def test_level_out_of_range_is_named(level_m: float, word: str) -> None:
    raw = params()
    raw["state"]["level_m"] = level_m
    assert word in refusal(raw)["state"]["level_m"][0]


def test_levels_at_the_limits_are_taken() -> None:
    for level_m in (0.0, 8.0):
        raw = params()
        raw["state"]["level_m"] = level_m
        kinds.OPTIMIZE.params().load(raw)


def test_missing_prices_are_named() -> None:
    assert "Missing prices" in refusal(params(price_eur_per_mwh=[50.0] * 95))["price_eur_per_mwh"][0]
    assert "Missing prices" in refusal(params(price_eur_per_mwh=[]))["price_eur_per_mwh"][0]
    assert "price_eur_per_mwh" in refusal(params(price_eur_per_mwh=[None] * 96))


@pytest.mark.parametrize("field", ["dry", "recorded"])
def test_length_mismatch_is_named(field: str) -> None:
    series = [1.0] * 96
    value: Any = [True] * 3
    if field == "recorded":
        value = {"power_kw": series, "outflow_m3_per_h": series, "level_m": [1.0]}
    assert field in refusal(params(**{field: value}))


@pytest.mark.parametrize(
    ("position", "replacement", "word"),
    [(5, 4, "Duplicate"), (5, 6, "Gap"), (8, 12, "Clock change")],
    ids=["duplicate", "gap", "clock change"],
)
def test_faulty_times_name_the_step(position: int, replacement: int, word: str) -> None:
    faulty = times(200)
    faulty[position] = faulty[replacement]
    message = refusal(params(times=faulty[:96]))["times"][position][0]
    assert message.startswith(word)


@pytest.mark.parametrize(
    ("steps", "minutes", "fine"), [(288, 15, True), (289, 15, False), (72, 60, True), (73, 60, False)]
)
def test_a_plan_looks_three_days_ahead_at_most(steps: int, minutes: int, *, fine: bool) -> None:
    ahead = scenario.params(scenario.EPOCH, steps, 1) | {"step_minutes": minutes}
    messages = kinds.OPTIMIZE.params().validate(ahead)
    assert messages == {} if fine else "72 h ahead at most" in messages["inflow_m3_per_h"][0]


def test_a_run_may_be_longer_than_a_plan() -> None:
    week = {**kinds.SIMULATE.example, **{key: scenario.params(scenario.EPOCH, 672, 1)[key] for key in SERIES}}
    assert kinds.SIMULATE.params().validate({**week, "plan": {"1.1": [49.0] * 672}}) == {}
    longer = {key: [*week[key], week[key][-1]] for key in SERIES}
    assert set(kinds.SIMULATE.params().validate({**week, **longer, "plan": {}})) == set(SERIES)


def test_sound_times_are_taken() -> None:
    kinds.OPTIMIZE.params().load(params(times=times(96)))


def test_all_pumps_out_of_service_is_refused() -> None:
    raw = params()
    for pump in raw["state"]["pumps"].values():
        pump["available"] = False
    assert refusal(raw)["state"]["pumps"] == ["All pumps are out of service."]


def test_unknown_names_are_refused() -> None:
    raw = params()
    raw["state"]["pumps"]["9.9"] = {"on": True}
    assert refusal(raw)["state"]["pumps"] == {"9.9": ["The plant has no pump of that name."]}
    assert "Unknown plant" in refusal(params(plant="moon"))["plant"][0]
    assert refusal(params(colour="blue")) == {"colour": ["Unknown field."]}


def test_bad_plant_document_names_its_field() -> None:
    assert "volume" in str(refusal(params(plant={"name": "x"}))["plant"])


def test_simulate_refuses_plans_of_other_pumps_and_lengths() -> None:
    for plan in ({"9.9": [49.0] * 16}, {"1.1": [49.0] * 15}):
        with pytest.raises(ValidationError) as caught:
            kinds.SIMULATE.params().load({**kinds.SIMULATE.example, "plan": plan})
        assert list(caught.value.messages) == ["plan"]


def test_prices_near_zero_are_daily_business() -> None:
    raw = params()
    raw["price_eur_per_mwh"] = [float(price % 4 - 1) for price in range(len(raw["price_eur_per_mwh"]))]
    assert kinds.OPTIMIZE.params().load(raw)["price_eur_per_mwh"][:4] == [-1.0, 0.0, 1.0, 2.0]


def test_numbers_written_as_text_are_refused() -> None:
    raw = params()
    raw["price_eur_per_mwh"][3] = "50"
    assert list(refusal(raw)["price_eur_per_mwh"]) == [3]
