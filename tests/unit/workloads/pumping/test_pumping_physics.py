import csv
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.workloads.pumping import geometry, hydraulics, plant

TUNNEL = plant.load("tunnel")
RECORD = Path(__file__).parents[5] / "shared" / "data" / "pumping" / "tunnel_days_01_10.csv"


@pytest.mark.parametrize(
    ("level_m", "volume_m3"),
    [(0.0, 350.0), (0.4, 350.0), (0.5, 375.0), (2.0, 6750.0), (5.9, 75975.0), (8.0, 133725.0), (8.6, 150225.0)],
)
def test_volume_curve_meets_its_published_knots(level_m: float, volume_m3: float) -> None:
    assert float(geometry.volume_m3(TUNNEL, level_m)) == pytest.approx(volume_m3, abs=1e-6)
    assert TUNNEL.stored_m3(level_m) == pytest.approx(volume_m3, abs=1e-6)


@given(st.floats(0.4001, 14.0))
def test_level_is_the_exact_inverse_of_volume(level_m: float) -> None:
    assert float(geometry.level_m(TUNNEL, geometry.volume_m3(TUNNEL, level_m))) == pytest.approx(level_m, abs=1e-7)


def test_less_than_the_sump_reads_as_negative_level() -> None:
    assert float(geometry.level_m(TUNNEL, 350.0)) == pytest.approx(0.4)
    assert float(geometry.level_m(TUNNEL, 349.0)) < 0


def test_fleet_of_large_pumps_meets_measured_duty_points() -> None:
    flow, power = hydraulics.duty_point(TUNNEL, TUNNEL.kind("large"), [0.5, 2.0, 4.0, 6.0, 8.0], 49.0)
    assert flow == pytest.approx([2707, 2960, 3269, 3552, 3814], rel=0.002)
    assert power == pytest.approx([361, 369, 377, 382, 385], rel=0.003)
    assert power / flow == pytest.approx([0.1333, 0.1246, 0.1152, 0.1076, 0.1010], rel=0.002)


def test_affinity_laws_hold_without_friction_and_lift() -> None:
    """With no friction, lift scaled by s^2 scales flow by s and power by s^3."""
    kind = replace(TUNNEL.kind("large"), system_head=0.0)
    speed = 0.97
    lift_m = TUNNEL.outlet_level_m - 2.0
    flow, power = hydraulics.duty_point(TUNNEL, kind, 2.0, 50.0)
    slow_flow, slow_power = hydraulics.duty_point(TUNNEL, kind, TUNNEL.outlet_level_m - lift_m * speed**2, 50.0 * speed)
    assert float(slow_flow) == pytest.approx(float(flow) * speed, rel=1e-9)
    assert float(slow_power) == pytest.approx(float(power) * speed**3, rel=1e-9)


def test_table_agrees_with_duty_points() -> None:
    levels = np.linspace(0.41, 8.0, 997)
    flow, power = hydraulics.tabulate(TUNNEL).at(geometry.volume_m3(TUNNEL, levels))
    for index, kind in enumerate(TUNNEL.pump_kinds):
        exact_flow, exact_power = hydraulics.duty_point(TUNNEL, kind, levels, kind.run_hz)
        assert flow[index] == pytest.approx(exact_flow, rel=1e-6)
        assert power[index] == pytest.approx(exact_power, rel=1e-6)


def test_model_power_is_within_the_stated_error_of_the_record() -> None:
    if not RECORD.exists():
        pytest.skip(f"no recorded operation at {RECORD}")
    kinds = {pump.name: TUNNEL.kind(pump.kind) for pump in TUNNEL.pumps}
    errors = []
    with RECORD.open(newline="", encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    for name, kind in kinds.items():
        steady = [row for row in rows if float(row[f"pump_{name}_frequency_hz"]) > 47.5]
        if not steady:
            continue
        level = [float(row["level_m"]) for row in steady]
        hz = [float(row[f"pump_{name}_frequency_hz"]) for row in steady]
        measured = np.array([float(row[f"pump_{name}_power_kw"]) for row in steady])
        _, power = hydraulics.duty_point(TUNNEL, kind, level, hz)
        errors.append(np.abs(power - measured) / measured)
    assert float(np.concatenate(errors).mean()) <= 0.048
