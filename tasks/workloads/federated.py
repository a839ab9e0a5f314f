"""The kinds of federated learning, bound."""

from core.workloads.federated import aggregating, kinds
from tasks.binding import job_task

run_aggregate = job_task(kinds.AGGREGATE, aggregating.compute)
