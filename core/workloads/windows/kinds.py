"""The kinds of the windows workload."""

from core.jobs.kind import Gathering, JobKind, Limits
from core.workloads.windows import ticks
from core.workloads.windows.params import (
    ExportParams,
    ExportResult,
    GenerateParams,
    GenerateResult,
    ImportParams,
    ImportResult,
    ProfileParams,
    ProfileResult,
    PruneParams,
    PruneResult,
)

_GIB = 1 << 30

GENERATE = JobKind(
    name="windows.generate",
    summary="Generate windows of data with a known truth, the same bytes whoever makes them.",
    params=GenerateParams,
    result=GenerateResult,
    example={
        "spec": {
            "variables": ["rain", "inflow", "level", "power"],
            "window_size": 200,
            "generator": {
                "base": {
                    "generator": "structural",
                    "lags": 2,
                    "edges": [
                        {"source": "rain", "target": "inflow", "lag": 1, "effect": 0.5},
                        {"source": "inflow", "target": "level", "lag": 2, "effect": 0.4},
                        {"source": "level", "target": "power", "lag": 1, "effect": 0.6, "form": "tanh"},
                    ],
                },
                "layers": [
                    {"generator": "season", "variables": ["rain"], "period": 96, "amplitude": 0.5},
                    {"generator": "missing", "rate": 0.01},
                ],
            },
        },
        "count": 2,
        "seed": 7,
    },
    queue="science",
    limits=Limits(soft_s=600.0, artifact_bytes=_GIB, memory_mib=2048),
    gathering=Gathering(ticks.TOGETHER, ticks.gather),
)
IMPORT = JobKind(
    name="windows.import",
    summary="Read a file's rows into a domain's windows, or report by line and column what is wrong.",
    params=ImportParams,
    result=ImportResult,
    example={"text": "flow,level\n1.5,3\n,3.5\n2.5,4\n", "format": "csv"},
    queue="science",
    limits=Limits(soft_s=1800.0, artifact_bytes=2 * _GIB, memory_mib=2048),
)
EXPORT = JobKind(
    name="windows.export",
    summary="Write a domain's windows as one Arrow, Parquet, CSV or NPY file.",
    params=ExportParams,
    result=ExportResult,
    example={"series": {"names": ["x", "y"], "values": [[0.1, 1], [0.4, None], [0.2, 2]]}, "format": "csv"},
    queue="science",
    limits=Limits(soft_s=1800.0, artifact_bytes=2 * _GIB, memory_mib=2048),
)
PROFILE = JobKind(
    name="windows.profile",
    summary="Tell what windows are like, and how far they have drifted from others.",
    params=ProfileParams,
    result=ProfileResult,
    example={
        "series": {"names": ["x", "y"], "values": [[0.1, 1], [0.4, None], [0.2, 2], [0.9, 1], [0.3, 3], [0.5, 2]]},
        "reference_series": {"names": ["x", "y"], "values": [[0.2, 1], [0.5, 2], [0.1, 2], [0.8, 1], [0.4, 3]]},
    },
    queue="science",
)
PRUNE = JobKind(
    name="windows.prune",
    summary="Forget all but the newest windows of a domain.",
    params=PruneParams,
    result=PruneResult,
    example={"domain": "retail", "keep": 100},
    queue="science",
)
