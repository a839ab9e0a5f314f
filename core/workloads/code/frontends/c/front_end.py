"""C as one of the languages spoken here."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from core.workloads.code.frontends.base import Diagnostic, FrontEnd, Phase, Severity, Translation
from core.workloads.code.frontends.c.diagnosing import Finding
from core.workloads.code.frontends.c.linking import LIBRARY_PREFIX, link
from core.workloads.code.frontends.c.showing import show_symbols, show_tokens, show_tree
from core.workloads.code.frontends.c.unit import Phases, translate
from core.workloads.code.frontends.finishing import finish

_TOO_LARGE = "the Engine's store has 2,000 words of eight bytes: make arrays smaller"
_PHASES = {"lex": Phase.LEX, "preprocess": Phase.LEX, "parse": Phase.PARSE, "semantic": Phase.SEMANTIC}


@dataclass(frozen=True, slots=True)
class CFrontEnd:
    """Translates the subset of C11 that `docs/code.md` describes."""

    name: str = "c"
    title: str = "C11: all but files, float, bit-fields and variable-length arrays"
    uncaught: int | None = None

    def check(self, source: str) -> Translation:
        """Find errors, types and symbols; make no program."""
        phases = translate(source)
        symbols = show_symbols(phases.analyzed) if phases.analyzed is not None else ()
        return Translation(None, _diagnostics(phases), symbols=symbols)

    def translate(self, source: str, show: Collection[str] = ()) -> Translation:
        """Make a program, and show the phases asked for."""
        phases = translate(source)
        shown: dict[str, Any] = {}
        if "tokens" in show:
            shown["tokens"] = show_tokens(phases.tokens)
        if "ast" in show and phases.unit is not None:
            shown["ast"] = show_tree(phases.unit)
        diagnostics = _diagnostics(phases)
        if phases.module is None:
            return Translation(None, diagnostics, shown)
        program, refusal = finish(phases.module, link, LIBRARY_PREFIX, shown if "ir" in show else {}, _TOO_LARGE)
        symbols = show_symbols(phases.analyzed) if phases.analyzed is not None else ()
        return Translation(program, [*diagnostics, *([refusal] if refusal else [])], shown, symbols)


def _diagnostics(phases: Phases) -> list[Diagnostic]:
    ordered = sorted(phases.report.findings, key=lambda one: (one.at.line, one.at.column))
    return [_diagnostic(one) for one in ordered]


def _diagnostic(one: Finding) -> Diagnostic:
    return Diagnostic(
        _PHASES[one.phase],
        one.message,
        one.at.line,
        one.at.column,
        one.at.line,
        one.end_column,
        one.hint,
        Severity(one.severity),
    )


FRONT_END: FrontEnd = CFrontEnd()
