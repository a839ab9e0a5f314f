"""How operation goes: forecasts, back-tests, turns of the loop, and the loop itself."""

import json
import time
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any
from uuid import UUID

import numpy as np
from job_costs.figures import Figure

from core.jobs.context import JobContext, MemoryRecorder
from core.workloads.pumping import backtest, backtest_day, forecast, kinds, recording, rehearsal, replan
from pumping_plans import problems

DAY = 96
EVENTS = [
    {"what": "pump_failure", "at_h": 7.5, "hours": 8, "pump": "1.2"},
    {"what": "override", "at_h": 10, "hours": 5, "pump": "2.3", "action": "off"},
    {"what": "sensor_outage", "at_h": 25, "hours": 6},
    {"what": "price_spike", "at_h": 37, "hours": 2, "amount": 900},
]

Rows = Iterator[tuple[str, str, str, bool | None]]


def measure(*, quick: bool) -> list[Figure]:
    """Measure all of it; quick: without back-tests."""
    parts: list[Callable[[], Rows]] = [forecasts, turns, loop]
    if not quick:
        parts += [partial(backtests, None), partial(backtests, 1.6)]
    return [Figure(name, target, measured, met=met) for part in parts for name, target, measured, met in part()]


def forecasts() -> Rows:
    """Forecast a day ahead from each fourth hour of days 4 to 9."""
    recorded = _recorded()
    error = naive = total = 0.0
    inside = []
    for origin in range(3 * DAY, recorded.steps - DAY + 1, 16):
        said = forecast.ahead(recorded.inflow, DAY, [0.1, 0.5, 0.9], now=origin)
        truth, before = (
            np.array(recorded.inflow[first : first + DAY], dtype=float) for first in (origin, origin - DAY)
        )
        error, naive = error + np.abs(said.values - truth).sum(), naive + np.abs(before - truth).sum()
        total += truth.sum()
        inside.append(np.mean((truth >= said.quantiles[0]) & (truth <= said.quantiles[2])))
    share = error / total
    yield (
        "forecast of inflow, 24 h",
        "nMAE ≤ 17 %",
        f"{share:.1%} (seasonal naive {naive / total:.1%})",
        share <= 0.17,
    )
    held = float(np.mean(inside))
    yield "its 80 % band", "covers 77 to 83 %", f"{held:.1%} of {len(inside)} origins", 0.77 <= held <= 0.83


def turns() -> Rows:
    """Turn the loop on the kind's example, afresh with an order and as a repair, in CPU seconds."""
    raw = json.loads(json.dumps({**kinds.REPLAN.example, "horizon_h": 30}))
    until = raw["start"].replace("T06", "T10")
    ordered = {**raw, "overrides": [{"pump": "1.2", "action": "out", "until": until}], "trigger": "override"}
    plan = _turn(raw)[0]
    mended = {**raw, "effort": "repair", "previous": {"schedule": plan["schedule"]}}
    for name, limit, params in (("with an override", 1.0, ordered), ("as a repair", 1.0, mended)):
        spent = sorted(_turn(params)[1] for _ in range(9))
        figure = f"median {spent[4]:.2f} s, longest {spent[-1]:.2f} s CPU, forecast and explanation included"
        yield f"one turn of the loop {name}, 30 h", f"< {limit:g} s p95", figure, spent[-1] < limit


def loop() -> Rows:
    """Rehearse three days with everything that goes wrong."""
    asked: Any = kinds.REHEARSE.params().load({"first_day": 8, "days": 3, "events": EVENTS})
    result = rehearsal.compute(asked, _context())
    figure = (
        f"{result['above_hindsight']:+.1%} ({result['cost_eur']:,.0f} against {result['hindsight_eur']:,.0f} EUR; "
        f"level rule {result['rule_eur']:,.0f})"
    )
    yield "loop, 3 days of trouble: cost", "≤ +10 % of hindsight", figure, result["above_hindsight"] <= 0.1
    broken = {one["rule"]: one["violations"] for one in result["audit"] if one["violations"]}
    yield "the same: rules broken", "0", str(broken or 0), not broken
    told = sorted({alert["code"] for alert in result["told"]})
    yield "the same: told", "every event", ", ".join(told), "telemetry_stale" in told


def backtests(band: float | None) -> Rows:
    """Operate the recorded days by forecasts alone, with both tariffs."""
    for tariff, least in (("normal", 0.35), ("high", 0.30)):
        name = f"back-test, {tariff} prices" + ("" if band is None else f", band ×/÷ {band:g}")
        began = time.process_time()
        result = _operated(tariff, band)
        plan, rule = result["plan"], result["rule"]
        figure = (
            f"{result['saved_against_rule']:.1%} ({plan['adjusted_cost_eur']:,.0f} against "
            f"{rule['adjusted_cost_eur']:,.0f} EUR), "
            f"mean flow change {plan['mean_abs_flow_change_m3_per_h']:.0f} against "
            f"{rule['mean_abs_flow_change_m3_per_h']:.0f} m³/h, highest {plan['max_level_m']:.2f} m, "
            f"{plan['dry_days_emptied']} of {plan['dry_days']} dry days emptied, {plan['violations']} violations, "
            f"{time.process_time() - began:.0f} s CPU"
        )
        met = result["saved_against_rule"] >= least and not plan["violations"] and plan["max_level_m"] <= 7.2
        target = f"≥ {least:.0%} below the level rule" if band is None else "beside it"
        yield name, target, figure, met if band is None else None


def _operated(tariff: str, band: float | None) -> dict[str, Any]:
    def shard(_kind: str, params: Mapping[str, Any]) -> dict[str, Any]:
        asked: Any = kinds.BACKTEST_DAY.params().load(json.loads(json.dumps(params)))
        return backtest_day.compute(asked, _context())

    with problems.RECORD.open("rb") as stream:
        recorder = MemoryRecorder(compute_shard=shard, inputs={"series": stream})
        weights = {"flow_band": band}
        asked: Any = kinds.BACKTEST.params().load(
            {"series": {"artifact": "series"}, "tariff": tariff, "weights": weights}
        )
        return backtest.compute(asked, _context(recorder))


def _turn(raw: Mapping[str, Any]) -> tuple[dict[str, Any], float]:
    asked: Any = kinds.REPLAN.params().load(json.loads(json.dumps(raw)))
    began = time.process_time()
    return replan.compute(asked, _context()), time.process_time() - began


def _recorded() -> recording.Recording:
    with problems.RECORD.open(newline="", encoding="utf-8") as stream:
        return recording.read_csv(stream)


def _context(recorder: MemoryRecorder | None = None) -> JobContext:
    return JobContext(UUID(int=1), 1, 1, recorder or MemoryRecorder())
