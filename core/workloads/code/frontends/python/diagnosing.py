"""Diagnostics of the Python front end: gathered, several a run, each at a place and with a way out."""

import ast
from dataclasses import dataclass, field

from core.workloads.code.frontends.base import Diagnostic, Phase, Severity

MOST = 20
"""More errors than these are not reported: most of what would follow is a consequence."""


class TooManyErrors(Exception):
    """The front end gives up, having said enough."""


@dataclass(slots=True)
class Report:
    """Collects diagnostics; of one place only the first is kept."""

    source: str
    found: list[Diagnostic] = field(default_factory=list)

    def error(self, node: ast.AST, message: str, hint: str = "", phase: Phase = Phase.SEMANTIC) -> None:
        """Report what makes the program unfit to run; raises TooManyErrors after the twentieth."""
        self._add(node, message, hint, phase, Severity.ERROR)
        if sum(one.severity is Severity.ERROR for one in self.found) >= MOST:
            raise TooManyErrors

    def warn(self, node: ast.AST, message: str, hint: str = "") -> None:
        """Report what runs, but hardly as meant."""
        self._add(node, message, hint, Phase.SEMANTIC, Severity.WARNING)

    @property
    def failed(self) -> bool:
        """Whether there was an error."""
        return any(one.severity is Severity.ERROR for one in self.found)

    def _add(self, node: ast.AST, message: str, hint: str, phase: Phase, severity: Severity) -> None:
        line = getattr(node, "lineno", 1)
        column = self._column(line, getattr(node, "col_offset", 0))
        end_line = getattr(node, "end_lineno", None) or line
        end = self._column(end_line, getattr(node, "end_col_offset", None) or 0)
        if end_line == line and end <= column:
            end = column + 1
        if not any((one.line, one.column, one.severity) == (line, column, severity) for one in self.found):
            self.found.append(Diagnostic(phase, message, line, column, end_line, end, hint, severity))

    def _column(self, line: int, offset: int) -> int:
        """Count characters, where the parser counts bytes."""
        lines = self.source.split("\n")
        text = lines[line - 1] if line <= len(lines) else ""
        return len(text.encode()[:offset].decode("utf-8", "replace")) + 1
