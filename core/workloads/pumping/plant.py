"""This file is about a plant as data: geometry, pumps and rules, read from a TOML file or a job's params."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, cast

from core.workloads.pumping.plant_document import PlantDocument


@dataclass(frozen=True, slots=True)
class VolumePiece:
    """One stretch of the volume curve: a polynomial of degree two at most in metres above its start."""

    from_level_m: float
    to_level_m: float
    coefficients: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class PumpKind:
    """Pumps with one curve: polynomials in 1,000 m3/h at the rated frequency, and their calibration."""

    name: str
    rated_hz: float
    run_hz: float
    flow_min_m3_per_h: float
    flow_max_m3_per_h: float
    head_m: tuple[float, ...]
    power_kw: tuple[float, ...]
    wear: float
    power_factor: float
    system_head: float


@dataclass(frozen=True, slots=True)
class Pump:
    """One pump; the measured specific energy only ranks it among its like."""

    name: str
    kind: str
    measured_kwh_per_m3: float


@dataclass(frozen=True, slots=True)
class Rules:
    """The limits of operation; which of them are hard is fixed but for alarm, hold, emptying and flow band."""

    level_min_m: float
    level_max_m: float
    alarm_m: float
    alarm_eur_per_h: float
    outflow_max_m3_per_h: float
    frequency_min_hz: float
    frequency_max_hz: float
    pumps_min: int
    always_one_of: str
    hold_minutes: int
    hold_hard: bool
    empty_below_m: float
    emptying_hard: bool


@dataclass(frozen=True, slots=True)
class Plant:
    """A station: one basin, pumps lifting from it to a constant level, and rules.

    What it pumps leaves the plant, or is the inflow of the station downstream.
    """

    name: str
    title: str
    outlet_level_m: float
    normal_level_m: float
    volume: tuple[VolumePiece, ...]
    pump_kinds: tuple[PumpKind, ...]
    pumps: tuple[Pump, ...]
    rules: Rules
    downstream: "Plant | None" = None
    typical_inflow_m3_per_h: float | None = None

    @property
    def stations(self) -> "tuple[Plant, ...]":
        """Return this station and those that follow on it."""
        return (self, *(self.downstream.stations if self.downstream else ()))

    @property
    def all_pumps(self) -> tuple[Pump, ...]:
        """Return the pumps of all stations."""
        return tuple(pump for station in self.stations for pump in station.pumps)

    def stored_m3(self, level_m: float) -> float:
        """Return the volume at a level, without the arrays of `geometry`: the web loads none."""
        piece = next((piece for piece in reversed(self.volume) if piece.from_level_m <= level_m), self.volume[0])
        above = max(0.0, level_m - piece.from_level_m)
        return sum(factor * above**power for power, factor in enumerate(piece.coefficients))

    def kind(self, name: str) -> PumpKind:
        """Return the pump kind of that name."""
        return next(kind for kind in self.pump_kinds if kind.name == name)


def names() -> list[str]:
    """List the plants that are shipped."""
    folder = resources.files("core.workloads.pumping") / "plants"
    return sorted(entry.name.removesuffix(".toml") for entry in folder.iterdir() if entry.name.endswith(".toml"))


def shipped(name: str) -> dict[str, Any]:
    """Return a shipped plant's document."""
    path = resources.files("core.workloads.pumping") / "plants" / f"{name}.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))


@cache
def load(name: str) -> Plant:
    """Read a shipped plant."""
    return from_document(shipped(name))


def resolve(plant: "str | Mapping[str, Any] | Plant") -> Plant:
    """Return the plant that params mean: a shipped one's name or a whole document."""
    if isinstance(plant, Plant):
        return plant
    return load(plant) if isinstance(plant, str) else from_document(plant)


def from_document(document: Mapping[str, Any]) -> Plant:
    """Build a plant from its document; raises marshmallow's ValidationError naming each wrong field."""
    return _plant(cast("dict[str, Any]", PlantDocument().load(document)))


def _plant(loaded: Mapping[str, Any]) -> Plant:
    return Plant(
        name=loaded["name"],
        title=loaded["title"],
        outlet_level_m=loaded["outlet_level_m"],
        normal_level_m=loaded["normal_level_m"],
        volume=tuple(VolumePiece(**_tuples(piece)) for piece in loaded["volume"]),
        pump_kinds=tuple(PumpKind(**_tuples(kind)) for kind in loaded["pump_kinds"]),
        pumps=tuple(Pump(**pump) for pump in loaded["pumps"]),
        rules=_rules(loaded["rules"]),
        downstream=_plant(loaded["downstream"]) if loaded["downstream"] else None,
        typical_inflow_m3_per_h=loaded["typical_inflow_m3_per_h"],
    )


def _tuples(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {key: tuple(value) if isinstance(value, list) else value for key, value in fields.items()}


def _rules(rules: Mapping[str, Any]) -> Rules:
    return Rules(
        level_min_m=rules["level"]["min_m"],
        level_max_m=rules["level"]["max_m"],
        alarm_m=rules["alarm"]["max_m"],
        alarm_eur_per_h=rules["alarm"]["price_eur_per_h"],
        outflow_max_m3_per_h=rules["outflow"]["max_m3_per_h"],
        frequency_min_hz=rules["frequency"]["min_hz"],
        frequency_max_hz=rules["frequency"]["max_hz"],
        pumps_min=rules["running"]["pumps_min"],
        always_one_of=rules["running"]["always_one_of"],
        hold_minutes=rules["hold"]["minutes"],
        hold_hard=rules["hold"]["hard"],
        empty_below_m=rules["emptying"]["below_m"],
        emptying_hard=rules["emptying"]["hard"],
    )
