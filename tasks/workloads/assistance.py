"""The assistance workload's kinds, bound."""

from core.workloads.assistance import answering, kinds, orchestrating
from tasks.binding import job_task

run_complete = job_task(kinds.COMPLETE, answering.complete)
run_summarize = job_task(kinds.SUMMARIZE, answering.summarize)
run_explain_job = job_task(kinds.EXPLAIN_JOB, answering.explain_job)
run_explain_plan = job_task(kinds.EXPLAIN_PLAN, answering.explain_plan)
run_step = job_task(kinds.STEP, orchestrating.compute_step)
run_orchestrate = job_task(kinds.ORCHESTRATE, orchestrating.orchestrate)
