"""Which causal jobs there are."""

from core.jobs.kind import JobKind, Limits
from core.workloads.causal import examples
from core.workloads.causal.params import DiscoverParams, ResampleParams
from core.workloads.causal.results import DiscoverResult, ResampleResult

DISCOVER = JobKind(
    name="causal.discover",
    summary="Find which variables cause which, how much later and how surely; quiet on noise.",
    params=DiscoverParams,
    result=DiscoverResult,
    example=examples.discovery(),
    queue="science",
    limits=Limits(soft_s=900.0, memory_mib=2048, result_bytes=8 << 20),
)

RESAMPLE = JobKind(
    name="causal.resample",
    summary="Compute one shard's resamples of causal.discover.",
    params=ResampleParams,
    result=ResampleResult,
    example=examples.resampling(),
    queue="science",
    limits=Limits(soft_s=900.0, memory_mib=2048, result_bytes=8 << 20),
)
