"""Measurements and prices over HTTP: what cannot be meant is refused by its place, with the unit suspected."""

import csv
import io
from datetime import timedelta
from typing import Any

import pytest

from tests.integration.web.conftest import KeyClient
from tests.integration.web.stations import NOW, PLANT, QUARTER, pointers, readings, set_clock


@pytest.mark.parametrize(
    ("changes", "pointer", "words"),
    [
        ({"level_m": 220.0}, "/readings/1/level_m", "suspected unit: cm"),
        ({"level_m": 20.0}, "/readings/1/level_m", "above the basin's top"),
        ({"level_m": -0.5}, "/readings/1/level_m", "below the bottom"),
        ({"inflow_m3_per_h": -1.0}, "/readings/1/inflow_m3_per_h", "Negative flow"),
        ({"inflow_m3_per_h": 120_000.0}, "/readings/1/inflow_m3_per_h", "suspected unit: m3/day"),
        ({"outflow_m3_per_h": 1.2}, "/readings/1/outflow_m3_per_h", "suspected unit: m3/s"),
        ({"pumps": {"9.9": {"on": True}}}, "/readings/1/pumps/9.9", "no pump of that name"),
        ({"time": (NOW - QUARTER).isoformat()}, "/readings/1/time", "Duplicate"),
        ({"time": (NOW + QUARTER).isoformat()}, "/readings/1/time", "lies ahead"),
        ({"time": "2025-03-05T06:00:00"}, "/readings/1/time", "RFC 3339"),
        ({"colour": "red"}, "/readings/1/colour", "Unknown field"),
    ],
)
def test_a_measurement_that_cannot_be_meant_is_refused_and_none_is_kept(
    client: KeyClient, changes: dict[str, Any], pointer: str, words: str
) -> None:
    set_clock(client, NOW)
    sent = readings(quarters=2)
    sent[1].update(changes)
    answer = client.post(f"{PLANT}/state", json={"readings": sent})
    assert answer.status_code == 422, answer.text
    (error,) = answer.get_json()["errors"]
    assert error["pointer"] == pointer
    assert words in error["detail"]
    assert client.get(f"{PLANT}/state").get_json()["state"] is None


@pytest.mark.parametrize(("factor", "words"), [(0.25, "4 times off"), (4.0, "4 times off"), (0.01, "100 times off")])
def test_inflow_that_does_not_balance_is_refused_with_the_unit_suspected(
    client: KeyClient, factor: float, words: str
) -> None:
    set_clock(client, NOW)
    sent = [{**one, "inflow_m3_per_h": one["inflow_m3_per_h"] * factor} for one in readings(quarters=20)]
    answer = client.post(f"{PLANT}/state", json={"readings": [*sent[:8], *sent[9:]]})
    assert (answer.status_code, pointers(answer)) == (422, ["/readings/0/inflow_m3_per_h"])
    assert words in answer.get_json()["detail"]
    assert client.post(f"{PLANT}/state", json={"readings": sent[:8]}).status_code == 202


@pytest.mark.parametrize(
    ("sent", "pointer"),
    [
        ([{"time": NOW.isoformat(), "eur_per_mwh": 9_000}], "/prices/0/eur_per_mwh"),
        ([{"time": (NOW + QUARTER * i).isoformat(), "eur_per_mwh": 0.09} for i in range(8)], "/prices/0/eur_per_mwh"),
        ([{"time": (NOW + timedelta(minutes=1)).isoformat(), "eur_per_mwh": 9}], "/prices/0/time"),
        ([{"time": NOW.isoformat(), "eur_per_mwh": 9}] * 2, "/prices/1/time"),
        ([], "/prices"),
    ],
)
def test_a_price_that_cannot_be_meant_is_refused(client: KeyClient, sent: list[Any], pointer: str) -> None:
    assert pointers(client.put(f"{PLANT}/prices", json={"prices": sent})) == [pointer]


def as_csv(rows: list[dict[str, str]]) -> bytes:
    stream = io.StringIO()
    writer = csv.DictWriter(stream, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return stream.getvalue().encode()


def test_measurements_come_as_csv_in_the_stations_own_time(client: KeyClient) -> None:
    client.patch(PLANT, json={"timezone": "Europe/Helsinki"})
    set_clock(client, NOW)
    row = {"time": "2025-03-05 07:45:00", "level_m": "-0.02", "inflow_m3_per_15min": "1000", "pump_1.1_power_kw": "188"}
    answer = client.post(f"{PLANT}/state", data=as_csv([row]), content_type="text/csv")
    assert answer.status_code == 202, answer.text
    state = client.get(f"{PLANT}/state").get_json()["state"]
    assert (state["time"], state["level_m"]) == ("2025-03-05T05:45:00.000000Z", 0.0)
    assert (state["inflow_m3_per_h"], state["power_kw"]) == (4000.0, 188.0)
    assert state["pumps"]["1.1"]["on"] is True


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"time": "2025-10-26 03:30:00"}, "clock change"),
        ({"time": "2025-03-30 03:30:00"}, "clock change"),
        ({"time": "soon"}, "Not an ISO 8601 time"),
        ({"level_m": "high"}, "Not a number"),
        ({"level_m": ""}, "Missing"),
    ],
)
def test_a_bad_line_of_csv_is_refused(client: KeyClient, changes: dict[str, str], words: str) -> None:
    client.patch(PLANT, json={"timezone": "Europe/Helsinki"})
    row = {"time": "2025-03-05 07:45:00", "level_m": "2.2", **changes}
    answer = client.post(f"{PLANT}/state", data=as_csv([row]), content_type="text/csv")
    assert answer.status_code == 422, answer.text
    assert words in answer.get_json()["detail"]
