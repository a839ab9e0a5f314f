"""This file is about verdicts: the one word that says how a program fared, of several the gravest."""

from collections.abc import Iterable
from enum import StrEnum

from core.workloads.code.engine.traps import Trap


class Verdict(StrEnum):
    """How a program fared, the gravest first."""

    INTERNAL_ERROR = "internal_error"
    """The platform's fault, never the student's; the only one that trying again may change."""
    SECURITY = "security"
    COMPILE_ERROR = "compile_error"
    OUTPUT_LIMIT = "output_limit"
    MEMORY_LIMIT = "memory_limit"
    TIME_LIMIT = "time_limit"
    RUNTIME_ERROR = "runtime_error"
    WRONG_ANSWER = "wrong_answer"
    ACCEPTED = "accepted"
    OK = "ok"


_ORDER = {verdict: place for place, verdict in enumerate(Verdict)}
_OF_TRAPS = {
    Trap.STEP_LIMIT: (Verdict.TIME_LIMIT, "steps"),
    Trap.TIME_LIMIT: (Verdict.TIME_LIMIT, "wall"),
    Trap.STACK: (Verdict.MEMORY_LIMIT, "memory"),
    Trap.HEAP: (Verdict.MEMORY_LIMIT, "memory"),
    Trap.OUTPUT_LIMIT: (Verdict.OUTPUT_LIMIT, "output"),
}


def gravest(verdicts: Iterable[Verdict]) -> Verdict:
    """Return the verdict that goes before all the others."""
    return min(verdicts, key=_ORDER.__getitem__)


def of_trap(trap: Trap) -> tuple[Verdict, str | None]:
    """Return what a trap means for the verdict, and the limit that was hit."""
    return _OF_TRAPS.get(trap, (Verdict.RUNTIME_ERROR, None))
