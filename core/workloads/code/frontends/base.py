"""This file is about what every front end promises: diagnostics a teacher would write, or a program for the Engine."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol

from core.workloads.code.engine.cards import Program

MOST_DIAGNOSTICS = 50
"""Further ones say nothing new."""


class Phase(StrEnum):
    """Where in the translation something was noticed."""

    LEX = "lex"
    PARSE = "parse"
    SEMANTIC = "semantic"
    IR = "ir"
    CODEGEN = "codegen"
    RUN = "run"


class Severity(StrEnum):
    """Whether a program can run in spite of it."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """What is wrong, where (lines and columns from 1, the end exclusive), and how to mend it."""

    phase: Phase
    message: str
    line: int
    column: int
    end_line: int = 0
    """0: the same line."""
    end_column: int = 0
    """0: one character."""
    hint: str = ""
    severity: Severity = Severity.ERROR

    def document(self) -> dict[str, Any]:
        """Return it as the results of jobs have it."""
        return {
            "phase": self.phase.value,
            "severity": self.severity.value,
            "line": self.line,
            "column": self.column,
            "end_line": self.end_line or self.line,
            "end_column": self.end_column or self.column + 1,
            "message": self.message,
            "hint": self.hint,
        }


@dataclass(frozen=True, slots=True)
class Translation:
    """What became of a source text; everything in it is the same from run to run."""

    program: Program | None = None
    """None where an error was found, or where only a check was asked for."""
    diagnostics: Sequence[Diagnostic] = ()
    shown: Mapping[str, Any] = field(default_factory=dict)
    """Of `tokens`, `ast` and `ir` what was asked for, as JSON can say it, as far as the translation came."""
    symbols: Sequence[Mapping[str, Any]] = ()
    """Names that the source defines: `{name, kind, type, line, column}`."""

    @property
    def failed(self) -> bool:
        """Whether an error was found."""
        return any(one.severity is Severity.ERROR for one in self.diagnostics)


class FrontEnd(Protocol):
    """Translates one language. Its module `front_end.py` holds it as `FRONT_END`.

    The source is text of at most 64 KiB with line feeds as line ends, without NUL and byte order mark (`sources.py`).
    Nothing it holds makes a front end raise, but for RecursionError and MemoryError, which the caller tells of.
    """

    @property
    def name(self) -> str:
        """What `language` says."""

    @property
    def title(self) -> str:
        """What the language is called, and which part of it is spoken."""

    @property
    def uncaught(self) -> int | None:
        """The exit code of a program that an error ended which nothing caught; None where it has none, as in C."""

    def check(self, source: str) -> Translation:
        """Find errors, types and symbols; make no program."""

    def translate(self, source: str, show: Collection[str] = ()) -> Translation:
        """Make a program, and show the phases asked for (`tokens`, `ast`, `ir`)."""
