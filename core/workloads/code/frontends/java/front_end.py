"""Java as one of the languages spoken here."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from core.workloads.code.frontends.base import Diagnostic, FrontEnd, Translation
from core.workloads.code.frontends.finishing import finish
from core.workloads.code.frontends.java.library import LIBRARY
from core.workloads.code.frontends.java.showing import show_symbols, show_tokens, show_tree
from core.workloads.code.frontends.java.unit import Phases, translate
from core.workloads.code.frontends.words.frames import PREFIX

_TOO_LARGE = "the Engine's store has 2,000 words: use fewer long texts and variables"


@dataclass(frozen=True, slots=True)
class JavaFrontEnd:
    """Translates the part of Java that `docs/code.md` describes."""

    name: str = "java"
    title: str = "Java: classes, interfaces, generics, exceptions, lambdas, records, and the collections"
    uncaught: int | None = 1

    def check(self, source: str) -> Translation:
        """Find errors, types and symbols; make no program."""
        phases = translate(source, lowered=False)
        return Translation(None, _diagnostics(phases), symbols=_symbols(phases))

    def translate(self, source: str, show: Collection[str] = ()) -> Translation:
        """Make a program, and show the phases asked for."""
        phases = translate(source)
        shown: dict[str, Any] = {}
        if "tokens" in show:
            shown["tokens"] = show_tokens(phases.tokens)
        if "ast" in show and phases.tree is not None:
            shown["ast"] = show_tree(phases.tree)
        diagnostics = _diagnostics(phases)
        if phases.module is None:
            return Translation(None, diagnostics, shown)
        program, refusal = finish(phases.module, LIBRARY.link, PREFIX, shown if "ir" in show else {}, _TOO_LARGE)
        return Translation(program, [*diagnostics, *([refusal] if refusal else [])], shown, _symbols(phases))


def _symbols(phases: Phases) -> list[dict[str, Any]]:
    return show_symbols(phases.world) if phases.world is not None else []


def _diagnostics(phases: Phases) -> list[Diagnostic]:
    return sorted(phases.report.found, key=lambda one: (one.line, one.column))


FRONT_END: FrontEnd = JavaFrontEnd()
