"""This file is about `pumping.simulate`: a given plan through the plant's physics, and every rule it breaks."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from core.jobs.context import JobContext
from core.workloads.pumping import cascade, kpis, schedule
from core.workloads.pumping.audit import audit
from core.workloads.pumping.cascade import Station
from core.workloads.pumping.presentation import Plan
from core.workloads.pumping.problem import Problem

_UNWEIGHTED = {"start_eur": 0.0, "smoothness_eur_per_m3_per_h": 0.0, "flow_band": None, "end_volume": "value"}


def compute(params: dict[str, Any], context: JobContext) -> dict[str, Any]:
    """Return what the plan does; a pump out of service does not run whatever the plan says."""
    params = {**params, "dry": None, "weights": _UNWEIGHTED}
    context.progress(0.0, "simulate", "reading the plan")
    stations = cascade.run(params, lambda problem, own: (_follow(problem, own), None))
    assert stations is not None, "a given plan is always there"
    rows = list(cascade.merged_rows(stations)) if len(stations) > 1 else stations[0].plan.rows
    context.progress(0.7, "simulate", f"{len(rows)} steps simulated")
    findings = cascade.findings(stations)
    first = stations[0].problem
    power = np.array([row["power_kw"] for row in rows])
    context.progress(1.0, "simulate", "audited")
    return {
        "energy_cost_eur": float(power @ first.price * first.step_h),
        "energy_kwh": float(power.sum() * first.step_h),
        "schedule": rows,
        "audit": findings,
        "violations": sum(finding["violations"] for finding in findings),
        "mass_balance_residual_m3": max(_residual_m3(station) for station in stations),
        "kpis": cascade.kpis_of([kpis.of_schedule(one.problem, one.plan.rows, None) for one in stations]),
    }


def _follow(problem: Problem, own: Mapping[str, Any]) -> Plan:
    resting = [0.0] * problem.steps
    hz = np.array([own["plan"].get(pump.name, resting) for pump in problem.pumps], dtype=float).T
    rows = schedule.run(problem, hz)
    nothing = np.zeros((problem.steps, len(problem.fleet)), dtype=np.int64)
    return Plan("simulation", nothing, rows, audit(problem.plant, own, rows), {})


def _residual_m3(station: Station) -> float:
    rows = station.plan.rows
    volumes = np.array([station.problem.volume0, *[row["volume_m3"] for row in rows]])
    flows = np.array([row["inflow_m3_per_h"] - row["outflow_m3_per_h"] for row in rows])
    return float(np.max(np.abs(np.diff(volumes) - flows * station.problem.step_h)))
