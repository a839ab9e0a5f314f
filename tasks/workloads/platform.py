"""The platform's own kinds, bound."""

from core.workloads.platform import export, kinds, pi, probes
from tasks.binding import job_task

run_echo = job_task(kinds.ECHO, probes.echo)
run_sleep = job_task(kinds.SLEEP, probes.sleep)
run_fail = job_task(kinds.FAIL, probes.fail)
run_sign = job_task(kinds.SIGN, probes.sign)
run_export = job_task(kinds.EXPORT, export.compute)
run_pi = job_task(kinds.PI, pi.compute)
run_pi_shard = job_task(kinds.PI_SHARD, pi.compute_shard)
