"""Diagnostics of the Lisp front end: gathered, several a run, each at a place and with a way out."""

from dataclasses import dataclass, field

from core.workloads.code.frontends.base import Diagnostic, Phase, Severity
from core.workloads.code.frontends.lisp.data import NOWHERE, Datum, Name
from core.workloads.code.ir.instructions import Position

MOST = 20
"""More errors than these are not reported: most of what would follow is a consequence."""


class TooManyErrors(Exception):
    """The front end gives up, having said enough."""


class Unreadable(Exception):
    """What stands here has been reported; nothing can be made of it."""


@dataclass(slots=True)
class Report:
    """Collects diagnostics; of one place only the first is kept."""

    found: list[Diagnostic] = field(default_factory=list)

    def error(
        self, at: Position, message: str, hint: str = "", phase: Phase = Phase.SEMANTIC, end: Position = NOWHERE
    ) -> Unreadable:
        """Report what makes the program unfit to run; raises TooManyErrors after the twentieth."""
        self._add(at, end, message, hint, phase, Severity.ERROR)
        if sum(one.severity is Severity.ERROR for one in self.found) >= MOST:
            raise TooManyErrors
        return Unreadable()

    def wrong(self, datum: Datum, message: str, hint: str = "") -> Unreadable:
        """Report what is wrong with a datum."""
        end = Position(datum.at.line, datum.at.column + len(datum.text)) if isinstance(datum, Name) else datum.end
        return self.error(datum.at, message, hint, end=end)

    def warn(self, at: Position, message: str, hint: str = "") -> None:
        """Report what runs, but hardly as meant."""
        self._add(at, NOWHERE, message, hint, Phase.SEMANTIC, Severity.WARNING)

    @property
    def failed(self) -> bool:
        """Whether there was an error."""
        return any(one.severity is Severity.ERROR for one in self.found)

    def _add(self, at: Position, end: Position, message: str, hint: str, phase: Phase, severity: Severity) -> None:
        line, column = max(at.line, 1), max(at.column, 1)
        if not any((one.line, one.column, one.severity) == (line, column, severity) for one in self.found):
            self.found.append(Diagnostic(phase, message, line, column, end.line, end.column, hint, severity))
