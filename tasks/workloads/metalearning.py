"""The kinds of metalearning, bound."""

from core.workloads.metalearning import adaptation, evaluation, kinds, shrinking, tuning
from tasks.binding import job_task

run_adapt = job_task(kinds.ADAPT, adaptation.compute)
run_tune = job_task(kinds.TUNE, tuning.compute)
run_evaluate = job_task(kinds.EVALUATE, evaluation.compute)
run_shrink = job_task(kinds.SHRINK, shrinking.compute)
