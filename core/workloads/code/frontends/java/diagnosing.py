"""Diagnostics of the Java front end: gathered, several a run, each at a place and with a way out."""

from dataclasses import dataclass, field

from core.workloads.code.frontends.base import Diagnostic, Phase, Severity
from core.workloads.code.ir.instructions import Position

MOST = 20
"""More errors than these are not reported: most of what would follow is a consequence."""
NOWHERE = Position(0, 0)


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
        line, column = max(at.line, 1), max(at.column, 1)
        if not any((one.line, one.column) == (line, column) for one in self.found):
            severity = Severity.ERROR
            self.found.append(Diagnostic(phase, message, line, column, end.line, end.column, hint, severity))
        if len(self.found) >= MOST:
            raise TooManyErrors
        return Unreadable()

    @property
    def failed(self) -> bool:
        """Whether there was an error."""
        return bool(self.found)
