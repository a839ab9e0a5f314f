"""This file is about which pumping jobs there are."""

from core.jobs.kind import JobKind, Limits
from core.workloads.pumping import scenario
from core.workloads.pumping.forecast_schema import ForecastParams, ForecastResult
from core.workloads.pumping.params import OptimizeParams, SimulateParams
from core.workloads.pumping.results import OptimizeResult, SimulateResult

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
