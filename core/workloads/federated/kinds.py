"""Which federated jobs there are."""

from core.jobs.kind import JobKind, Limits
from core.workloads.federated import examples
from core.workloads.federated.gossip_params import GossipParams, GossipResult
from core.workloads.federated.learner_params import TrainParams
from core.workloads.federated.params import AggregateParams
from core.workloads.federated.party_params import PartyParams, PartyResult
from core.workloads.federated.results import AggregateResult, RoundResult, SimulateResult, TrainResult
from core.workloads.federated.round_params import RoundParams
from core.workloads.federated.secure_params import SecureSumParams, SecureSumResult
from core.workloads.federated.simulate_params import SimulateParams

AGGREGATE = JobKind(
    name="federated.aggregate",
    summary="Make one model of many clients' updates, and tell who is not to be trusted.",
    params=AggregateParams,
    result=AggregateResult,
    example=examples.aggregation(),
    queue="science",
    limits=Limits(soft_s=1800.0, memory_mib=4096, artifact_bytes=2 << 30, result_bytes=4 << 20),
)

TRAIN = JobKind(
    name="federated.train",
    summary="Train a linear, logistic or perceptron model on one member's data, as its part of a round.",
    params=TrainParams,
    result=TrainResult,
    example=examples.training(),
    queue="science",
    limits=Limits(soft_s=1800.0, memory_mib=2048, result_bytes=8 << 20),
)

ROUND = JobKind(
    name="federated.round",
    summary="Have members train, make one model of what they and others send, and try it on held-out data.",
    params=RoundParams,
    result=RoundResult,
    example=examples.learning_together(),
    queue="science",
    limits=Limits(soft_s=1800.0, memory_mib=4096, artifact_bytes=2 << 30, result_bytes=4 << 20),
)

SIMULATE = JobKind(
    name="federated.simulate",
    summary="Run strategies side by side against attackers, drop-outs and clients that differ.",
    params=SimulateParams,
    result=SimulateResult,
    example=examples.contest(),
    queue="science",
    limits=Limits(soft_s=1800.0, memory_mib=2048, result_bytes=4 << 20),
)

SECURE_SUM = JobKind(
    name="federated.secure_sum",
    summary="Sum vectors under pairwise masks, so that the server learns the sum alone, though parties drop out.",
    params=SecureSumParams,
    result=SecureSumResult,
    example=examples.masked(),
    queue="science",
    limits=Limits(soft_s=900.0, memory_mib=2048),
)

SECURE_PARTY = JobKind(
    name="federated.secure_party",
    summary="Make one step of one party of a secure sum: keys, shares, its masked vector, or what unmasks the sum.",
    params=PartyParams,
    result=PartyResult,
    example=examples.party(),
    queue="science",
    limits=Limits(soft_s=120.0, memory_mib=512),
)

GOSSIP = JobKind(
    name="federated.gossip",
    version=2,
    summary="Mix vectors along the links of a graph until all agree, and hold it to what the spectral gap predicts.",
    params=GossipParams,
    result=GossipResult,
    example=examples.neighbors(),
    queue="science",
    limits=Limits(soft_s=1800.0, memory_mib=1024),
)
