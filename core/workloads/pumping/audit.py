"""This file is about an independent look at a schedule, rule by rule; it shares no code with the solvers."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from core.workloads.pumping.plant import Plant

Row = Mapping[str, Any]
Finding = dict[str, Any]
Switch = tuple[str, str]
"""The beginning of the step, as its row says it, and the pump's name."""

_TOLERANCE = 1e-6
_HALF_A_DAY_H = 12.0


def audit(
    plant: Plant, params: Mapping[str, Any], rows: Sequence[Row], imposed: Collection[Switch] = ()
) -> list[Finding]:
    """Return every rule with its limit, the schedule's worst value and how often it is broken.

    `imposed` are switches that no plan made, by failure or order: each may come at any time, and the hold runs anew.
    """
    rules, state = plant.rules, params["state"]
    step_h = params["step_minutes"] / 60.0
    running = [[name for name, hz in row["pumps"].items() if hz > 0] for row in rows]
    levels = [row["level_m"] for row in rows]
    outflows = [row["outflow_m3_per_h"] for row in rows]
    hz = [value for row in rows for value in row["pumps"].values() if value > 0]
    numbers = [len(names) for names in running]
    findings = [
        _below("level_max", rules.level_max_m, levels, "m"),
        _above("level_min", rules.level_min_m, levels, "m"),
        _below("level_alarm", rules.alarm_m, levels, "m", hard=False),
        _below("outflow_max", rules.outflow_max_m3_per_h, outflows, "m3/h"),
        _above("frequency_min", rules.frequency_min_hz, hz, "Hz"),
        _below("frequency_max", rules.frequency_max_hz, hz, "Hz"),
        _above("pumps_running", rules.pumps_min, numbers, "pumps"),
        _available(state, running),
        _hold(plant, params, rows, imposed),
        _emptying(plant, params, rows),
        _balance(plant, params, rows, step_h),
    ]
    if orders := _orders(params):
        findings.append(_overridden(orders, rows))
    if rules.always_one_of:
        kinds = {pump.name: pump.kind for pump in plant.pumps}
        always = [sum(kinds[name] == rules.always_one_of for name in names) for names in running]
        findings.append(_above(f"{rules.always_one_of}_running", 1, always, "pumps"))
    ratio = (params.get("weights") or {}).get("flow_band")
    if ratio:
        findings.append(_band(plant, params, rows, ratio))
    return findings


def hard_violations(findings: Sequence[Finding]) -> int:
    """Count the violations of rules that are never relaxed."""
    return sum(finding["violations"] for finding in findings if finding["hard"])


def _finding(rule: str, limit: float | None, worst: float | None, violations: int, unit: str, *, hard: bool) -> Finding:
    return {"rule": rule, "hard": hard, "limit": limit, "worst": worst, "unit": unit, "violations": violations}


def _below(rule: str, limit: float, values: Sequence[float], unit: str, *, hard: bool = True) -> Finding:
    broken = sum(value > limit + _TOLERANCE for value in values)
    return _finding(rule, limit, max(values, default=None), broken, unit, hard=hard)


def _above(rule: str, limit: float, values: Sequence[float], unit: str, *, hard: bool = True) -> Finding:
    broken = sum(value < limit - _TOLERANCE for value in values)
    return _finding(rule, limit, min(values, default=None), broken, unit, hard=hard)


def _available(state: Mapping[str, Any], running: Sequence[Sequence[str]]) -> Finding:
    out = {name for name, pump in state["pumps"].items() if not pump.get("available", True)}
    used = [len(out & set(names)) for names in running]
    return _finding("available", 0, max(used, default=0), sum(used), "pumps", hard=True)


