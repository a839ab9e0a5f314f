"""This file is about comparing two programs, or one on both targets, run by run."""

from typing import Any

from core.jobs.context import JobContext
from core.workloads.code import outputs
from core.workloads.code.documents import diagnostic_documents, scrub
from core.workloads.code.running import run_quietly
from core.workloads.code.targets.base import NAMES, RunLimits, RunOutcome, RunRequest


def compute(params: dict[str, Any], context: JobContext) -> dict[str, Any]:
    """Run both on every input."""
    first = params["first"]
    other = next(name for name in NAMES if name != first["target"])
    second = params["second"] or {**first, "target": other}
    runs, cpu_ms = [], 0.0
    for done, stdin in enumerate(params["inputs"]):
        context.progress(done / len(params["inputs"]), "comparing", f"input {done + 1} of {len(params['inputs'])}")
        one, two = (_run(side, stdin, params, context) for side in (first, second))
        cpu_ms += one.cpu_ms + two.cpu_ms
        difference = outputs.difference(one.stdout, two.stdout, "exact")
        runs.append(
            {
                "same": difference is None and (one.verdict, one.exit_code) == (two.verdict, two.exit_code),
                "first": _side(one),
                "second": _side(two),
                "difference": scrub(difference),
            }
        )
    return {"same": all(run["same"] for run in runs), "runs": runs, "cpu_ms": round(cpu_ms, 2)}


def _run(side: dict[str, Any], stdin: str, params: dict[str, Any], context: JobContext) -> RunOutcome:
    request = RunRequest(side["language"], side["source"], stdin, RunLimits(**params["limits"]))
    return run_quietly(side["target"], request, context)


def _side(outcome: RunOutcome) -> dict[str, Any]:
    return {
        "verdict": outcome.verdict.value,
        "exit_code": outcome.exit_code,
        "stdout": scrub(outcome.stdout[: 1 << 12]),
        "diagnostics": diagnostic_documents(outcome.diagnostics),
    }
