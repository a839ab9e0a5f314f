"""This file is about outcomes as results have them, in JSON that can be kept."""

import re
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from core.workloads.code.frontends.base import Diagnostic
from core.workloads.code.targets.base import RunOutcome

_UNKEPT = re.compile("[\x00\ud800-\udfff]")
_REPLACEMENT = "\N{REPLACEMENT CHARACTER}"


def outcome_document(outcome: RunOutcome) -> dict[str, Any]:
    """Write an outcome as the result of `code.run`."""
    document = asdict(outcome)
    document["verdict"] = outcome.verdict.value
    document["diagnostics"] = diagnostic_documents(outcome.diagnostics)
    document["sandbox"] = {"layers": list(document.pop("layers"))}
    document["bell"] = document.pop("rung")
    document["punched"] = list(outcome.punched)
    kept: dict[str, Any] = scrub(document)
    return kept


def diagnostic_documents(diagnostics: Iterable[Diagnostic]) -> list[dict[str, Any]]:
    """Write diagnostics."""
    return [scrub(one.document()) for one in diagnostics]


def scrub(value: Any) -> Any:
    """Replace what no database keeps, NUL and lone surrogates, in every text of a document."""
    if isinstance(value, str):
        return _UNKEPT.sub(_REPLACEMENT, value)
    if isinstance(value, dict):
        return {name: scrub(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [scrub(one) for one in value]
    return value
