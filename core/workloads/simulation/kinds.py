"""Which simulation jobs there are."""

from core.jobs.kind import JobKind, Limits
from core.workloads.simulation.calibration_params import CalibrateParams
from core.workloads.simulation.params import RunParams
from core.workloads.simulation.results import CalibrateResult, CompareResult, RunResult
from core.workloads.simulation.scenarios import CompareParams

_LIMITS = Limits(soft_s=1800.0, memory_mib=2048, result_bytes=8 << 20)

RUN = JobKind(
    name="simulation.run",
    summary="Run a model, a causal graph's dynamics or agents as an ensemble: bands, frames, events.",
    params=RunParams,
    result=RunResult,
    example={
        "model": "sir",
        "parameters": {"contacts": {"distribution": "normal", "mean": 0.3, "sd": 0.03}},
        "policies": [
            {
                "name": "distance",
                "parameter": "contacts",
                "value": "0.6 * contacts",
                "when": "infected > 0.05 * population",
            }
        ],
        "members": 200,
        "seed": 7,
    },
    queue="science",
    limits=_LIMITS,
)

COMPARE = JobKind(
    name="simulation.compare",
    summary="Run scenarios beside a baseline on the same draws, and tell how much each changes.",
    params=CompareParams,
    result=CompareResult,
    example={
        "base": {"model": "reservoir", "members": 100, "seed": 7, "outputs": ["stored", "supply", "spill"]},
        "scenarios": [
            {"name": "higher dam", "changes": {"parameters": {"capacity": 360}}},
            {
                "name": "saving",
                "changes": {
                    "policies": [
                        {
                            "name": "save",
                            "parameter": "demand",
                            "value": "0.85 * demand",
                            "when": "stored < 0.75 * capacity",
                        }
                    ]
                },
            },
        ],
    },
    queue="science",
    limits=_LIMITS,
)

CALIBRATE = JobKind(
    name="simulation.calibrate",
    summary="Find the parameters with which a model comes nearest to what was measured, with their errors.",
    params=CalibrateParams,
    result=CalibrateResult,
    example={
        "model": "logistic",
        "measured": {
            "times": [0, 5, 10, 15, 20, 25, 30, 35, 40, 50],
            "values": {"population": [10.4, 26.5, 68.1, 163, 349, 611, 800, 905, 956, 991]},
        },
        "sought": {"rate": {"low": 0.05, "high": 0.5}, "capacity": {"low": 500, "high": 2000}},
        "seed": 7,
    },
    queue="science",
    limits=_LIMITS,
)
