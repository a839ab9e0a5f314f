"""Idris as one of the languages spoken here."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from core.workloads.code.frontends.base import FrontEnd, Translation
from core.workloads.code.frontends.finishing import finish
from core.workloads.code.frontends.functional.linking import link
from core.workloads.code.frontends.idris.showing import show_program, show_symbols
from core.workloads.code.frontends.idris.unit import analyze, translate
from core.workloads.code.frontends.words.frames import PREFIX

_TOO_LARGE = "the Engine's store has 2,000 words: use fewer values at the top of the program"


@dataclass(frozen=True, slots=True)
class IdrisFrontEnd:
    """Translates the subset of Idris 2 that `docs/code.md` describes."""

    name: str = "idris"
    title: str = (
        "Idris 2: dependent types, proofs and totality; all but Double, linear arguments and modules of one's own"
    )
    uncaught: int | None = 1

    def check(self, source: str) -> Translation:
        """Find errors, types, holes and symbols; make no program."""
        phases = analyze(source)
        return Translation(None, phases.diagnostics, symbols=show_symbols(phases))

    def translate(self, source: str, show: Collection[str] = ()) -> Translation:
        """Make a program, and show the phases asked for."""
        phases = translate(source)
        shown: dict[str, Any] = {}
        if "tokens" in show:
            shown["tokens"] = [
                {"kind": one.kind, "text": one.text, "line": one.at.line, "column": one.at.column}
                for one in phases.tokens
            ]
        if "ast" in show and phases.program is not None:
            shown["ast"] = show_program(phases)
        if phases.module is None:
            return Translation(None, phases.diagnostics, shown)
        program, refusal = finish(phases.module, link, PREFIX, shown if "ir" in show else {}, _TOO_LARGE)
        return Translation(program, [*phases.diagnostics, *([refusal] if refusal else [])], shown, show_symbols(phases))


FRONT_END: FrontEnd = IdrisFrontEnd()
