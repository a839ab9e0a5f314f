"""Diagnostics of the C front end: gathered, several a run, each at a place and with a way out."""

from dataclasses import dataclass, field

from core.workloads.code.ir.instructions import Position

MOST = 20
"""More errors than these are not reported: most of what would follow is a consequence."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One diagnostic: `end_column` is the column after the last character meant."""

    phase: str
    severity: str
    at: Position
    end_column: int
    message: str
    hint: str


class TooManyErrors(Exception):
    """The front end gives up, having said enough."""


@dataclass(slots=True)
class Reporter:
    """Collects findings; the same place is not reported twice by one phase."""

    findings: list[Finding] = field(default_factory=list)

    def error(self, phase: str, at: Position, message: str, hint: str = "", width: int = 1) -> None:
        """Report what makes the program unfit to run; raises TooManyErrors after the twentieth."""
        self._add(phase, "error", at, message, hint, width)
        if sum(one.severity == "error" for one in self.findings) >= MOST:
            raise TooManyErrors

    def warn(self, phase: str, at: Position, message: str, hint: str = "", width: int = 1) -> None:
        """Report what runs, but hardly as meant."""
        self._add(phase, "warning", at, message, hint, width)

    @property
    def failed(self) -> bool:
        """Whether there was an error."""
        return any(one.severity == "error" for one in self.findings)

    def _add(self, phase: str, severity: str, at: Position, message: str, hint: str, width: int) -> None:
        if not any(one.at == at and one.phase == phase and one.severity == severity for one in self.findings):
            self.findings.append(Finding(phase, severity, at, at.column + width, message, hint))
