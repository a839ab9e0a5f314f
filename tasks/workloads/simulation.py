"""The kinds of simulation, bound."""

from core.workloads.simulation import calibrating, comparing, kinds, running
from tasks.binding import job_task

run_run = job_task(kinds.RUN, running.compute)
run_compare = job_task(kinds.COMPARE, comparing.compute)
run_calibrate = job_task(kinds.CALIBRATE, calibrating.compute)
