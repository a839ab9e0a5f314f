"""This file is about grading a program: each test case is run, passing gives points, hidden cases stay hidden."""

from dataclasses import replace
from typing import Any

from core.errors import Invalid
from core.jobs.context import JobContext
from core.workloads.code import outputs, verdicts
from core.workloads.code.documents import diagnostic_documents, scrub
from core.workloads.code.running import run_quietly
from core.workloads.code.targets.base import RunLimits, RunOutcome, RunRequest
from core.workloads.code.verdicts import Verdict


class ReferenceFailed(Invalid):
    """The reference solution does not run without an error."""

    code = "reference_failed"


def compute(params: dict[str, Any], context: JobContext) -> dict[str, Any]:
    """Grade the program."""
    graded: list[dict[str, Any]] = []
    outcomes: list[RunOutcome] = []
    for done, case in enumerate(params["cases"]):
        context.progress(done / len(params["cases"]), "grading", f"case {done + 1} of {len(params['cases'])}")
        expected = case["expected"]
        if expected is None:
            expected = _reference_output(params, case, done, context)
        outcome = run_quietly(params["target"], _request(params, params, case["stdin"]), context)
        outcomes.append(outcome)
        graded.append(_graded(case, done, outcome, expected, params["comparison"]))
        if outcome.verdict is Verdict.COMPILE_ERROR:
            break
    return _summed(params, graded, outcomes)


def _request(params: dict[str, Any], program: dict[str, Any], stdin: str) -> RunRequest:
    return RunRequest(program["language"], program["source"], stdin, RunLimits(**params["limits"]))


def _reference_output(params: dict[str, Any], case: dict[str, Any], place: int, context: JobContext) -> str:
    outcome = run_quietly(params["target"], _request(params, params["reference"], case["stdin"]), context)
    if outcome.verdict is not Verdict.OK:
        told = outcome.diagnostics[0].message if outcome.diagnostics else outcome.stderr[:200]
        raise ReferenceFailed(f"on case {place + 1} the reference solution ends with {outcome.verdict.value}: {told}")
    return outcome.stdout


def _graded(case: dict[str, Any], place: int, outcome: RunOutcome, expected: str, comparison: str) -> dict[str, Any]:
    difference = outputs.difference(expected, outcome.stdout, comparison)
    verdict = outcome.verdict
    if verdict is Verdict.OK:
        verdict = Verdict.ACCEPTED if difference is None else Verdict.WRONG_ANSWER
    hidden = case["hidden"]
    shown = replace(outcome, stderr="", trap=None) if hidden else outcome
    return {
        "name": case["name"] or f"case {place + 1}",
        "hidden": hidden,
        "verdict": verdict.value,
        "points": case["points"] if verdict is Verdict.ACCEPTED else 0.0,
        "points_possible": case["points"],
        "limit_hit": outcome.limit_hit,
        "difference": scrub(difference) if verdict is Verdict.WRONG_ANSWER and not hidden else None,
        "stderr": None if hidden else scrub(shown.stderr),
        "trap": scrub(shown.trap),
        "cards_executed": outcome.cards_executed,
        "engine_seconds": outcome.engine_seconds,
    }


def _summed(params: dict[str, Any], graded: list[dict[str, Any]], outcomes: list[RunOutcome]) -> dict[str, Any]:
    return {
        "verdict": verdicts.gravest(Verdict(one["verdict"]) for one in graded).value,
        "points": sum(one["points"] for one in graded),
        "points_possible": sum(case["points"] for case in params["cases"]),
        "passed": sum(one["verdict"] == Verdict.ACCEPTED for one in graded),
        "cases": graded,
        "diagnostics": diagnostic_documents(outcomes[-1].diagnostics),
        "cpu_ms": round(sum(one.cpu_ms for one in outcomes), 2),
    }
