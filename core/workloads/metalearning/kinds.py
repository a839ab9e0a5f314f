"""Which metalearning jobs there are."""

from core.jobs.kind import JobKind, Limits
from core.workloads.metalearning import examples
from core.workloads.metalearning.params import AdaptParams, EvaluateParams, TuneParams
from core.workloads.metalearning.results import AdaptResult, EvaluateResult, TuneResult
from core.workloads.metalearning.shrink_params import ShrinkParams, ShrinkResult

_LIMITS = Limits(soft_s=300.0, memory_mib=1024, result_bytes=4 << 20)

ADAPT = JobKind(
    name="metalearning.adapt",
    summary="Learn across tasks which settings of a kind serve best; a version that does worse is rolled back.",
    params=AdaptParams,
    result=AdaptResult,
    example=examples.adaptation(),
    queue="science",
    limits=_LIMITS,
)

TUNE = JobKind(
    name="metalearning.tune",
    summary="Search the best settings of a kind for one task within a budget, by what earlier tasks taught.",
    params=TuneParams,
    result=TuneResult,
    example=examples.tuning(),
    queue="science",
    limits=_LIMITS,
)

EVALUATE = JobKind(
    name="metalearning.evaluate",
    summary="Judge a prior on tasks that it did not learn from: regret after each trial, beside chance.",
    params=EvaluateParams,
    result=EvaluateResult,
    example=examples.evaluation(),
    queue="science",
    limits=_LIMITS,
)

SHRINK = JobKind(
    name="metalearning.shrink",
    version=2,
    summary="Fit a new domain's effects, drawn towards the mean of earlier domains as far as these are alike.",
    params=ShrinkParams,
    result=ShrinkResult,
    example=examples.shrinking(),
    queue="science",
    limits=_LIMITS,
)
