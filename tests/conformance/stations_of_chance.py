"""Stations, weather and states drawn by chance, as params of `pumping.optimize`."""

from typing import Any

from hypothesis import strategies as st

from core.workloads.pumping import plant, scenario

NAMES = "abcdef"


@st.composite
def stations(draw: st.DrawFn) -> dict[str, Any]:
    """Return a plant document: other basins, fleets, curves and rules than any that is shipped."""
    tunnel = plant.load("tunnel")
    fleet = draw(st.lists(st.integers(1, 3), min_size=1, max_size=3))
    pump_kinds, pumps = [], []
    for number, size in enumerate(fleet):
        like = tunnel.pump_kinds[draw(st.integers(0, 1))]
        kind = {name: getattr(like, name) for name in like.__dataclass_fields__}
        kind.update(name=f"kind {number}", head_m=list(like.head_m), power_kw=list(like.power_kw))
        kind["wear"] *= draw(st.floats(0.95, 1.05))
        kind["power_factor"] *= draw(st.floats(0.9, 1.2))
        pump_kinds.append(kind)
        pumps += [
            {"name": f"{NAMES[number]}{one}", "kind": kind["name"], "measured_kwh_per_m3": draw(st.floats(0.1, 0.15))}
            for one in range(size)
        ]
    area, bulge = draw(st.floats(400.0, 20_000.0)), draw(st.sampled_from([0.0, 300.0]))
    return {
        "name": "drawn",
        "outlet_level_m": 30.0,
        "normal_level_m": 2.0,
        "volume": [{"from_level_m": 0.0, "to_level_m": 10.0, "coefficients": [100.0, area, bulge]}],
        "pump_kinds": pump_kinds,
        "pumps": pumps,
        "rules": {
            "level": {"hard": True, "min_m": 0.0, "max_m": draw(st.sampled_from([5.0, 8.0]))},
            "alarm": {"hard": False, "max_m": 4.5, "price_eur_per_h": draw(st.sampled_from([0.0, 100.0]))},
            "outflow": {"hard": True, "max_m3_per_h": draw(st.sampled_from([6000.0, 16_000.0]))},
            "frequency": {"hard": True, "min_hz": 47.8, "max_hz": 50.0},
            "running": {"hard": True, "pumps_min": draw(st.integers(0, 2))},
            "hold": {"hard": draw(st.booleans()), "minutes": draw(st.sampled_from([0, 60, 120, 180]))},
            "emptying": {"hard": draw(st.booleans()), "below_m": 0.5},
        },
    }


@st.composite
def requests(draw: st.DrawFn) -> dict[str, Any]:
    """Return a request for a plan of half a day and more, feasible or not."""
    document = draw(stations())
    steps, shape = draw(st.sampled_from([13, 18])), draw(st.integers(1, 50))
    weather = scenario.params(scenario.EPOCH, 96, shape)
    size, dearness = draw(st.floats(0.1, 3.0)), draw(st.sampled_from([1.0, 4.0, -0.5]))
    states = st.fixed_dictionaries(
        {
            "on": st.booleans(),
            "minutes_since_switch": st.sampled_from([0, 30, 90, 600]),
            "available": st.sampled_from([True, True, True, False]),
        }
    )
    names = [pump["name"] for pump in document["pumps"]]
    pumps = {name: draw(states) for name in names}
    pumps[names[0]]["available"] = True
    return {
        "plant": document,
        "start": weather["start"],
        "step_minutes": 60,
        "state": {"level_m": draw(st.floats(0.0, document["rules"]["level"]["max_m"])), "pumps": pumps},
        "inflow_m3_per_h": [max(1.0, round(size * value, 1)) for value in weather["inflow_m3_per_h"][: 4 * steps : 4]],
        "price_eur_per_mwh": [round(dearness * value, 2) for value in weather["price_eur_per_mwh"][: 4 * steps : 4]],
        "dry": draw(st.sampled_from([None, [True] * steps])),
        "weights": {
            "start_eur": draw(st.sampled_from([0.0, 2.0])),
            "smoothness_eur_per_m3_per_h": draw(st.sampled_from([0.0, 0.005])),
            "flow_band": draw(st.sampled_from([None, 1.3, 2.0])),
            "end_volume": draw(st.sampled_from(["fixed", "value"])),
        },
        "effort": "fresh",
    }
