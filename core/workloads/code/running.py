"""This file is about running one program as a job."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from core.errors import Transient
from core.jobs.context import JobContext
from core.workloads.code.documents import outcome_document
from core.workloads.code.frontends.base import Diagnostic
from core.workloads.code.targets.base import RunLimits, RunOutcome, RunRequest, find
from core.workloads.code.verdicts import Verdict


class RunFailed(Transient):
    """The platform could not run the program, which is not the program's fault."""

    code = "run_failed"


def compute(params: dict[str, Any], context: JobContext) -> dict[str, Any]:
    """Run the program and tell all about it."""
    request = RunRequest(
        params["language"],
        params["source"],
        params["stdin"],
        RunLimits(**params["limits"]),
        frozenset(params["emit"]),
        params["trace"],
    )
    return outcome_document(find(params["target"]).run(request, context))


def run_quietly(target: str, request: RunRequest, context: JobContext) -> RunOutcome:
    """Run a program whose outcome is only looked at; raises `RunFailed` where the platform failed it."""
    outcome = find(target).run(request, context)
    if outcome.verdict is Verdict.INTERNAL_ERROR:
        raise RunFailed(_first(outcome.diagnostics))
    return replace(outcome, diagnostics=tuple(outcome.diagnostics))


def _first(diagnostics: Iterable[Diagnostic]) -> str:
    return next((f"{one.message}; {one.hint}" if one.hint else one.message for one in diagnostics), "")
