"""Which causal jobs there are."""

from core.jobs.kind import JobKind, Limits
from core.workloads.causal import examples
from core.workloads.causal.params import DiscoverParams, EffectParams, PathsParams, ResampleParams
from core.workloads.causal.results import (
    DiscoverResult,
    EffectResult,
    PathsResult,
    ResampleResult,
    ScoreResult,
    UpdateResult,
)
from core.workloads.causal.score_params import ScoreParams
from core.workloads.causal.update_params import UpdateParams

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

PATHS = JobKind(
    name="causal.paths",
    summary="Find by which ways one variable acts on another, ranked by how surely.",
    params=PathsParams,
    result=PathsResult,
    example=examples.paths(),
    queue="science",
    limits=Limits(soft_s=900.0, memory_mib=2048),
)

EFFECT = JobKind(
    name="causal.effect",
    summary="Tell what follows when a variable is set, row by row, with intervals.",
    params=EffectParams,
    result=EffectResult,
    example=examples.effect(),
    queue="science",
    limits=Limits(soft_s=900.0, memory_mib=2048),
)

SCORE = JobKind(
    name="causal.score",
    summary="Score an estimated graph against the known one.",
    params=ScoreParams,
    result=ScoreResult,
    example=examples.score(),
    queue="science",
    limits=Limits(soft_s=120.0, memory_mib=512),
)

UPDATE = JobKind(
    name="causal.update",
    summary="Fold one more window into what is known of a stream, and tell which edges changed.",
    params=UpdateParams,
    result=UpdateResult,
    example=examples.update(),
    queue="science",
    limits=Limits(soft_s=120.0, memory_mib=1024, result_bytes=8 << 20),
)