def _orders(params: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """Return the overrides in force by pump."""
    orders = params.get("overrides") or []
    return {order["pump"]: order for order in orders if order["until"] > params["start"]}


def _overridden(orders: Mapping[str, Mapping[str, Any]], rows: Sequence[Row]) -> Finding:
    against = []
    for row in rows:
        time = datetime.fromisoformat(row["time"])
        live = {name: order for name, order in orders.items() if time < order["until"]}
        wrong = [name for name, order in live.items() if (row["pumps"].get(name, 0.0) > 0) != (order["action"] == "on")]
        against.append(len(wrong))
    return _finding("override", 0, max(against, default=0), sum(against), "pumps", hard=True)


def _hold(plant: Plant, params: Mapping[str, Any], rows: Sequence[Row], imposed: Collection[Switch]) -> Finding:
    """Measure the time between switches of each pump, the one before the start included.

    What an override orders is no switch of the plan's, but one from which the hold runs anew.
    """
    orders = _orders(params)
    limit, step = plant.rules.hold_minutes, params["step_minutes"]
    spans = []
    for pump in plant.pumps:
        known = params["state"]["pumps"].get(pump.name, {})
        if not known.get("available", True):
            continue
        on, last = known.get("on", False), -float(known.get("minutes_since_switch", 1e9))
        order = orders.get(pump.name)
        if order and (order["action"] == "on") != on:
            on, last = not on, -1e9 if order["action"] == "out" else 0.0
        for position, row in enumerate(rows):
            now = row["pumps"].get(pump.name, 0.0) > 0
            if now != on:
                if (row["time"], pump.name) not in imposed:
                    spans.append(position * step - last)
                on, last = now, position * step
    broken = sum(span < limit - _TOLERANCE for span in spans)
    worst = min(spans) if spans and min(spans) < 1e8 else None  # noqa: PLR2004 - "for ever" is no figure
    return _finding("hold", limit, worst, broken, "min", hard=plant.rules.hold_hard)


def _emptying(plant: Plant, params: Mapping[str, Any], rows: Sequence[Row]) -> Finding:
    dry = params.get("dry") or [False] * len(rows)
    days: dict[date, list[tuple[bool, float]]] = {}
    for row, is_dry in zip(rows, dry, strict=True):
        days.setdefault(datetime.fromisoformat(row["time"]).date(), []).append((is_dry, row["level_m"]))
    lowest = []
    for number, steps in enumerate(days.values()):
        long_enough = len(steps) * params["step_minutes"] / 60.0 >= _HALF_A_DAY_H
        done = number == 0 and params["state"].get("emptied_today", False)
        if long_enough and not done and all(is_dry for is_dry, _ in steps):
            lowest.append(min(level for _, level in steps))
    limit = plant.rules.empty_below_m
    missed = sum(level >= limit for level in lowest)
    return _finding("emptying", limit, max(lowest, default=None), missed, "m", hard=plant.rules.emptying_hard)


def _band(plant: Plant, params: Mapping[str, Any], rows: Sequence[Row], ratio: float) -> Finding:
    """Compare with each day's mean inflow; while the basin is emptied there is no water to keep the flow up."""
    worst, broken, before = 1.0, 0, params["state"]["level_m"]
    for row, mean in zip(rows, _day_means(params, rows), strict=True):
        flow, emptied = row["outflow_m3_per_h"], min(before, row["level_m"]) < plant.rules.empty_below_m
        before = row["level_m"]
        factor = flow / mean if mean > 0 else 1.0
        if factor < 1.0:
            factor = 1.0 if emptied else 1.0 / max(factor, 1e-9)
        worst = max(worst, factor)
        broken += factor > ratio * (1.0 + _TOLERANCE)
    return _finding("flow_band", ratio, worst, broken, "x mean inflow", hard=False)


def _day_means(params: Mapping[str, Any], rows: Sequence[Row]) -> Iterator[float]:
    days: dict[date, list[float]] = {}
    for row in rows:
        days.setdefault(datetime.fromisoformat(row["time"]).date(), []).append(row["inflow_m3_per_h"])
    whole = sum(row["inflow_m3_per_h"] for row in rows) / len(rows)
    for row in rows:
        part = days[datetime.fromisoformat(row["time"]).date()]
        long_enough = len(part) * params["step_minutes"] / 60.0 >= _HALF_A_DAY_H
        yield sum(part) / len(part) if long_enough else whole


def _balance(plant: Plant, params: Mapping[str, Any], rows: Sequence[Row], step_h: float) -> Finding:
    """Recompute each step's volume from the one before, and the first from the level at the start."""
    volume, worst, broken = _curve(plant, params["state"]["level_m"]), 0.0, 0
    for row in rows:
        residual = abs(row["volume_m3"] - volume - (row["inflow_m3_per_h"] - row["outflow_m3_per_h"]) * step_h)
        off = abs(_curve(plant, row["level_m"]) - row["volume_m3"])
        volume = row["volume_m3"]
        worst = max(worst, residual)
        broken += residual > _TOLERANCE or (row["level_m"] >= plant.rules.level_min_m and off > 0.1)  # noqa: PLR2004 - the level is printed to a micrometre
    return _finding("mass_balance", _TOLERANCE, worst, broken, "m3", hard=True)


def _curve(plant: Plant, level_m: float) -> float:
    piece = next((p for p in reversed(plant.volume) if level_m >= p.from_level_m), plant.volume[0])
    above = max(0.0, level_m - piece.from_level_m)
    return float(sum(c * above**power for power, c in enumerate(piece.coefficients)))
