"""The kinds of the code workload, bound, and what its workers tell of their hosts."""

from core.workloads.code import checking, comparing, grading, kinds, running
from core.workloads.code.native.telling import HostReport
from tasks.binding import HostTelling, job_task

run_run = job_task(kinds.RUN, running.compute)
run_check = job_task(kinds.CHECK, checking.compute)
run_grade = job_task(kinds.GRADE, grading.compute)
run_compare = job_task(kinds.COMPARE, comparing.compute)
telling = HostTelling(HostReport().tell)
