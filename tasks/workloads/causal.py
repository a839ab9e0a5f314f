"""The kinds of causal discovery, bound."""

from core.workloads.causal import discovery, kinds, resample
from tasks.binding import job_task

run_discover = job_task(kinds.DISCOVER, discovery.compute)
run_resample = job_task(kinds.RESAMPLE, resample.compute)
