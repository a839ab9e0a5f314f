"""This file is about which pumping jobs there are."""

from datetime import timedelta

from core.jobs.kind import JobKind, Limits
from core.workloads.pumping import scenario
from core.workloads.pumping.backtest_schema import (
    BacktestDayParams,
    BacktestDayResult,
    BacktestParams,
    BacktestResult,
)
from core.workloads.pumping.forecast_schema import ForecastParams, ForecastResult
from core.workloads.pumping.params import OptimizeParams, SimulateParams
from core.workloads.pumping.rehearsal_schema import RehearsalParams, RehearsalResult
from core.workloads.pumping.replan_schema import ReplanParams, ReplanResult
from core.workloads.pumping.results import OptimizeResult, SimulateResult
from core.workloads.pumping.whatif_schema import WhatifParams, WhatifResult

OPTIMIZE = JobKind(
    name="pumping.optimize",
    summary="Plan a station's pumps over price and inflow: every rule kept, near-optimal by proof, explained.",
    params=OptimizeParams,
    result=OptimizeResult,
    example=scenario.params(scenario.EPOCH, 96, 1),
    queue="science",
)

SIMULATE = JobKind(
    name="pumping.simulate",
    summary="Run a plan of pumps through the plant's physics: level, flow, power, cost and every broken rule.",
    params=SimulateParams,
    result=SimulateResult,
    example=scenario.plan_to_simulate(16),
    queue="science",
    limits=Limits(soft_s=60.0, memory_mib=256),
)

FORECAST = JobKind(
    name="pumping.forecast",
    summary="Forecast a station's inflow, and prices not yet published, with bands that hold what they say.",
    params=ForecastParams,
    result=ForecastResult,
    example={"series": {"rows": scenario.recorded_rows(scenario.EPOCH, 264, 1)}, "horizon_h": 24, "model": "auto"},
    queue="science",
    limits=Limits(soft_s=60.0, memory_mib=256),
)

REPLAN = JobKind(
    name="pumping.replan",
    summary="Turn the loop once: from measurements, prices and orders to a plan that is safe, or the rule's.",
    params=ReplanParams,
    result=ReplanResult,
    example=scenario.turn_of_the_loop(scenario.EPOCH + timedelta(days=2, hours=6), 1),
    queue="science",
    limits=Limits(soft_s=60.0, memory_mib=512),
)

BACKTEST = JobKind(
    name="pumping.backtest",
    summary="Operate recorded days anew by forecasts or with foresight, beside a level rule and what was done.",
    params=BacktestParams,
    result=BacktestResult,
    example={
        "series": {"rows": scenario.recorded_operation(scenario.EPOCH, 192, 1)},
        "first_day": "2025-03-04",
        "horizon_h": 12,
        "replan_minutes": 360,
    },
    queue="science",
)

BACKTEST_DAY = JobKind(
    name="pumping.backtest_day",
    summary="Operate one day of a back-test: plan, let it happen, plan again.",
    params=BacktestDayParams,
    result=BacktestDayResult,
    example=scenario.day_of_a_backtest(scenario.EPOCH + timedelta(days=1), 1),
    queue="science",
)

WHATIF = JobKind(
    name="pumping.whatif",
    summary="Plan the same hours under other prices, inflows, pumps and smoothness, side by side.",
    params=WhatifParams,
    result=WhatifResult,
    example={
        "base": {**scenario.params(scenario.EPOCH, 32, 1), "effort": "fresh"},
        "scenarios": [{"name": "pump 1.2 out", "pumps_out": ["1.2"]}],
        "flow_bands": [1.4],
    },
    queue="science",
)

REHEARSE = JobKind(
    name="pumping.rehearse",
    summary="Rehearse the whole loop on a living station with failures, orders and storms, beside hindsight.",
    params=RehearsalParams,
    result=RehearsalResult,
    example={
        "first_day": 2,
        "days": 0.0625,
        "horizon_h": 6,
        "events": [{"what": "pump_failure", "at_h": 0.5, "hours": 1, "pump": "1.2"}],
    },
    queue="science",
)
