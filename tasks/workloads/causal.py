"""The kinds of causal discovery, bound."""

from core.workloads.causal import discovery, effect, kinds, paths, resample, scoring, update
from tasks.binding import job_task

run_discover = job_task(kinds.DISCOVER, discovery.compute)
run_resample = job_task(kinds.RESAMPLE, resample.compute)
run_paths = job_task(kinds.PATHS, paths.compute)
run_effect = job_task(kinds.EFFECT, effect.compute)
run_score = job_task(kinds.SCORE, scoring.compute)
run_update = job_task(kinds.UPDATE, update.compute)
