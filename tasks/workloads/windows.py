"""The windows workload's kinds, bound."""

from core.workloads.windows import exporting, generation, importing, kinds, profiling, pruning
from tasks.binding import job_task

run_generate = job_task(kinds.GENERATE, generation.compute)
run_import = job_task(kinds.IMPORT, importing.compute)
run_export = job_task(kinds.EXPORT, exporting.compute)
run_profile = job_task(kinds.PROFILE, profiling.compute)
run_prune = job_task(kinds.PRUNE, pruning.compute)
