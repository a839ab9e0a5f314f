"""A station of as many kinds of pumps as one likes: the tunnel's two, a little worse from kind to kind."""

from typing import Any

from core.workloads.pumping import kinds, plant, scenario
from core.workloads.pumping.problem import Problem, pose


def problem(number: int, steps: int = 96) -> Problem:
    """Return a day of the scenario at a station of so many kinds, two pumps of each."""
    raw = {**scenario.params(scenario.EPOCH, steps, 1), "plant": station(number), "dry": None}
    raw |= {"state": {"level_m": 2.2, "pumps": {"0.0": {"on": True}}}}
    raw |= {"weights": {"start_eur": 2.0, "flow_band": None}}
    loaded: Any = kinds.OPTIMIZE.params().load(raw)
    return pose(loaded)


def station(number: int) -> dict[str, Any]:
    """Return the document of a station of so many kinds, without emptying to keep it plain."""
    tunnel = plant.shipped("tunnel")
    pump_kinds, pumps = [], []
    for position in range(number):
        like = tunnel["pump_kinds"][position % 2]
        worse = {
            "wear": like["wear"] * (1.0 - 0.01 * position),
            "power_factor": like["power_factor"] * (1.0 + 0.015 * position),
        }
        pump_kinds.append({**like, **worse, "name": f"kind {position}"})
        pumps += [
            {"name": f"{position}.{one}", "kind": f"kind {position}", "measured_kwh_per_m3": 0.12} for one in range(2)
        ]
    volume = [{"from_level_m": 0.0, "to_level_m": 10.0, "coefficients": [100.0, 8000.0]}]
    return {**tunnel, "name": "many", "pump_kinds": pump_kinds, "pumps": pumps, "volume": volume}
