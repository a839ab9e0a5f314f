"""This file is about checking a program without running it."""

from typing import Any

from core.jobs.context import JobContext
from core.workloads.code.documents import diagnostic_documents, scrub
from core.workloads.code.frontends import languages, translation
from core.workloads.code.targets.base import TargetUnavailable
from core.workloads.code.verdicts import Verdict


def compute(params: dict[str, Any], _context: JobContext) -> dict[str, Any]:
    """Find errors, types and symbols."""
    try:
        front_end = languages.find(params["language"])
    except languages.LanguageAbsent as absent:
        raise TargetUnavailable(str(absent)) from absent
    checked = translation.check(front_end, params["source"])
    return {
        "verdict": (Verdict.COMPILE_ERROR if checked.failed else Verdict.OK).value,
        "diagnostics": diagnostic_documents(checked.diagnostics),
        "symbols": scrub([dict(one) for one in checked.symbols]),
    }
