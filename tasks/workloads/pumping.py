"""The kinds of pump optimization, bound."""

from core.workloads.pumping import kinds, optimization, simulation
from tasks.binding import job_task

run_optimize = job_task(kinds.OPTIMIZE, optimization.compute)
run_simulate = job_task(kinds.SIMULATE, simulation.compute)
