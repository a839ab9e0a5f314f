"""This file is about what the loop knows at a moment, put into the params of its next plan; nothing numeric."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

from core.workloads.pumping.plant import resolve

STEP = timedelta(minutes=15)
HISTORY_STEPS = 14 * 96
LONGEST_PRICE = timedelta(hours=1)
_LONG_AGO_MINUTES = 1440.0
_USUAL_DAYS = 7


@dataclass(frozen=True, slots=True)
class Reading:
    """What was measured up to an instant; flows are means of the quarter-hour that it ends."""

    at: datetime
    level_m: float
    inflow_m3_per_h: float | None = None
    outflow_m3_per_h: float | None = None
    power_kw: float | None = None
    pumps: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Order:
    """An operator's order in force."""

    pump: str
    action: str
    until: datetime
    who: str
    why: str


@dataclass(frozen=True, slots=True)
class Known:
    """All that may be used for the next plan; instants in UTC, readings and prices in order of time."""

    plant: str | Mapping[str, Any]
    zone: str
    readings: Sequence[Reading]
    prices: Sequence[tuple[datetime, float]]
    orders: Sequence[Order] = ()
    plan: Sequence[Mapping[str, Any]] = ()
    """Rows of the plan in force."""
    settings: Mapping[str, Any] = field(default_factory=dict)


def slot_of(now: datetime) -> datetime:
    """Return the quarter-hour that an instant lies in, in UTC."""
    seconds = STEP.total_seconds()
    return datetime.fromtimestamp(now.timestamp() // seconds * seconds, UTC)


def replan_params(known: Known, slot: datetime, trigger: str) -> dict[str, Any]:
    """Write params of `pumping.replan` for a slot as JSON."""
    start = local(slot, known.zone)
    readings = [reading for reading in known.readings if reading.at <= slot]
    raster = _raster(readings, slot)
    horizon = round(known.settings.get("horizon_h", 30.0) * 4)
    priced = dict(known.prices)
    price = [price_at(priced, slot + STEP * step) for step in range(horizon)]
    orders = [
        {"pump": order.pump, "action": order.action, "until": local(order.until, known.zone).isoformat()}
        | {"who": order.who, "why": order.why}
        for order in known.orders
    ]
    previous = [{"time": row["time"], "pumps": dict(row["pumps"])} for row in known.plan]
    return {
        "plant": known.plant,
        "start": start.isoformat(),
        "trigger": trigger,
        "telemetry": {
            **raster,
            "pumps": _pumps(known, readings, slot),
            "emptied_today": _emptied(known, readings, start),
        },
        "price_eur_per_mwh": price,
        "usual_price_eur_per_mwh": _usual(known.prices, slot),
        "overrides": orders,
        "previous": {"schedule": previous} if previous else None,
        "expected_level_m": _expected(known.plan, slot),
        "effort": _effort(start, trigger, previous),
        **{
            name: known.settings[name]
            for name in ("horizon_h", "weights", "dry_below_m3_per_day", "stale_after_minutes", "co2_g_per_kwh")
            if name in known.settings
        },
    }


def local(instant: datetime, zone: str) -> datetime:
    """Return an instant in the station's time, as a fixed offset: steps of a plan stay a quarter of an hour apart."""
    there = instant.astimezone(ZoneInfo(zone))
    return there.replace(tzinfo=timezone(there.utcoffset() or timedelta()))


def age(readings: Sequence[Reading], now: datetime) -> timedelta | None:
    """Return how old the last reading is; None without any."""
    return now - readings[-1].at if readings else None


def _raster(readings: Sequence[Reading], slot: datetime) -> dict[str, list[float | None]]:
    """Put readings on the quarter-hours that end at the slot, the latest of each."""
    first = min((reading.at for reading in readings), default=slot)
    steps = max(1, min(HISTORY_STEPS, -((first - slot) // STEP) + 1))
    columns: dict[str, list[float | None]] = {
        name: [None] * steps for name in ("level_m", "inflow_m3_per_h", "outflow_m3_per_h")
    }
    for reading in readings:
        back = (slot - reading.at) // STEP
        if back < steps:
            for name, values in columns.items():
                values[steps - 1 - back] = getattr(reading, name)
    return columns


def _pumps(known: Known, readings: Sequence[Reading], slot: datetime) -> dict[str, Any]:
    """Tell of each pump whether it runs and since when: as last measured, else as last planned."""
    told: dict[str, Any] = {}
    for pump in resolve(known.plant).pumps:
        on, since, available = None, _LONG_AGO_MINUTES, True
        for reading in reversed(readings):
            state = reading.pumps.get(pump.name)
            if state is None:
                continue
            if on is None:
                on, available, last = bool(state["on"]), bool(state.get("available", True)), reading.at
            if bool(state["on"]) != on:
                # The first reading that shows the other state ended the quarter before the switch.
                since = min(_LONG_AGO_MINUTES, (slot - reading.at).total_seconds() / 60)
                break
        if on is None:
            told[pump.name] = {"on": False, "minutes_since_switch": _LONG_AGO_MINUTES, "available": True}
            continue
        on, since = _carried_on(known, pump.name, (on, since), last, slot)
        told[pump.name] = {"on": on and available, "minutes_since_switch": since, "available": available}
    return told


def _carried_on(
    known: Known, name: str, measured: tuple[bool, float], last: datetime, slot: datetime
) -> tuple[bool, float]:
    """Follow the plan over the quarters that were not measured."""
    on, since = measured
    for row in known.plan:
        began = datetime.fromisoformat(row["time"])
        if last <= began < slot and name in row["pumps"] and (row["pumps"][name] > 0) != on:
            on, since = not on, (slot - began).total_seconds() / 60
    return on, since


def _emptied(known: Known, readings: Sequence[Reading], start: datetime) -> bool:
    below = resolve(known.plant).rules.empty_below_m
    midnight = start.replace(hour=0, minute=0, second=0, microsecond=0)
    return any(reading.at > midnight and reading.level_m < below for reading in readings)


def price_at(prices: Mapping[datetime, float], time: datetime) -> float | None:
    """Return the price at an instant: one holds for the quarter-hours behind it that have none, up to an hour."""
    for back in range(round(LONGEST_PRICE / STEP)):
        value = prices.get(time - STEP * back)
        if value is not None:
            return value
    return None


def _usual(prices: Sequence[tuple[datetime, float]], slot: datetime) -> float | None:
    recent = [value for at, value in prices if slot - timedelta(days=_USUAL_DAYS) <= at < slot]
    return sum(recent) / len(recent) if recent else None


def _expected(plan: Sequence[Mapping[str, Any]], slot: datetime) -> float | None:
    before = slot - STEP
    return next((row["level_m"] for row in plan if datetime.fromisoformat(row["time"]) == before), None)


def _effort(start: datetime, trigger: str, previous: Sequence[Any]) -> str:
    """Plan afresh at each full hour and where circumstances changed; mend the plan so far in between."""
    return "repair" if previous and trigger in {"schedule", "state"} and start.minute else "fresh"
