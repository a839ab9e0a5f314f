"""The kinds of pump optimization, bound."""

from core.workloads.pumping import forecast, kinds, optimization, simulation
from tasks.binding import job_task

run_optimize = job_task(kinds.OPTIMIZE, optimization.compute)
run_simulate = job_task(kinds.SIMULATE, simulation.compute)
run_forecast = job_task(kinds.FORECAST, forecast.compute)
