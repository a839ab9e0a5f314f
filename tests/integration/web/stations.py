"""A station as tests measure and price it: a day and a quarter of the generated scenario, its clock stopped."""

from datetime import UTC, datetime, timedelta
from typing import Any

from core.workloads.pumping import plant, scenario
from tests.integration.web.conftest import KeyClient

PLANT = "/api/v1/plants/tunnel"
NOW = datetime(2025, 3, 5, 6, 0, tzinfo=UTC)
QUARTER = timedelta(minutes=15)


def readings(until: datetime = NOW, quarters: int = 120, *, level_m: float = 2.2) -> list[dict[str, Any]]:
    """A day and a quarter of measurements that end at an instant."""
    first = until - quarters * QUARTER
    inflow = scenario.params(first.replace(tzinfo=None), quarters, 1)["inflow_m3_per_h"]
    return [
        {
            "time": (first + QUARTER * (number + 1)).isoformat(),
            "level_m": level_m,
            "inflow_m3_per_h": flow,
            "outflow_m3_per_h": flow,
            "power_kw": 500.0,
            "pumps": {name: {"on": name in {"1.1", "1.2"}} for name in ("1.1", "1.2", "1.3", "1.4", "2.1", "2.2")},
        }
        for number, flow in enumerate(inflow)
    ]


def prices(since: datetime = NOW - timedelta(hours=6), hours: int = 42) -> list[dict[str, Any]]:
    by_quarter = scenario.params(since.replace(tzinfo=None), hours * 4, 1)["price_eur_per_mwh"]
    return [
        {"time": (since + timedelta(hours=hour)).isoformat(), "eur_per_mwh": by_quarter[4 * hour]}
        for hour in range(hours)
    ]


def set_clock(client: KeyClient, now: datetime) -> None:
    """Stop the station's clock at an instant."""
    answer = client.patch(PLANT, json={"clock": {"plant_at": now.isoformat(), "rate": 0}})
    assert answer.status_code == 200, answer.text


def pointers(answer: Any) -> list[str]:
    return [error["pointer"] for error in answer.get_json()["errors"]]


def tunnel_document() -> dict[str, Any]:
    return plant.shipped("tunnel")
