"""The kinds of federated learning, bound."""

from core.workloads.federated import aggregating, kinds, learning, local_training, simulating
from core.workloads.federated.gossip import spreading
from core.workloads.federated.secure import party_jobs, summing
from tasks.binding import job_task

run_aggregate = job_task(kinds.AGGREGATE, aggregating.compute)
run_train = job_task(kinds.TRAIN, local_training.compute)
run_round = job_task(kinds.ROUND, learning.compute)
run_simulate = job_task(kinds.SIMULATE, simulating.compute)
run_secure_sum = job_task(kinds.SECURE_SUM, summing.compute)
run_secure_party = job_task(kinds.SECURE_PARTY, party_jobs.compute)
run_gossip = job_task(kinds.GOSSIP, spreading.compute)
