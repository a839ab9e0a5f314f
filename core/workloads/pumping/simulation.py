"""This file is about `pumping.simulate`: a given plan through the plant's physics, and every rule it breaks."""

from typing import Any

import numpy as np

from core.jobs.context import JobContext
from core.workloads.pumping import kpis, schedule
from core.workloads.pumping.audit import audit
from core.workloads.pumping.problem import pose

_UNWEIGHTED = {"start_eur": 0.0, "smoothness_eur_per_m3_per_h": 0.0, "flow_band": None, "end_volume": "value"}


def compute(params: dict[str, Any], context: JobContext) -> dict[str, Any]:
    """Return what the plan does; a pump out of service does not run whatever the plan says."""
    params = {**params, "dry": None, "weights": _UNWEIGHTED}
    context.progress(0.0, "simulate", "reading the plan")
    problem = pose(params)
    resting = [0.0] * problem.steps
    hz = np.array([params["plan"].get(pump.name, resting) for pump in problem.pumps], dtype=float).T
    rows = schedule.run(problem, hz)
    context.progress(0.7, "simulate", f"{len(rows)} steps simulated")
    findings = audit(problem.plant, params, rows)
    volumes = np.array([problem.volume0, *[row["volume_m3"] for row in rows]])
    flows = np.array([row["inflow_m3_per_h"] - row["outflow_m3_per_h"] for row in rows])
    figures = kpis.of_schedule(problem, rows, None)
    power = np.array([row["power_kw"] for row in rows])
    context.progress(1.0, "simulate", "audited")
    return {
        "energy_cost_eur": float(power @ problem.price * problem.step_h),
        "energy_kwh": float(power.sum() * problem.step_h),
        "schedule": rows,
        "audit": findings,
        "violations": sum(finding["violations"] for finding in findings),
        "mass_balance_residual_m3": float(np.max(np.abs(np.diff(volumes) - flows * problem.step_h))),
        "kpis": figures,
    }
