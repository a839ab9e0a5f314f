"""A station that lives over HTTP: it follows the schedule, measures, and sends what it measured, as a gateway would.

Its physics are the platform's own `pumping.simulate`; its weather and prices are the generated scenario's.
"""

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from penstock_client import Client, NotFound, PlantHandle

from core.workloads.pumping import scenario

QUARTER = timedelta(minutes=15)
HISTORY_QUARTERS = 2 * scenario.STEPS_A_DAY
PLANNED_WITHIN_S = 20.0
LOOK_EVERY_S = 0.2
FIRST_DAY = 9
_PUBLISHED_AT_H = 14


@dataclass(slots=True)
class Life:
    """One station's life: what its clock shows, and the state that only it knows exactly."""

    client: Client
    plant: PlantHandle
    seed: int
    now: datetime
    state: dict[str, Any]

    def known_prices(self) -> list[dict[str, Any]]:
        """Return what the market has published by now: to midnight, from 14:00 on to the next one."""
        midnight = self.now.replace(hour=0, minute=0)
        until = midnight + timedelta(days=2 if self.now.hour >= _PUBLISHED_AT_H else 1)
        hours = int((until - midnight) / timedelta(hours=1))
        quarters = scenario.params(midnight.replace(tzinfo=None), 4 * hours, self.seed)["price_eur_per_mwh"]
        return [
            {"time": (midnight + timedelta(hours=hour)).isoformat(), "eur_per_mwh": quarters[4 * hour]}
            for hour in range(hours)
        ]

    def inflow(self) -> float:
        """Return what comes in during the quarter-hour that begins now."""
        return float(scenario.params(self.now.replace(tzinfo=None), 1, self.seed)["inflow_m3_per_h"][0])


def live_on(client: Client, plant: str, *, quarters: int, every_s: float, seed: int) -> Iterator[dict[str, Any]]:
    """Live through so many quarter-hours, each in so many seconds; yield a line of each."""
    life = _begin(client, client.plants[plant], seed)
    for _ in range(quarters):
        began = time.monotonic()
        plan = _planned(life)
        reading = _happen(life, plan)
        yield {
            "time": reading["time"],
            "origin": plan["origin"] if plan else "own control",
            "level_m": reading["level_m"],
            "outflow_m3_per_h": round(reading["outflow_m3_per_h"]),
            "power_kw": round(reading["power_kw"]),
            "running": " ".join(name for name, pump in reading["pumps"].items() if pump["on"]),
        }
        time.sleep(max(0.0, every_s - (time.monotonic() - began)))


def _begin(client: Client, plant: PlantHandle, seed: int) -> Life:
    start = scenario.EPOCH.replace(tzinfo=UTC) + timedelta(days=FIRST_DAY)
    life = Life(client, plant, seed, start, scenario.initial_state())
    first = start - HISTORY_QUARTERS * QUARTER
    flows = scenario.params(first.replace(tzinfo=None), HISTORY_QUARTERS, seed)["inflow_m3_per_h"]
    pumps = {name: {"on": pump["on"]} for name, pump in life.state["pumps"].items()}
    history = [
        {"time": (first + QUARTER * (number + 1)).isoformat(), "level_m": life.state["level_m"], "pumps": pumps}
        | {"inflow_m3_per_h": flow, "outflow_m3_per_h": flow}
        for number, flow in enumerate(flows)
    ]
    plant.change(clock={"plant_at": start.isoformat(), "rate": 0})
    plant.put_prices(life.known_prices())
    plant.send_readings(history)
    return life


def _planned(life: Life) -> dict[str, Any] | None:
    """Wait for the plan of the present quarter-hour; that before it, or none, if it does not come in time."""
    give_up_at = time.monotonic() + PLANNED_WITHIN_S
    while True:
        try:
            plan = life.plant.schedule()
        except NotFound:
            plan = None
        fresh = plan is not None and datetime.fromisoformat(plan["slot"]) == life.now
        if fresh or time.monotonic() > give_up_at:
            return plan if plan is not None and plan["in_force"] else None
        time.sleep(LOOK_EVERY_S)


def _happen(life: Life, plan: Mapping[str, Any] | None) -> dict[str, Any]:
    """Let a quarter of an hour pass under the plan, move the clock, and send what was measured."""
    before = life.state["pumps"]
    row = _row_of(plan, life.now) if plan is not None else None
    hz = row["pumps"] if row else {name: 49.0 if pump["on"] else 0.0 for name, pump in before.items()}
    result = life.client.submit(
        "pumping.simulate",
        {
            "plant": life.plant.name,
            "start": life.now.isoformat(),
            "state": life.state,
            "inflow_m3_per_h": [life.inflow()],
            "price_eur_per_mwh": [50.0],
            "plan": {name: [value] for name, value in hz.items()},
        },
        priority=9,
    ).result(60.0)
    (step,) = result["schedule"]
    life.now += QUARTER
    life.state = {"level_m": max(0.0, step["level_m"]), "pumps": _switched(before, step["pumps"])}
    reading = {
        "time": life.now.isoformat(),
        **{name: step[name] for name in ("level_m", "inflow_m3_per_h", "outflow_m3_per_h", "power_kw")},
        "pumps": {name: {"on": value > 0, "hz": value} for name, value in step["pumps"].items()},
    }
    life.plant.change(clock={"plant_at": life.now.isoformat(), "rate": 0})
    if life.now.hour == _PUBLISHED_AT_H and not life.now.minute:
        life.plant.put_prices(life.known_prices())
    life.plant.send_readings([reading])
    return reading


def _row_of(plan: Mapping[str, Any], now: datetime) -> Mapping[str, Any] | None:
    return next((row for row in plan["schedule"] if datetime.fromisoformat(row["time"]) == now), None)


def _switched(before: Mapping[str, Any], hz: Mapping[str, float]) -> dict[str, Any]:
    minutes = QUARTER.total_seconds() / 60
    return {
        name: {
            "on": value > 0,
            "minutes_since_switch": minutes
            + (before[name]["minutes_since_switch"] if name in before and before[name]["on"] == (value > 0) else 0.0),
        }
        for name, value in hz.items()
    }
