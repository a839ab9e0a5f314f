"""This file is about grading a program: each test case is run, passing gives points, hidden cases stay hidden."""

from dataclasses import replace
from typing import Any

from core.errors import Invalid
from core.jobs.context import JobContext
from core.workloads.code import outputs, verdicts
from core.workloads.code.curriculum.notes import notes
from core.workloads.code.curriculum.reading import curriculum
from core.workloads.code.curriculum.references import reference_cards
from core.workloads.code.documents import diagnostic_documents, scrub
from core.workloads.code.envelopes import enclose
from core.workloads.code.running import run_quietly
from core.workloads.code.targets.base import RunLimits, RunOutcome, RunRequest
from core.workloads.code.verdicts import Verdict


class ReferenceFailed(Invalid):
    """The reference solution does not run without an error."""

    code = "reference_failed"


def compute(params: dict[str, Any], context: JobContext) -> dict[str, Any]:
    """Grade the program."""
    asked = _complete(params)
    graded: list[dict[str, Any]] = []
    outcomes: list[RunOutcome] = []
    for done, case in enumerate(asked["cases"]):
        context.progress(done / len(asked["cases"]), "grading", f"case {done + 1} of {len(asked['cases'])}")
        expected = case["expected"]
        if expected is None:
            expected = _reference_output(asked, case, done, context)
        outcome = run_quietly(asked["target"], _request(asked, asked, case["stdin"]), context)
        outcomes.append(outcome)
        graded.append(_graded(case, done, outcome, expected, asked["comparison"]))
        if outcome.verdict is Verdict.COMPILE_ERROR:
            break
    told = {**_summed(asked, graded, outcomes), "notes": _notes(asked, outcomes), "sealed": None}
    return enclose(told, asked["answer_key"]) if "answer_key" in asked else told


def _complete(params: dict[str, Any]) -> dict[str, Any]:
    """Return the params with the source wherever it stood, and an exercise's cases."""
    asked = {**params, "source": params.get("sealed_source") or params.get("source")}
    if params["exercise"] is not None:
        exercise = curriculum().exercises[params["exercise"]]
        asked.update(cases=exercise.grading(), comparison=exercise.comparison)
    return asked


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


def _notes(params: dict[str, Any], outcomes: list[RunOutcome]) -> dict[str, Any] | None:
    """Return what is noticed in a program that translates; its cards are compared where all cases ran on the Engine."""
    if any(one.verdict is Verdict.COMPILE_ERROR for one in outcomes):
        return None
    ended = params["target"] == "engine" and all(one.verdict is Verdict.OK for one in outcomes)
    cards = sum(one.cards_executed for one in outcomes) if ended else None
    comparable = ended and params["exercise"] is not None
    reference = reference_cards(params["exercise"], params["language"]) if comparable else None
    return notes(params["language"], params["source"], cards, reference)
