"""What is wrong with a program, and where."""

from dataclasses import dataclass

from core.workloads.code.frontends.base import Diagnostic, Phase


@dataclass(frozen=True, slots=True)
class At:
    """Where something stands in the source; line 0 for what the compiler has made itself."""

    line: int
    column: int


NOWHERE = At(0, 0)


class Refusal(Exception):
    """The translation cannot go on from here; says why."""

    def __init__(self, phase: Phase, at: At, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.diagnostic = Diagnostic(phase, message, max(at.line, 1), max(at.column, 1), hint=hint)


def wrong(at: At, message: str, hint: str = "") -> Refusal:
    """Make the refusal of something whose meaning is wrong."""
    return Refusal(Phase.SEMANTIC, at, message, hint)


def misread(at: At, message: str, hint: str = "") -> Refusal:
    """Make the refusal of something that cannot be read."""
    return Refusal(Phase.PARSE, at, message, hint)
