"""Stations, plans and orders as JSON documents, and what their routes share."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row
from sqlalchemy.orm import Session

from core.clock import database_now, rfc3339
from core.jobs.documents import API
from core.workloads.pumping.operations import loop, plants
from core.workloads.pumping.operations.gathering import STEP, Reading
from core.workloads.pumping.operations.plants import Station
from core.workloads.pumping.replan_schema import STALE_AFTER_MINUTES

_PLAN = ("safe", "energy_cost_eur", "energy_kwh", "relaxed", "schedule", "audit", "explanation", "kpis", "savings")


def turned(session: Session, tenant_id: UUID, name: str, trigger: str) -> UUID | None:
    """Turn a station's loop within a request and return the plan that was called for."""
    now = database_now(session)
    return loop.turn(session, plants.find(session, tenant_id, name), trigger, clock=lambda: now)


def plant_document(station: Station, wall: datetime) -> dict[str, Any]:
    """Write a station."""
    home = f"{API}/plants/{station.name}"
    return {
        "id": station.name,
        "title": station.plant.title,
        "shipped": station.shipped,
        "active": station.active,
        "settings": dict(station.settings),
        "now": rfc3339(station.now(wall)),
        "clock_rate": station.clock_rate if station.clock_wall_at else 1.0,
        "pumps": [pump.name for pump in station.plant.pumps],
        "links": {
            "self": home,
            **{name: f"{home}/{name}" for name in ("state", "states", "prices", "performance")},
            "schedule": f"{API}/schedule?plant={station.name}",
            "overrides": f"{API}/overrides?plant={station.name}",
            "forecasts": f"{API}/forecasts?plant={station.name}",
            "alerts": f"{API}/alerts?source=pumping",
        },
    }


def reading_document(reading: Reading) -> dict[str, Any]:
    """Write a measurement."""
    names = ("level_m", "inflow_m3_per_h", "outflow_m3_per_h", "power_kw")
    told = {name: getattr(reading, name) for name in names}
    return {"time": rfc3339(reading.at), **told, "pumps": {name: dict(pump) for name, pump in reading.pumps.items()}}


def state_document(station: Station, reading: Reading | None, wall: datetime) -> dict[str, Any]:
    """Write the latest measurement with its age by the station's clock."""
    now = station.now(wall)
    age = None if reading is None else now - reading.at
    limit = int(station.settings.get("stale_after_minutes", STALE_AFTER_MINUTES))
    return {
        "plant": station.name,
        "now": rfc3339(now),
        "state": None if reading is None else reading_document(reading),
        "age_s": None if age is None else age.total_seconds(),
        "stale": age is None or age > timedelta(minutes=limit),
        "stale_after_minutes": limit,
    }


def plan_summary(row: Row[Any]) -> dict[str, Any]:
    """Write a plan without its steps."""
    home = f"{API}/schedule/{row.id}"
    return {
        "id": str(row.id),
        **{
            name: getattr(row, name)
            for name in ("plant", "revision", "trigger", "status", "origin", "reason", "decided_by", "note")
        },
        **{name: _instant(getattr(row, name)) for name in ("slot", "created_at", "settled_at", "decided_at")},
        "links": {
            "self": home,
            "accept": f"{home}/accept",
            "reject": f"{home}/reject",
            "job": f"{API}/jobs/{row.job_id}",
        },
    }


def plan_document(row: Row[Any], *, in_force: bool) -> dict[str, Any]:
    """Write a plan with all its steps."""
    result = row.result
    steps = (
        dict.fromkeys((*_PLAN, "notices")) if result is None else {name: result[name] for name in (*_PLAN, "notices")}
    )
    return {**plan_summary(row), "in_force": in_force, **steps}


def forecast_document(row: Row[Any]) -> dict[str, Any]:
    """Write what a plan was made by."""
    belief, schedule = row.result["belief"], row.result["schedule"]
    columns = ("inflow_m3_per_h", "lower_m3_per_h", "upper_m3_per_h", "price_eur_per_mwh")
    rows = [
        {
            "time": rfc3339(row.slot + number * STEP),
            **{name: belief[name][number] for name in columns},
            "price_published": number < belief["published_steps"],
        }
        for number in range(len(schedule))
    ]
    return {
        "plant": row.plant,
        "plan_id": str(row.id),
        "origin": rfc3339(row.slot),
        "stale": belief["stale_minutes"] > STALE_AFTER_MINUTES,
        **{name: belief[name] for name in ("model", "stale_minutes", "level_m", "level_estimated", "dry_today")},
        "rows": rows,
    }


def override_document(row: Row[Any], now: datetime, plan_id: UUID | None = None) -> dict[str, Any]:
    """Write an order; `now` is the station's."""
    return {
        "id": str(row.id),
        **{name: getattr(row, name) for name in ("plant", "pump", "action", "why", "who", "ended_by")},
        **{name: _instant(getattr(row, name)) for name in ("starts_at", "until", "created_at", "ended_at")},
        "in_force": row.ended_at is None and row.starts_at <= now < row.until,
        "plan_id": None if plan_id is None else str(plan_id),
    }


def _instant(value: datetime | None) -> str | None:
    return None if value is None else rfc3339(value)
